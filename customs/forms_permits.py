"""The form of permits: a row for each product and each number that customs may want of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.queries.permits import Permit


class PermitsForm(forms.Form):
    """A field ``number_1`` … for each permit, in the order of ``permits``."""

    def __init__(
        self, *args: Any, permits: Sequence[Permit], names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = [(one.product.sku, one.sign) for one in permits]
        for place, one in enumerate(permits, 1):
            self.fields[f"number_{place}"] = forms.CharField(
                label=f"{one.product.name} · {one.sign} {names.get(one.sign, '')}".rstrip(),
                max_length=32,
                required=False,
                initial=one.number,
                help_text=_("The tariff asks for it.")
                if one.is_demanded
                else _("Where there is one; a lower rate of duty by agreement takes it."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )

    @property
    def numbers(self) -> dict[tuple[str, str], str]:
        """By SKU and sign."""
        return {
            asked: self.cleaned_data[f"number_{place}"]
            for place, asked in enumerate(self._asked, 1)
        }
