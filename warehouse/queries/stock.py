"""Who has how much of what, what is about to expire, and whether the books agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.db import connection
from django.db.models import Count, F, Min, Q, QuerySet, Sum

from accounts.models import Company
from catalog.models import Product
from core.listings import among, of_each
from warehouse.models import (
    Holding,
    Lot,
    Receipt,
    ReceiptLine,
    ReceiptShare,
    StockAccount,
    StockMovement,
    StockStatus,
)
from warehouse.rules.posting import PROMISED

#: What an owner still has to sell or to see after: there, and promised to no consumer.
UNPROMISED = Q(on_hand__gt=0) & ~Q(status__in=sorted(PROMISED))


def lots(warehouses_of: Company | None = None) -> QuerySet[Lot]:
    """Lots with ``on_hand`` (promised to no consumer) and the number of its ``owners``; only in
    an operator's warehouses when it is given."""
    found = Lot.objects.select_related("product", "warehouse")
    if warehouses_of is not None:
        found = found.filter(warehouse__operator=warehouses_of)
    held = Holding.objects.filter(UNPROMISED)
    return found.annotate(
        on_hand=of_each(held, "lot", Sum("on_hand")),
        owners=of_each(held, "lot", Count("owner", distinct=True)),
    ).order_by("-pk")


def holdings(
    *, owner: Company | None = None, warehouses_of: Company | None = None
) -> QuerySet[Holding]:
    """What is there in whatever status, by product and expiry; empty holdings are left out."""
    found = Holding.objects.filter(on_hand__gt=0).select_related(
        "lot__product", "lot__warehouse", "owner"
    )
    if owner is not None:
        found = found.filter(owner=owner)
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    ordered: QuerySet[Holding] = found.order_by(
        "product__sku", "expires_on", "received_at", "lot_id", "owner__code", "status"
    )
    return ordered


def near_expiry(found: QuerySet[Holding], *, today: date, days: int) -> QuerySet[Holding]:
    """Of these, what expires within ``days``, and what has, promised to no consumer; the first to
    expire first."""
    return found.filter(UNPROMISED, expires_on__lte=today + timedelta(days=days)).order_by(
        "expires_on", "lot_id", "owner__code"
    )


@dataclass(frozen=True, slots=True)
class ProductStock:
    """Units of one product over all lots; ``first_expiry`` of those that have one."""

    product_id: int
    on_hand: int
    lots: int
    first_expiry: date | None


def by_product(owner: Company) -> list[ProductStock]:
    """What an owner has and promised to no consumer, by SKU."""
    rows = (
        Holding.objects.filter(UNPROMISED, owner=owner)
        .order_by()
        .values_list("product_id")
        .annotate(units=Sum("on_hand"), lots=Count("lot", distinct=True), first=Min("expires_on"))
    )
    found = [ProductStock(*row) for row in rows]
    skus = dict(
        Product.objects.filter(pk__in=[one.product_id for one in found]).values_list("pk", "sku")
    )
    return sorted(found, key=lambda one: skus[one.product_id])


def products_of(owner: Company) -> QuerySet[Product]:
    """What an owner has in bond that it may sell, by SKU."""
    there = Holding.objects.filter(owner=owner, status=StockStatus.AVAILABLE, on_hand__gt=0).values(
        "product_id"
    )
    return Product.objects.filter(pk__in=there).order_by("sku")


#: Days in bond at which the next age begins: 30 days are not over before the 31st.
AGE_DAYS = (31, 91, 181)


@dataclass(frozen=True, slots=True)
class AgedStock:
    """Units of one product by how long they lie in bond: younger than each of AGE_DAYS (or of
    other ages), and older."""

    product_id: int
    by_age: Sequence[int]
    lots: int

    @property
    def on_hand(self) -> int:
        return sum(self.by_age)


