"""What a sale took from the shelves, or that there was none."""

from __future__ import annotations

from accounts.models import Company
from traceability.models import TraceEvent
from warehouse.models import (
    Holding,
    MovementKind,
    Reservation,
    RetailOrder,
    RetailOrderLine,
    StockMovement,
    StockStatus,
)


def on_hand(owner: Company, status: str = StockStatus.AVAILABLE) -> list[int]:
    """Units of an owner in one status, lot by lot as they came."""
    held = Holding.objects.filter(owner=owner, status=status).order_by("pk")
    return list(held.values_list("on_hand", flat=True))


def nothing_was_sold() -> bool:
    sold = (RetailOrder, RetailOrderLine, Reservation)
    return not any(model.objects.exists() for model in sold) and not (
        StockMovement.objects.exclude(kind=MovementKind.RECEIVED).exists()
        or TraceEvent.objects.filter(biz_step="reserving").exists()
    )
