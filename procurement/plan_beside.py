"""What stands beside a plan: how it compares with the plain rule, and by which rates it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import exponent
from procurement.models import RoundPlan
from procurement.queries import bearing
from procurement.queries.offers import day_of
from procurement.queries.solving import rate_days
from procurement.rules.solving.terms import BILLION
from settlement.rules import HOME


@dataclass(frozen=True, slots=True)
class Against:
    """The plain rule's plan less this one, in fen: what is saved of the landed cost, what more is
    worth of what is left out or over, and both together. Below nothing: it costs more. Where the
    plain rule's plan cannot be carried out there is nothing to compare with."""

    landed_minor: int
    valued_minor: int
    saved_minor: int
    is_comparable: bool

    @property
    def dearer_minor(self) -> int:
        return -self.landed_minor


def against(plan: RoundPlan) -> Against:
    landed = plan.plain_landed_minor - plan.landed_minor
    saved = plan.plain_adjusted_minor - plan.adjusted_minor
    return Against(
        landed_minor=landed,
        valued_minor=saved - landed,
        saved_minor=saved,
        is_comparable=is_comparable(plan),
    )


def is_comparable(plan: RoundPlan) -> bool:
    """Whether the plain rule found a plan that breaks no rule: within the budget, say."""
    return not plan.found["plans"]["plain"]["faults"]


@dataclass(frozen=True, slots=True)
class PlannedRate:
    """CNY for one unit of a currency; ``day`` is when it was published, where that is known."""

    currency: str
    value: Decimal
    day: date | None


def rates(plan: RoundPlan) -> list[PlannedRate]:
    """The rates that a plan was counted by."""
    used = {lane.currency: lane.rate_ppb for lane in bearing.terms_of(plan).lanes}
    known = rate_days(used, on=day_of(plan.round))
    found = []
    for currency, ppb in sorted(used.items()):
        if currency == HOME:
            continue
        value = (Decimal(ppb) / BILLION).scaleb(exponent(currency) - exponent(HOME))
        day = known[currency][1] if currency in known else None
        found.append(PlannedRate(currency, value.quantize(Decimal("0.0001")), day))
    return found
