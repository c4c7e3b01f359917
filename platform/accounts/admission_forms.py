"""Forms of admissions and companies: the shape of what is sent; the rules are asked by services."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.lines import LineField, NameField
from accounts.models import Company, CompanyKind, DocumentKind
from accounts.rules import documents, identity
from accounts.rules.admitting import LONGEST_REASON
from accounts.services.admitting import Paper
from core.errors import InputError

_ACCEPTED = ".pdf,.png,.jpg,.jpeg"


class PapersInput(forms.FileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files; each is judged by its size before it is read, then by its content."""

    widget = PapersInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        sent: Sequence[Any] = data if isinstance(data, list | tuple) else [data] if data else []
        if not sent:
            super().clean(None, initial)
        papers = []
        for one in sent:
            file = super().clean(one, initial)
            name = file.name or ""
            try:
                documents.check_size(name, file.size or 0)
                content = file.read(documents.MAX_BYTES + 1)
                documents.media_type(name, content)
            except InputError as error:
                told = f"{documents.tidy_name(name)}: {gettext(error.rule())}"
                raise forms.ValidationError(told) from error
            papers.append((name, content))
        return papers


def _papers(label: Any, help_text: Any = "", *, required: bool = False) -> PapersField:
    return PapersField(
        label=label,
        help_text=help_text,
        required=required,
        # Judged with its content, in words that name the file.
        allow_empty_file=True,
        widget=PapersInput(attrs={"accept": _ACCEPTED}),
    )


class _AddressForm(forms.Form):
    street = LineField(label=_("Street and number"), max_length=140)
    town = LineField(label=_("Town"), max_length=35)
    postcode = LineField(label=_("Postcode"), max_length=16, required=False)
    contact_name = NameField(label=_("Contact person"), max_length=100)
    contact_phone = LineField(label=_("Telephone"), max_length=32)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=254)


class AddressForm(_AddressForm):
    """What a company's own people may change; ``seen`` recognises what the page showed."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)


class ApplyForm(_AddressForm):
    """A seller's application."""

    name_zh = NameField(
        label=_("Company name in Chinese"),
        max_length=200,
        help_text=_("As on the business licence."),
    )
    name_en = NameField(label=_("Company name in English"), max_length=200)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        help_text=_("18 places; the check digit is examined."),
    )
    licence = _papers(
        _("Business licence"), _("PDF, PNG or JPEG, at most 5 MB each."), required=True
    )
    brand = _papers(
        _("Brand authorisations"), _("For the brands you want to sell; several are possible.")
    )
    other = _papers(_("Other documents"))

    field_order = ("name_zh", "name_en", "uscc")

    def clean_uscc(self) -> str:
        return _uscc(self.cleaned_data["uscc"])

    def papers(self) -> list[Paper]:
        return [
            Paper(kind, name, content)
            for kind in DocumentKind.values
            for name, content in self.cleaned_data.get(kind) or []
        ]


def _uscc(told: str) -> str:
    try:
        return identity.check_uscc(told)
    except identity.WrongUscc as error:
        raise forms.ValidationError(gettext(error.rule())) from error


class AnswerForm(forms.Form):
    reason = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    kind = forms.ChoiceField(label=_("Kind of the documents"), choices=DocumentKind.choices)
    papers = _papers(_("Documents"), _("PDF, PNG or JPEG, at most 5 MB each."))


class CorrectingAnswerForm(AnswerForm):
    """Of who was asked: what it stated of its company may have been the mistake."""

    name_zh = NameField(label=_("Company name in Chinese"), max_length=200, required=False)
    name_en = NameField(label=_("Company name in English"), max_length=200, required=False)
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        required=False,
        help_text=_("Correct it here if it was mistyped; the operator sees what it was before."),
    )

    def clean_uscc(self) -> str:
        told = self.cleaned_data["uscc"]
        return _uscc(told) if told else ""


class DecisionForm(forms.Form):
    """Which button, and why; ``seen`` is the last step the page showed."""

    decision = forms.CharField(max_length=12)
    seen = forms.IntegerField(min_value=0, max_value=2**62)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("The applicant reads it."),
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_REASON}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever fills it in is told that it is needed; that it is missing, a rule refuses.
        self.fields["reason"].required = not self.is_bound


class KindsForm(forms.Form):
    """What a company is. ``of``: it, where the form is shown; whether it is the platform's own is
    no choice then."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        choices=CompanyKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, of: Company | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is not None and CompanyKind.PLATFORM not in of.kinds:
            offered = [one for one in CompanyKind.choices if one[0] != CompanyKind.PLATFORM]
            cast(forms.MultipleChoiceField, self.fields["kinds"]).choices = offered
