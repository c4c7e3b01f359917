"""The form of permits: a row for each product and each number that customs may want of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customs.queries.permits import Permit


class PermitsForm(forms.Form):
    """A field ``number_PRODUCT_SIGN`` for each permit, in order. By the id of its
    product: another row of the tariff between opening and sending moves no number."""

    def __init__(
        self, *args: Any, permits: Sequence[Permit], names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._asked = {
            f"number_{one.product.pk}_{one.sign}": (one.product.sku, one.sign) for one in permits
        }
        for name, one in zip(self._asked, permits, strict=True):
            field = forms.CharField(
                label=f"{one.product.name} · {one.sign} {names.get(one.sign, '')}".rstrip(),
                max_length=32,
                required=False,
                initial=one.number,
                help_text=_("The tariff asks for it.")
                if one.is_demanded
                else _("Where there is one; a lower rate of duty by agreement takes it."),
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
            # It may be told later, but is not optional: without it nothing is declared.
            field.is_wanted = one.is_demanded  # type: ignore[attr-defined]
            self.fields[name] = field

    @property
    def numbers(self) -> dict[tuple[str, str], str]:
        """By SKU and sign, of those that were sent: a permit that the tariff asks for only since
        the page was opened stays as it is."""
        return {
            asked: self.cleaned_data[name]
            for name, asked in self._asked.items()
            if name in self.data
        }
