"""What closing a round would do, before an operator says yes: orders, cost, who drops out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.models import Company
from catalog.models import TradingPartner
from core.errors import DomainError
from procurement import plans_told, services
from procurement.models import PoolRound, RoundPlan
from procurement.plan_beside import Against, against
from procurement.queries import called
from procurement.rules import ordering
from procurement.rules.solving.evaluating import Evaluation

#: So many sellers that drop out are named; the others are counted.
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class CloseOrder:
    """One order that would be made: goods in its currency, the rest in fen."""

    supplier: str
    supplier_code: str
    currency: str
    incoterm: str
    lines: int
    goods_minor: int
    landed_minor: int
    containers: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan that would be ordered, added up."""

    plan: RoundPlan
    chosen: Any
    against: Against
    orders: Sequence[CloseOrder]
    suppliers: int
    lines: int
    units: int
    left_out: int
    boxes: Mapping[str, int]
    lcl: Decimal

    @property
    def containers(self) -> str:
        """All of them, as one order tells its own."""
        return plans_told.load_in_words(list(self.boxes.items()), int(self.lcl * 1_000_000))


@dataclass(frozen=True, slots=True)
class Closing:
    """``plan``: none where the round as it stands was not solved yet; ``refusal``: why it cannot
    be closed now, and ``facts`` what it is about, by name; ``dropped``: who drops out for want of
    its deposit."""

    plan: Plan | None = None
    refusal: DomainError | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    dropped: Sequence[Company] = field(default_factory=tuple)
    more_dropped: int = 0


def closing(round: PoolRound, *, now: datetime) -> Closing:
    """Look ahead; nothing is written. Ask ``platform_wide``."""
    try:
        ordering.check_closable(
            quarter=round.code, cutoff_at=round.ends_at, closed_at=round.closed_at, now=now
        )
        dropped = sorted(services.without_deposit(round, now))
        found = services.planned_now(round=round, now=now, dropped=dropped)
    except DomainError as refusal:
        return Closing(refusal=refusal, facts=called.with_names(refusal.facts))
    named = Company.objects.filter(pk__in=dropped).order_by("code")[:MOST_NAMED]
    return Closing(
        plan=_added(*found) if found else None,
        dropped=list(named),
        more_dropped=max(len(dropped) - MOST_NAMED, 0),
    )


def _added(plan: RoundPlan, found: Evaluation) -> Plan:
    keys = {order.lane.supplier for order in found.orders}
    partners = TradingPartner.objects.select_related("company").in_bulk(list(keys))
    lines = Counter(line.lane for line in found.lines)
    boxes = Counter[str]()
    for order in found.orders:
        boxes.update(dict(order.load.containers))
    return Plan(
        plan=plan,
        chosen=plans_told.chosen_label(plan),
        against=against(plan),
        orders=[
            CloseOrder(
                supplier=partners[order.lane.supplier].company.name,
                supplier_code=partners[order.lane.supplier].company.code,
                currency=order.lane.currency,
                incoterm=order.lane.incoterm,
                lines=lines[order.lane],
                goods_minor=order.goods_minor,
                landed_minor=order.cost.total,
                containers=plans_told.load_in_words(order.load.containers, order.load.lcl),
            )
            for order in found.orders
        ],
        suppliers=len(keys),
        lines=len(found.lines),
        units=sum(line.units for line in found.lines),
        left_out=sum(one.ordered == 0 and one.unmet > 0 for one in found.outcomes),
        boxes={code: number for code, number in sorted(boxes.items()) if number},
        lcl=Decimal(sum(order.load.lcl for order in found.orders) // 1000).scaleb(-3),
    )
