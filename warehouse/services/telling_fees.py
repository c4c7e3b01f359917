"""Who hears of what storage costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from notices.services import amount, tell
from warehouse.models import BondedWarehouse, StorageBill
from warehouse.queries.sellers import sellers_among


def tell_billed(warehouse: BondedWarehouse, bills: Sequence[StorageBill], now: datetime) -> None:
    """Each seller hears of its own bill of a month."""
    sellers = set(sellers_among(bill.owner_id for bill in bills))
    for bill in bills:
        if bill.owner_id in sellers:
            tell(
                "storage.billed",
                subject=bill.number,
                facts={
                    "number": bill.number,
                    "warehouse": warehouse.code,
                    "month": f"{bill.month:%Y-%m}",
                    "amount": amount(bill.total_minor, "CNY"),
                    "due_on": bill.due_on,
                },
                companies=[bill.owner_id],
                now=now,
            )


def tell_differences(found: Sequence[str], *, day: date, now: datetime) -> int:
    """The operators hear how many there are, and the first of them."""
    return tell(
        "storage.differs",
        subject=f"{day}",
        facts={"differences": len(found), "first": found[0]},
        now=now,
    )
