"""Who hears that a count waits for approval, what it found, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from notices.services import tell
from warehouse.models import Lot, StockCount
from warehouse.queries.sellers import sellers_among


def tell_to_approve(count: StockCount, now: datetime) -> None:
    """The operators decide; not a figure in it."""
    tell(
        "count.to_approve",
        subject=count.number,
        facts={"number": count.number, "warehouse": count.warehouse.code},
        now=now,
    )


def tell_decided(count: StockCount, now: datetime) -> None:
    """The warehouse hears that its count is booked or refused."""
    tell(
        "count.approved" if count.state == "done" else "count.refused",
        subject=count.number,
        facts={"number": count.number},
        companies=[count.keeper_id],
        now=now,
    )


def tell_found(
    count: StockCount, lots: Mapping[int, Lot], units: Mapping[tuple[int, int], int], now: datetime
) -> None:
    """Each seller hears of its own part, lot by lot; ``units`` by owner and lot (ids)."""
    sellers = set(sellers_among(owner for owner, _lot in units))
    for (owner, lot), part in sorted(units.items()):
        if owner in sellers and part:
            number = lots[lot].number
            tell(
                "stock.missing" if part < 0 else "stock.found",
                subject=f"{count.number} {number}",
                facts={"number": count.number, "lot": number, "units": abs(part)},
                companies=[owner],
                now=now,
            )
