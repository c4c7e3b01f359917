"""Forms of receipts: files brought by hand, and what a person says of one that fits nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.lines import LineField
from customs.rules.ceb.parsing import LARGEST_FILE
from customs.rules.receipts.parking import TooManyReceiptFiles
from customs.services.matching import LONGEST_REASON

MOST_FILES = 20


class _FilesInput(forms.FileInput):
    allow_multiple_selected = True


class _FilesField(forms.FileField):
    """Several files, as name and bytes; what is in them nobody judges here."""

    widget = _FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not files:
            super().clean(None, initial)
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files together.") % {"most": MOST_FILES}
            )
        kept = [super(_FilesField, self).clean(one, initial) for one in files]
        return [(file.name or "", file.read(LARGEST_FILE + 1)) for file in kept]


def check_count(files: int) -> None:
    """Raises TooManyReceiptFiles."""
    if files > MOST_FILES:
        raise TooManyReceiptFiles(files=files, most=MOST_FILES)


class ReceiptFilesForm(forms.Form):
    receipts = _FilesField(
        label=_("Files of customs"),
        allow_empty_file=True,
        help_text=_("XML as customs wrote it, up to 20 together. What was taken before is known."),
        widget=_FilesInput(attrs={"accept": ".xml,.zip,text/xml,application/xml,application/zip"}),
    )


class AssignForm(forms.Form):
    document = LineField(
        label=_("Number of our document"),
        max_length=64,
        help_text=_("As it was sent: the order, the waybill, the list, the bonded list or pass."),
    )
    reason = LineField(label=_("Reason"), max_length=LONGEST_REASON)


class AsideForm(forms.Form):
    reason = LineField(label=_("Reason"), max_length=LONGEST_REASON)
