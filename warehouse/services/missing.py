"""What was missing of consumers' orders: kept with what becomes of it, and given up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from accounts.models import Company
from core.copying import insert_rows
from warehouse.days import day_of
from warehouse.models import MissingState, RetailMissing
from warehouse.rules.parting import Terms
from warehouse.rules.retail import Decision
from warehouse.services.order_rows import Written


@dataclass(frozen=True, slots=True)
class MissingUnits:
    """Units of one line of an order that are not there: ``served`` of ``ordered`` are.

    ``waits_until``: until then the rest is back-ordered; empty where it is refused.
    """

    position: int
    sku: str
    ordered: int
    served: int
    unit_price_minor: int
    waits_until: date | None

    @property
    def missing(self) -> int:
        return self.ordered - self.served


def keep_missing(
    seller: Company,
    accepted: Sequence[Decision],
    rows: Sequence[Written],
    products: Mapping[str, int],
    terms: Terms,
    now: datetime,
) -> dict[tuple[str, str], list[MissingUnits]]:
    """Write down what the accepted orders lack, by the shop's key of each order."""
    until = terms.waits_until(day_of(now))
    found: dict[tuple[str, str], list[MissingUnits]] = defaultdict(list)
    for one in accepted:
        for position, units in one.missing:
            line = one.order.lines[position - 1]
            found[one.order.key].append(
                MissingUnits(
                    position,
                    line.sku,
                    line.quantity,
                    line.quantity - units,
                    line.unit_price_minor,
                    until,
                )
            )
    if not found:
        return {}
    firsts: dict[tuple[str, str], int] = {}
    for row in rows:
        firsts.setdefault(row.order.channel_key, row.order.pk)
    lacking = [(firsts[key], one) for key, several in found.items() for one in several]
    state = MissingState.REFUSED if until is None else MissingState.WAITING
    insert_rows(
        RetailMissing,
        {
            "order_id": [order for order, _one in lacking],
            "seller_id": [seller.pk] * len(lacking),
            "position": [one.position for _order, one in lacking],
            "product_id": [products[one.sku] for _order, one in lacking],
            "quantity": [one.missing for _order, one in lacking],
            "unit_price_minor": [one.unit_price_minor for _order, one in lacking],
            "waits_until": [until] * len(lacking),
            "state": [state.value] * len(lacking),
        },
    )
    return dict(found)


def give_up(found: QuerySet[RetailMissing], now: datetime) -> int:
    """Of these, what is still waited for is so no longer. Returns how many lines."""
    waiting = found.filter(state=MissingState.WAITING)
    return int(waiting.update(state=MissingState.LAPSED, ended_at=now))
