"""Who hears of what customs does: the importer of its declarations, sellers of their lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from customs.models import Declaration, RetailList
from customs.rules import retail_tax as rules
from notices.services import amount, tell
from warehouse.models import RetailOrder

Row = TypeVar("Row", RetailList, RetailOrder)


def tell_importer(
    event: str, declaration: Declaration, now: datetime, *, subject: str = "", **facts: object
) -> None:
    """``declaration.ready`` and its kin. ``subject`` when it can happen more than once."""
    reference = declaration.our_reference
    tell(
        event,
        subject=subject or reference,
        facts={"reference": reference, "shipment": declaration.shipment.number, **facts},
        companies=[declaration.importer_id],
        now=now,
    )


def tell_drawn(lists: Sequence[RetailList], now: datetime) -> None:
    """One notice for each seller, however many lists were drawn."""
    for seller, rows in _by_seller(lists):
        tell(
            "retail.listed",
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"lists": len(rows), "tax": amount(sum(row.tax_minor for row in rows), "CNY")},
            companies=[seller],
            items={
                seller: [
                    {
                        "number": row.number,
                        "order": row.order.number,
                        "tax": amount(row.tax_minor, "CNY"),
                    }
                    for row in rows
                ]
            },
            now=now,
        )


def tell_refused(refused: Sequence[tuple[RetailOrder, rules.RetailRefusal]], now: datetime) -> None:
    """One notice for each seller; the order's page gives the reason in words."""
    reasons = {order.pk: refusal.code for order, refusal in refused}
    for seller, rows in _by_seller([order for order, _refusal in refused]):
        tell(
            "retail.list_refused",
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"orders": len(rows)},
            companies=[seller],
            items={seller: [{"order": order.number, "code": reasons[order.pk]} for order in rows]},
            now=now,
        )


def _by_seller(rows: Iterable[Row]) -> list[tuple[int, list[Row]]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.seller_id].append(row)
    return sorted(grouped.items(), key=lambda one: one[0])
