"""The lists of reference data as its pages and files show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from customs import queries
from customs.queries import listings_of_reference as listings
from customs.rules.codes import UNITS
from web.tables import Column, Empty, Table
from web.templatetags.lists import percent

_CUSTOMS = frozenset({Role.IMPORTER, Role.OPERATOR})


def unit_name(code: str) -> str:
    """A unit of customs in the reader's language; the code itself where it has no name here."""
    at = 0 if (get_language() or "").startswith("zh") else 1
    return str(UNITS.get(code, (code,) * 2)[at])


def consumption_tax(rate: Any) -> str:
    """``15 %``, ``0.912 CNY / 升``, and where it is due on some goods only, that."""
    parts = []
    if rate.consumption_tax_rate or not rate.consumption_tax_specific:
        parts.append(percent(rate.consumption_tax_rate))
    if rate.consumption_tax_specific:
        amount = f"{Decimal(rate.consumption_tax_specific).normalize():f}"
        parts.append(f"CNY {amount} / {unit_name(rate.consumption_tax_unit)}")
    told = " + ".join(parts)
    return f"{told} ({rate.get_consumption_tax_if_display()})" if rate.consumption_tax_if else told


def agreement_duties(rate: Any) -> str:
    """``AUS 0 %; ASEAN 2 %``."""
    return "; ".join(
        f"{one['name']} {percent(Decimal(one['rate']))}" for one in rate.agreement_duties
    )


def units(rate: Any) -> str:
    """``千克, 个``."""
    return ", ".join(unit_name(code) for code in rate.legal_units)


def last_day(row: Any) -> str:
    """The last day of a validity, or that there is none."""
    return row.valid_to.isoformat() if row.valid_to else gettext("until further notice")


TARIFF = Table(
    key="tariff",
    scope="declarations:read",
    title=_("Tariff"),
    listing=listings.TARIFF,
    rows=lambda viewer: queries.tariff_rates(),
    roles=_CUSTOMS,
    named="hs_code",
    columns=(
        Column(label=_("HS code"), value="hs_code", kind="number", sort="hs_code", note="name_zh"),
        Column(label=_("Valid from"), value="valid_from", kind="day", sort="valid_from"),
        Column(label=_("Valid to"), value=last_day),
        Column(label=_("Duty"), value="duty_rate", kind="percent", sort="duty"),
        Column(label=_("Duty by origin"), value=agreement_duties),
        Column(label=_("VAT"), value="vat_rate", kind="percent"),
        Column(label=_("Consumption tax"), value=consumption_tax),
        Column(label=_("Legal units"), value=units),
        Column(label=_("Legal basis"), value="source"),
    ),
    empty=Empty(
        _("No rates here"),
        _("Rates come from a file that two people agree on: bondpool load_reference tariff FILE."),
        "percentage",
    ),
)

TABLES = (TARIFF,)
