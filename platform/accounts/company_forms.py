"""Forms of companies that an operator enters; the rules are asked by services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.lines import LineField
from accounts.models import CompanyKind
from accounts.rules import entering
from accounts.rules.admitting import LONGEST_REASON
from web.forms import PlainSelect
from web.templatetags.bondpool import country


def _countries() -> list[tuple[str, str]]:
    """By their names in the reader's language; where most are stands first."""
    named = sorted((country(three), three) for three in entering.countries())
    return sorted(((three, name) for name, three in named), key=lambda one: one[0] != "CHN")


def _number(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class CompanyForm(forms.Form):
    """What an operator examines; ``seen`` recognises what the page showed."""

    name_zh = LineField(label=_("Company name in Chinese"), max_length=200)
    name_en = LineField(label=_("Company name in English"), max_length=200)
    country = forms.ChoiceField(
        label=_("Country"), choices=_countries, initial="CHN", widget=PlainSelect
    )
    uscc = _number(
        _("Unified social credit code"),
        _("18 places; Chinese sellers, importers and warehouse operators need it."),
    )
    customs_code = _number(_("Customs registration code"), _("10 places; importers need it."))
    vat_number = _number(_("VAT number"), _("As the country writes it; it is examined."))
    lei = _number(_("Legal entity identifier (LEI)"), _("20 places."))
    street = LineField(label=_("Street and number"), max_length=140, required=False)
    town = LineField(label=_("Town"), max_length=35, required=False)
    postcode = LineField(label=_("Postcode"), max_length=16, required=False)
    contact_name = LineField(label=_("Contact person"), max_length=100, required=False)
    contact_phone = LineField(label=_("Telephone"), max_length=32, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)


class NewCompanyForm(CompanyForm):
    """The platform's own company is made with the house, not here."""

    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        choices=[one for one in CompanyKind.choices if one[0] != CompanyKind.PLATFORM],
        widget=forms.CheckboxSelectMultiple,
    )
    code = LineField(
        label=_("Company code"),
        max_length=32,
        required=False,
        help_text=_("Short and stable; files name the company by it. Empty: the next number."),
    )

    field_order = ("kinds", "code")


class ChangedCompanyForm(CompanyForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=_("It stands in the history, which the company reads too."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)
