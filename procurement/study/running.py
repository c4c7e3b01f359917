"""The whole study: every quarter, the hard cases, and forecasts against what was sold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from procurement.study import credit, rounds
from procurement.study import demand as demands
from procurement.study.credit import Against
from procurement.study.demand import Demand
from procurement.study.rounds import Round
from procurement.study.terms import Mapping, easy

#: What everybody gives and takes in the rounds with tolerance, percent.
TOLERANCE: Final = 10
#: Sellers of each quarter whose own order is solved to the best.
CHECKED: Final = 40
#: Seconds for a round of one category at most.
_THIN_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Study:
    """What was found. ``thin``: the last quarter with a round for each category; ``easy``: if
    suppliers had no minimums, packs or breaks and nothing cost a fee; ``easy_thin``: both."""

    demand: Demand
    mapping: Mapping
    firm: list[Round]
    flexed: list[Round]
    thin: dict[str, Round]
    easy: Round
    easy_thin: dict[str, Round]
    against: list[Against]
    inflated: dict[str, list[Against]]


def study(
    demand: Demand,
    mapping: Mapping,
    *,
    seconds: float,
    checked: int = CHECKED,
    told: Callable[[str], object] = lambda _line: None,
) -> Study:
    """Run everything; ``seconds`` limits each solution, ``told`` hears what is being done."""
    firm, flexed = [], []
    for quarter in demand.quarters:
        told(demands.name(quarter))
        firm.append(rounds.run(mapping, demand, quarter, seconds=seconds, checked=checked))
        flexed.append(rounds.run(mapping, demand, quarter, tolerance=TOLERANCE, seconds=seconds))
    last, simple = demand.quarters[-1], easy(mapping)
    thin_seconds = min(seconds, _THIN_SECONDS)
    told("thin")
    return Study(
        demand=demand,
        mapping=mapping,
        firm=firm,
        flexed=flexed,
        thin=rounds.by_category(mapping, demand, last, seconds=thin_seconds),
        easy=rounds.run(simple, demand, last, seconds=seconds),
        easy_thin=rounds.by_category(simple, demand, last, seconds=thin_seconds),
        against=credit.compare(mapping, demand),
        inflated=credit.compare_inflated(mapping, demand),
    )
