"""The forms with which reference data is proposed and decided."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.days import DayField
from customs.models.kinds_named import KIND_CHOICES
from web.forms import PlainSelect


def _day(**more: Any) -> DayField:
    return DayField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **more,
    )


class ProposeForm(forms.Form):
    """A file, and what stands for rows that leave it out."""

    kind = forms.ChoiceField(label=_("Reference data"), choices=KIND_CHOICES, widget=PlainSelect)
    file = forms.FileField(
        label=_("File (CSV or XLSX)"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("Of rows that name none: the announcement and where it stands."),
    )
    valid_from = _day(label=_("Valid from"), help_text=_("Of rows that name no first day."))
    complete_from = _day(
        label=_("Complete from"),
        help_text=_("The file is all that holds from this day on: what it leaves out ends before."),
    )
    takes_first = forms.BooleanField(
        label=_("Of rows that repeat a code and a day the first one counts"),
        required=False,
        help_text=_("The others are named among the differences. Without it they are refused."),
    )


class RefuseForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
