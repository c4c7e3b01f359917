"""What of a list's tax is given back for goods that came back in time. All amounts are fen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customs.rules.retail_tax import Tax


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line of a retail list: its units, what it is worth, its tax; ``back`` came back before."""

    position: int
    quantity: int
    dutiable: int
    tax: Tax
    back: int = 0


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What counts no longer in the buyer's year, and tax that is not due."""

    dutiable: int
    tax: Tax


def part_of(total: int, units: int, *, before: int, now: int) -> int:
    """The part of a total that ``now`` more units stand for, after ``before`` of all ``units``.

    Rounded down over all that came back, so that the last unit brings the rest and nothing of a
    total is given back twice, or left when all is back.
    """
    return total * (before + now) // units - total * before // units


def given_back(lines: Sequence[ListedLine], units: Mapping[int, int]) -> GivenBack:
    """For ``units`` by line (position) that came back now."""
    dutiable = duty = consumption = vat = 0
    for line in lines:
        now = units.get(line.position, 0)
        if not now:
            continue
        parts = [
            part_of(total, line.quantity, before=line.back, now=now)
            for total in (
                *(line.dutiable, line.tax.duty),
                *(line.tax.consumption_tax, line.tax.vat),
            )
        ]
        dutiable += parts[0]
        duty += parts[1]
        consumption += parts[2]
        vat += parts[3]
    return GivenBack(dutiable, Tax(duty, consumption, vat))
