from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.catalogue import events_for, hooked
from notices.models import MailWhen
from notices.queries.inbox import Setting


class ReadForm(forms.Form):
    """One copy, or everything up to the newest that was shown."""

    copy = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)
    up_to = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if not told.get("copy") and not told.get("up_to"):
            raise forms.ValidationError(_("Say which notice is read."), code="required")
        return told


class ChoicesForm(forms.Form):
    """For each event of a role: in the portal or not, and which mail."""

    saved = forms.BooleanField(widget=forms.HiddenInput, initial=True)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._codes = {event.code: event for event in events_for(role)}
        for code, event in self._codes.items():
            self.fields[f"portal-{code}"] = forms.BooleanField(
                required=False, disabled=event.is_mandatory, initial=True
            )
            self.fields[f"mail-{code}"] = forms.ChoiceField(choices=MailWhen.choices)

    def shown(self, setting: Setting) -> Setting:
        """A setting as it was sent, so that what is right in a wrong form is not lost."""
        code, known = setting.event.code, dict(MailWhen.choices)
        mail = str(self.data.get(f"mail-{code}", ""))
        return replace(
            setting,
            in_portal=setting.event.is_mandatory or f"portal-{code}" in self.data,
            mail=mail if mail in known else setting.mail,
        )

    @property
    def choices(self) -> dict[str, tuple[bool, str]]:
        """By event."""
        told = self.cleaned_data
        return {
            code: (event.is_mandatory or told[f"portal-{code}"], told[f"mail-{code}"])
            for code, event in self._codes.items()
        }


class EndpointForm(forms.Form):
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
        help_text=_("https, reachable from the internet."),
    )
    description = forms.CharField(
        label=_("What for"), max_length=100, required=False, widget=forms.TextInput
    )
    events = forms.MultipleChoiceField(
        label=_("Events"), widget=forms.CheckboxSelectMultiple, choices=()
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["events"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(event.code, event.label) for event in hooked(role)]


class ReplayForm(forms.Form):
    """Since when what failed is sent again."""

    since = forms.DateField(label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}))
