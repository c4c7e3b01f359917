"""Forms of the pictures that are taken at the gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.lines import LineField
from procurement.models import ShipmentLine
from warehouse.rules import pictures as rules
from warehouse.services import Sent


class _PicturesInput(forms.FileInput):
    allow_multiple_selected = True


class _PicturesField(forms.FileField):
    """Several files; the service judges them by their content, in words that name the file."""

    widget = _PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[Sent]:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        kept = [super(_PicturesField, self).clean(one, initial) for one in files]
        return [Sent(file.name or "", file.read(rules.MAX_BYTES + 1)) for file in kept]


class PicturesForm(forms.Form):
    """Pictures of the shipment as a whole or of one of its lines, and what they show."""

    # On a telephone the button opens its camera.
    pictures = _PicturesField(
        label=_("Pictures"),
        allow_empty_file=True,
        help_text=_("JPEG, PNG or WebP, up to 6 together and 20 MB in all."),
        widget=_PicturesInput(attrs={"accept": "image/*", "capture": "environment"}),
    )
    caption = LineField(
        label=_("What they show"),
        max_length=rules.LONGEST_CAPTION,
        required=False,
        help_text=_("The importer reads it on its claim, the supplier in the letter."),
    )

    def __init__(self, *args: Any, lines: Sequence[ShipmentLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lines = {line.pk: line for line in lines}
        self.fields["of"] = forms.TypedChoiceField(
            label=_("Of which goods"),
            required=False,
            coerce=int,
            empty_value=None,
            choices=[
                ("", _("The shipment as a whole")),
                *((line.pk, _named(line)) for line in lines),
            ],
        )
        self.order_fields(["of", "pictures", "caption"])

    @property
    def line(self) -> ShipmentLine | None:
        return self._lines.get(self.cleaned_data["of"])


def _named(line: ShipmentLine) -> str:
    product = line.order_line.product
    return f"{product.name} · {product.sku}" + (f" · {line.batch}" if line.batch else "")


class WithdrawForm(forms.Form):
    reason = LineField(label=_("Why it is withdrawn"), max_length=rules.LONGEST_REASON)
