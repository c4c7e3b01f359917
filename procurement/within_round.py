"""What each owner bears of a closed round, as the operators' list."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import CompanyKind, Role
from procurement.models import PoolRound, RoundBill
from procurement.queries import listings_of_plans, planning
from web.tables import Column, Empty, Table, Viewer


def _bills(viewer: Viewer, code: str) -> QuerySet[RoundBill]:
    return planning.bills(get_object_or_404(PoolRound, code=code))


def _statement_of(bill: RoundBill) -> str:
    """Sellers' statements; the platform's part of a round has none."""
    if CompanyKind.SELLER not in bill.owner.kinds:
        return ""
    return reverse("round_statement_of", args=[bill.round.code, bill.owner.code])


BILLS = Table(
    key="round-bills",
    scope="rounds:read",
    title=_("What each owner bears"),
    listing=listings_of_plans.BILLS,
    rows=_bills,
    within="round",
    roles=frozenset({Role.OPERATOR}),
    named="owner.code",
    columns=(
        Column(
            label=_("Owner"),
            value="owner.name",
            note="owner.code",
            link=_statement_of,
            sort="owner",
        ),
        Column(label=_("Company code"), value="owner.code", kind="number", on_page=False),
        Column(label=_("Units"), value="units", kind="qty", sort="units", total="units"),
        Column(label=_("Goods"), value="goods_minor", kind="money", total="goods"),
        Column(
            label=_("Freight"), value="freight_minor", kind="money", total="freight", on_page=False
        ),
        Column(label=_("Insurance"), value="insurance_minor", kind="money", on_page=False),
        Column(label=_("Duty"), value="duty_minor", kind="money", on_page=False),
        Column(label=_("Fees"), value="fees_minor", kind="money", total="fees", on_page=False),
        Column(label=_("By the drivers"), value="shared_minor", kind="money", total="shared"),
        Column(label=_("Cut"), value="cut_minor", kind="money", sort="cut", total="cut"),
        Column(label=_("Added by the cap"), value="added_minor", kind="money", total="added"),
        Column(label=_("Pays"), value="paid_minor", kind="money", sort="paid", total="paid"),
        Column(label=_("Going alone"), value="alone_minor", kind="money", total="alone"),
        Column(label=_("Saved"), value="saved_minor", kind="money"),
    ),
    empty=Empty(_("Nothing is billed yet"), _("Bills are made when a round closes."), "receipt"),
)

TABLES = (BILLS,)
