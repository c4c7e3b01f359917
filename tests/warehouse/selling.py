"""What a sale took from the shelves, or that there was none."""

from __future__ import annotations

from accounts.models import Company
from traceability.models import TraceEvent
from warehouse.models import (
    Holding,
    MovementKind,
    Pick,
    RetailOrder,
    RetailOrderLine,
    StockMovement,
)


def on_hand(owner: Company) -> list[int]:
    return list(
        Holding.objects.filter(owner=owner).order_by("pk").values_list("on_hand", flat=True)
    )


def nothing_was_sold() -> bool:
    sold = (RetailOrder, RetailOrderLine, Pick)
    return not any(model.objects.exists() for model in sold) and not (
        StockMovement.objects.exclude(kind=MovementKind.RECEIVED).exists()
        or TraceEvent.objects.filter(biz_step="picking").exists()
    )
