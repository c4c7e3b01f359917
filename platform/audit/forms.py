from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from audit import queries, wording
from core.days import can_be_meant
from core.history import EVENTS

#: Words and addresses are looked for in so many days, unless a day is named to begin with.
WORDS_REACH = 31


class SearchForm(forms.Form):
    """What an operator looks for in the history."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    number = forms.CharField(label=_("Number"), max_length=100, required=False)
    person = forms.CharField(label=_("Person (e-mail)"), max_length=254, required=False)
    company = forms.CharField(label=_("Acted for (code)"), max_length=32, required=False)
    owner = forms.CharField(label=_("Whose row (company code)"), max_length=32, required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput({"type": "date"}))
    request = forms.UUIDField(label=_("Request number"), required=False)
    address = forms.CharField(
        label=_("Client's network address begins with"), max_length=64, required=False
    )
    words = forms.CharField(
        label=_("Reason, web address or e-mail contains"), max_length=100, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(
            (wording.kind_name(t.pgh_tracked_model), label) for label, t in EVENTS.items()
        )
        self.fields["kind"].choices = [("", _("All")), *((label, name) for name, label in kinds)]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", _("All")), *wording.ACTIONS.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for name in ("since", "until"):
            if told.get(name) and not can_be_meant(told[name]):
                self.add_error(name, _("Give a day of this century."))
        return told

    def wanted(self, now: datetime) -> queries.Wanted:
        told = self.cleaned_data
        zone = get_default_timezone()
        since = told["since"] and datetime.combine(told["since"], time(), zone)
        until = told["until"] and datetime.combine(told["until"] + timedelta(days=1), time(), zone)
        if (told["words"] or told["address"]) and not since:
            since = (until or now) - timedelta(days=WORDS_REACH)
        return queries.Wanted(
            kind=told["kind"],
            number=told["number"],
            person=told["person"],
            company=told["company"],
            owner=told["owner"],
            address=told["address"],
            action=told["action"],
            since=since or None,
            until=until or None,
            request_id=told["request"],
            words=told["words"],
        )