def by_age(
    *,
    now: datetime,
    owner: Company | None = None,
    warehouses_of: Company | None = None,
    ages: Sequence[int] = AGE_DAYS,
) -> list[AgedStock]:
    """What is promised to no consumer, one product a row, the largest stock first; one statement
    for any number of holdings."""
    edges = [now - timedelta(days=days) for days in ages]
    newest, oldest = ("came_at > %s", [edges[0]]), ("came_at <= %s", [edges[-1]])
    between = [
        ("came_at <= %s AND came_at > %s", [younger, older]) for younger, older in pairwise(edges)
    ]
    bands = [newest, *between, oldest]
    found = Holding.objects.filter(UNPROMISED)
    if owner is not None:
        found = found.filter(owner=owner)
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    # Lots first: then each is counted once without sorting them all.
    by_lot = (
        found.order_by()
        .values("lot_id")
        .annotate(units=Sum("on_hand"), of_product=Min("product_id"), came_at=Min("received_at"))
        .values("units", "of_product", "came_at")
    )
    held, told = by_lot.query.sql_with_params()
    sums = ", ".join(f"coalesce(sum(units) FILTER (WHERE {age}), 0)" for age, _edges in bands)
    statement = (
        f"SELECT of_product, count(*), {sums} "  # noqa: S608 - our own text and the ORM's
        f"FROM ({held}) AS held GROUP BY of_product ORDER BY sum(units) DESC, of_product"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(edge for _age, own in bands for edge in own), *told])
        rows = cursor.fetchall()
    return [AgedStock(product, [int(one) for one in units], lots) for product, lots, *units in rows]


def movements(
    *, owner: Company | None = None, lot: Lot | None = None, warehouses_of: Company | None = None
) -> QuerySet[StockMovement]:
    """What moved within the warehouses, in or out of them; the newest first."""
    found = StockMovement.objects.filter(account=StockAccount.STOCK).select_related(
        "lot__product", "owner"
    )
    if owner is not None:
        found = found.filter(owner=owner)
    if lot is not None:
        found = found.filter(lot=lot)
    if warehouses_of is not None:
        found = found.filter(keeper=warehouses_of)
    ordered: QuerySet[StockMovement] = found.order_by("-pk")
    return ordered


def receipts(warehouses_of: Company | None = None) -> QuerySet[Receipt]:
    """Receipts with ``announced`` and ``counted`` units, the newest first."""
    found = Receipt.objects.select_related("warehouse", "shipment__order", "received_by")
    if warehouses_of is not None:
        found = found.filter(warehouse__operator=warehouses_of)
    lines = ReceiptLine.objects.all()
    return found.annotate(
        announced=of_each(lines, "receipt", Sum("announced")),
        counted=of_each(lines, "receipt", Sum("counted")),
    ).order_by("-pk")


def shares_of(receipt: Receipt) -> QuerySet[ReceiptShare]:
    """Whose part of a receipt is how large."""
    found: QuerySet[ReceiptShare] = ReceiptShare.objects.filter(receipt=receipt).select_related(
        "owner", "product"
    )
    return found


def short_at_gate(operator: Company) -> int:
    """Units that ship notices announced to an operator's warehouses and nobody counted."""
    lines = ReceiptLine.objects.filter(keeper=operator)
    missing = F("announced") + F("over") - F("counted")
    return int(lines.aggregate(units=Sum(missing, default=0))["units"])


def units_in(found: QuerySet[Lot]) -> dict[str, int]:
    """What lies in these lots together and is promised to no consumer."""
    inside = among("lot_id", found.order_by().values("pk"))
    held = Holding.objects.filter(UNPROMISED, inside)
    return {"on_hand": int(held.aggregate(units=Sum("on_hand", default=0))["units"])}


def units_at(found: QuerySet[Receipt]) -> dict[str, int]:
    """What the ship notices of these receipts said and what was counted, together."""
    lines = ReceiptLine.objects.filter(receipt__in=found.values("pk"))
    told = lines.aggregate(announced=Sum("announced", default=0), counted=Sum("counted", default=0))
    return {name: int(units) for name, units in told.items()}


def arrivals(owner: Company) -> QuerySet[ReceiptShare]:
    """What arrived for one owner, beside what it was entitled to."""
    found: QuerySet[ReceiptShare] = (
        ReceiptShare.objects.filter(owner=owner)
        .select_related("receipt", "receipt_line__lot", "product")
        .order_by("-pk")
    )
    return found
