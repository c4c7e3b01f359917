"""How wishes meet orders: who asked for an order line, and where a seller's wish went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Company
from procurement.models import (
    ForecastLine,
    OrderShare,
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


def carried(line: PurchaseOrderLine) -> Sequence[ShipmentLine]:
    """In which shipments an order line travels."""
    return list(
        ShipmentLine.objects.filter(order_line=line).select_related("shipment").order_by("pk")
    )


def _wishes(keys: Sequence[int | None]) -> dict[int, int]:
    found = ForecastLine.objects.filter(pk__in=[key for key in keys if key])
    return dict(found.values_list("pk", "quantity"))
