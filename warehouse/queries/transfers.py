"""Offers of goods in bond, as the two sellers and the warehouse see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from catalog.queries import product_keys, products_named
from core.filters import Choices, Code, Days, Flag
from core.listing import Listing, Related, Search, Total
from warehouse.models import Holding, StockStatus, StockTransfer, TransferConsent, TransferStep

#: Lots that the form of an offer lists.
MOST_LOTS = 500

TRANSFERS = Listing(
    name="transfers",
    sorts={"number": "number", "offered_at": "offered_at", "valid_until": "valid_until"},
    default="-number",
    search=Search(
        prefix=("number", "lot_number"),
        related=(Related("product", products_named),),
        hint=_("Number, lot, SKU or name"),
    ),
    filters=(
        Choices(name="state", path="state", choices=TransferStep.choices, label=_("Status")),
        Code(name="product", path="product", find=product_keys, label=_("SKU")),
        Days(name="offered", path="offered_at", label=_("Offered at")),
        Flag(name="open", when=Q(state=TransferStep.OFFERED), label=_("Awaits an answer")),
    ),
    totals=(Total("units", "quantity"),),
)


def _all() -> QuerySet[StockTransfer]:
    return StockTransfer.objects.select_related("product", "warehouse", "giver", "taker")


def of_seller(company: Company) -> QuerySet[StockTransfer]:
    """What a seller offered, or was offered, the newest first."""
    found: QuerySet[StockTransfer] = (
        _all().filter(Q(giver=company) | Q(taker=company)).order_by("-pk")
    )
    return found


def kept_by(keeper: Company | None) -> QuerySet[StockTransfer]:
    """All offers of goods in a keeper's warehouses; all there are without one."""
    found = _all() if keeper is None else _all().filter(keeper=keeper)
    ordered: QuerySet[StockTransfer] = found.order_by("-pk")
    return ordered


@dataclass(frozen=True, slots=True)
class Said:
    """What one side said when; nobody where the day was over."""

    step: str
    company: str
    at: datetime


def said_of(transfer: StockTransfer) -> list[Said]:
    """In the order in which it was said; to the other side a company speaks, and not a person."""
    rows = TransferConsent.objects.filter(transfer=transfer).select_related("company")
    return [
        Said(one.step, one.company.code if one.company else "", one.said_at)
        for one in rows.order_by("pk")
    ]


def lots_to_offer(owner: Company) -> list[tuple[str, str]]:
    """Numbers of the lots of which an owner has anything to sell, the first to expire first, and
    how a person knows each; MOST_LOTS at most."""
    rows = (
        Holding.objects.filter(owner=owner, status=StockStatus.AVAILABLE, on_hand__gt=0)
        .order_by()
        .values_list("lot__number", "product__sku")
        .annotate(units=Sum("on_hand"), ends_on=Min("expires_on"))
        .order_by(F("ends_on").asc(nulls_last=True), "product__sku", "lot__number")
    )
    return [
        (number, f"{sku} · {number} · {units}") for number, sku, units, _ends_on in rows[:MOST_LOTS]
    ]
