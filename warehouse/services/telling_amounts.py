"""A seller hears that its shop tells other amounts of orders than stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from accounts.models import Company
from notices.services import tell
from warehouse.models import RetailOrder


def tell_amounts_differ(
    seller: Company, rows: Sequence[tuple[RetailOrder, Mapping[str, int]]], now: datetime
) -> None:
    """One notice for all of a delivery; told twice, the second time writes nothing."""
    if not rows:
        return
    first, told = rows[0]
    amounts = " ".join(f"{name[:4]} {minor}" for name, minor in sorted(told.items()))
    tell(
        "retail.amounts_differ",
        subject=f"{first.number} {amounts} +{len(rows) - 1}",
        facts={"orders": len(rows), "first": first.channel_order_number},
        companies=[seller.pk],
        items={
            seller.pk: [
                {
                    "order": one.number,
                    "order_number": one.channel_order_number,
                    "paid": _yuan(said.get("paid_minor", one.paid_minor)),
                    "collected_tax": _yuan(
                        said.get("collected_tax_minor", one.collected_tax_minor)
                    ),
                }
                for one, said in rows
            ]
        },
        now=now,
    )


def _yuan(minor: int | None) -> str:
    """As the shop tells it now; empty where nobody ever told it."""
    return "" if minor is None else f"{Decimal(minor).scaleb(-2):.2f}"
