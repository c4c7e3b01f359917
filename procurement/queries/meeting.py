"""How wishes meet orders: whose an order and each of its lines is, and who asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from accounts.models import Company
from procurement.models import (
    ForecastLine,
    LineRevision,
    OrderShare,
    PurchaseOrder,
    PurchaseOrderLine,
    ShipmentLine,
)
from procurement.queries.orders import Owner
from procurement.queries.standing import owners, shipped_parts


@dataclass(frozen=True, slots=True)
class LineOwner:
    """An owner's part of one order line: what it wished, what was ordered, stands and has left.

    ``wished`` is of its whole forecast line, of which other order lines may meet a part; None
    for the platform, which wishes nothing and has what packs and minimum add.
    """

    pk: int
    owner: Owner
    currency: str
    wished: int | None
    ordered: int
    stands: int
    shipped: int
    amount_minor: int


def asked(line: PurchaseOrderLine) -> list[LineOwner]:
    """Who asked for an order line, most first; a fixed number of statements."""
    shares = {
        row["owner_id"]: row
        for row in OrderShare.objects.filter(line=line).values("owner_id", "demand_id", "quantity")
    }
    wishes = _wishes([row["demand_id"] for row in shares.values()])
    stands = owners([line.pk])[line.pk]
    gone = shipped_parts([line.pk])[line.pk]
    companies = Company.objects.in_bulk([*shares])
    found = []
    for owner, row in shares.items():
        company = companies[owner]
        part, left = stands.get(owner), gone.get(owner)
        found.append(
            LineOwner(
                pk=owner,
                owner=Owner(company.code, company.name_zh, company.name_en, company.kinds),
                currency=line.order.currency,
                wished=wishes.get(row["demand_id"]),
                ordered=row["quantity"],
                stands=part.quantity if part else 0,
                shipped=left.quantity if left else 0,
                amount_minor=part.amount_minor if part else 0,
            )
        )
    return sorted(found, key=lambda one: (-one.ordered, one.owner.code))


@dataclass(frozen=True, slots=True)
class OwnerShare:
    """What one owner carries of an order; minor units of the order's currency.

    ``units``, ``alone_minor`` and what was saved are as ordered; ``stands`` and ``amount_minor``
    what is left of it after what was agreed and cancelled since.
    """

    pk: int
    owner: Owner
    currency: str
    units: int
    stands: int
    amount_minor: int
    ordered_minor: int
    alone_minor: int

    @property
    def saved_minor(self) -> int:
        return self.alone_minor - self.ordered_minor


def share_totals(order: PurchaseOrder) -> list[OwnerShare]:
    """Units and cost of an order by owner, largest first; for operators."""
    shares = OrderShare.objects.filter(order=order)
    rows = (
        shares.values_list("owner_id", "owner__code", "owner__name_zh", "owner__name_en")
        .annotate(units=Sum("quantity"), amount=Sum("amount_minor"), alone=Sum("alone_minor"))
        .order_by("-amount", "owner_id")
        .values_list(
            *("owner_id", "owner__code", "owner__name_zh", "owner__name_en", "owner__kinds"),
            *("units", "amount", "alone"),
        )
    )
    moved = _moved(order, shares)
    found = []
    for place, (pk, *owner, units, amount, alone) in enumerate(rows, start=1):
        more, dearer = moved.get(pk, (0, 0))
        found.append(
            OwnerShare(
                place,
                Owner(*owner),
                order.currency,
                units=int(units),
                stands=int(units) + more,
                amount_minor=int(amount) + dearer,
                ordered_minor=int(amount),
                alone_minor=int(alone),
            )
        )
    return found


def _moved(order: PurchaseOrder, shares: QuerySet[OrderShare]) -> dict[int, tuple[int, int]]:
    """By owner: units and money that the lines changed since add to what was ordered."""
    changed = set(
        LineRevision.objects.filter(order_line__order=order).values_list("order_line", flat=True)
    )
    moved: dict[int, tuple[int, int]] = {}

    def add(owner: int, units: int, minor: int) -> None:
        before = moved.get(owner, (0, 0))
        moved[owner] = (before[0] + units, before[1] + minor)

    if changed:
        for parts in owners(changed).values():
            for owner, part in parts.items():
                add(owner, part.quantity, part.amount_minor)
        was = shares.filter(line__in=changed).order_by().values_list("owner_id")
        for owner, units, minor in was.annotate(units=Sum("quantity"), amount=Sum("amount_minor")):
            add(owner, -int(units), -int(minor))
    return moved


def carried(line: PurchaseOrderLine) -> Sequence[ShipmentLine]:
    """In which shipments an order line travels."""
    return list(
        ShipmentLine.objects.filter(order_line=line).select_related("shipment").order_by("pk")
    )


def _wishes(keys: Sequence[int | None]) -> dict[int, int]:
    found = ForecastLine.objects.filter(pk__in=[key for key in keys if key])
    return dict(found.values_list("pk", "quantity"))
