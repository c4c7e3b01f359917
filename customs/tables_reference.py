"""The lists of reference data as its pages and files show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from customs import queries
from customs.differences import figures_of, plain
from customs.models import CustomsCode, ExchangeRate, PositiveEntry
from customs.models.kinds_named import FIGURES
from customs.queries import listings_of_reference as listings
from customs.rules.codes import UNITS
from web.tables import Column, Empty, Table, Viewer
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


def _kilograms(row: Any) -> str:
    return f"{Decimal(row.limit_g).scaleb(-3).normalize():f}" if row.limit_g else ""


_LOADED = Empty(
    _("Nothing is loaded here"),
    _("It comes from a file that two people agree on: bondpool load_reference."),
    "database-import",
)

TARIFF = Table(
    key="tariff",
    scope="declarations:read",
    title=_("Tariff"),
    listing=listings.TARIFF,
    rows=lambda viewer: queries.tariff_rates(),
    roles=_CUSTOMS,
    named="hs_code",
    columns=(
        Column(
            label=_("HS code"),
            value="hs_code",
            kind="number",
            link=lambda one: reverse("tariff_code", args=[one.hs_code]),
            sort="hs_code",
            note="name_zh",
        ),
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


def held(rows: Any) -> Any:
    """Without what was withdrawn before it began."""
    return queries.kept(rows)


POSITIVE = Table(
    key="positive-list",
    scope="declarations:read",
    title=_("Positive list"),
    listing=listings.POSITIVE,
    rows=lambda viewer: held(PositiveEntry.objects.all()),
    roles=_CUSTOMS,
    named="code",
    columns=(
        Column(
            label=pgettext_lazy("reference data", "Code"),
            value="code",
            kind="number",
            sort="code",
            note="name_zh",
        ),
        Column(label=_("Valid from"), value="valid_from", kind="day", sort="valid_from"),
        Column(label=_("Valid to"), value=last_day),
        Column(label=_("Remark"), value=lambda row: ", ".join(row.remark_labels), note="remark"),
        Column(label=_("Kilograms for a person and year"), value=_kilograms),
        Column(label=_("Legal basis"), value="source"),
    ),
    empty=_LOADED,
)

EXCHANGE = Table(
    key="exchange-rates",
    scope="declarations:read",
    title=_("Customs exchange rates"),
    listing=listings.EXCHANGE,
    rows=lambda viewer: held(ExchangeRate.objects.all()),
    roles=_CUSTOMS,
    named="currency",
    columns=(
        Column(label=_("Currency"), value="currency", kind="number", sort="currency"),
        Column(label=_("Valid from"), value="valid_from", kind="day", sort="valid_from"),
        Column(label=_("Valid to"), value=last_day),
        Column(label=_("Yuan"), value=lambda row: plain(row.cny)),
        Column(label=_("For units of the currency"), value="per", kind="qty"),
        Column(label=_("Legal basis"), value="source"),
    ),
    empty=_LOADED,
)

CODES = Table(
    key="customs-codes",
    scope="declarations:read",
    title=_("Code tables of customs"),
    listing=listings.CODES,
    rows=lambda viewer: held(CustomsCode.objects.all()),
    roles=_CUSTOMS,
    named="code",
    columns=(
        Column(
            label=pgettext_lazy("reference data", "Code"), value="code", kind="number", sort="code"
        ),
        Column(label=_("Code table"), value="get_table_display", sort="table"),
        Column(label=_("Name"), value="name_zh", note="name_en"),
        Column(label=_("Old code"), value="old_code", kind="number"),
        Column(label=_("Old code of inspection"), value="old_ciq_code", kind="number"),
        Column(label=_("ISO code"), value="iso_code", kind="number"),
        Column(label=_("Valid from"), value="valid_from", kind="day"),
        Column(label=_("Valid to"), value=last_day),
        Column(label=_("Legal basis"), value="source"),
    ),
    empty=_LOADED,
)

PROPOSALS = Table(
    key="reference-proposals",
    title=_("Reference data: proposed changes"),
    listing=listings.PROPOSALS,
    rows=lambda viewer: queries.proposals(),
    roles=frozenset({Role.OPERATOR}),
    columns=(
        Column(
            label=_("Proposal"),
            value="number",
            kind="number",
            link=lambda one: reverse("reference_proposal", args=[one.number]),
            sort="number",
            note="file_name",
        ),
        Column(label=_("Reference data"), value=lambda one: one.get_kind_display()),
        Column(label=_("Status"), value="state", kind="state"),
        Column(label=_("New"), value="added", kind="qty"),
        Column(label=_("Changed"), value="changed", kind="qty"),
        Column(label=pgettext_lazy("reference data", "Ended"), value="ended", kind="qty"),
        Column(label=_("Unchanged"), value="unchanged", kind="qty"),
        Column(
            label=_("Proposed"),
            value="proposed_at",
            kind="moment",
            sort="proposed_at",
            note=lambda one: one.proposed_by.name or one.proposed_by.email,
        ),
    ),
    empty=Empty(
        _("No proposals"),
        _("A file of reference data proposes what it changes."),
        "git-pull-request",
    ),
)


def _differs(rows: list[Any], viewer: Viewer) -> None:
    """``VAT: 0.17 → 0.13``, a line for each figure that is another."""
    for row in rows:
        row.differences = [
            (FIGURES[name], before, after)
            for name, before, after in figures_of(row.proposal.kind, row)
        ]
        row.differs = "; ".join(
            f"{label}: {before} → {after}" if row.before else f"{label}: {after}"
            for label, before, after in row.differences
        )


CHANGES = Table(
    key="reference-changes",
    title=_("Differences"),
    listing=listings.CHANGES,
    rows=lambda viewer, number: queries.proposal_of(number).changes.select_related("proposal"),
    roles=frozenset({Role.OPERATOR}),
    within="reference_proposal",
    attach=_differs,
    named="key",
    columns=(
        Column(
            label=pgettext_lazy("reference data", "Code"), value="key", kind="number", sort="key"
        ),
        Column(label=_("Kind of difference"), value=lambda one: one.get_act_display()),
        Column(label=_("Valid from"), value="valid_from", kind="day"),
        Column(label=_("Valid to"), value=last_day),
        Column(
            label=_("Before and after"),
            value="differs",
            template="customs/_cell_differs.html",
        ),
        Column(label=_("The earlier one ends on"), value="last_day", kind="day"),
        Column(label=_("Row of the file"), value="row", kind="qty", sort="row"),
        Column(label=_("Legal basis"), value="source", on_page=False),
    ),
    empty=Empty(_("No differences"), _("A proposal has at least one."), "equal"),
)

TABLES = (TARIFF, POSITIVE, EXCHANGE, CODES, PROPOSALS, CHANGES)
