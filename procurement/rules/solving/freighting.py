"""How goods of a given volume and weight are shipped most cheaply, exactly.

Goods fill containers by volume and by weight, and what does not fit goes as LCL, priced per
cubic metre or tonne, whichever is more; since a cubic metre is 10**6 cm3 and a tonne 10**6 g,
the LCL measure is simply the larger of the two numbers. How the cartons stand inside a
container is not looked at: what a type holds is what its terms say it holds, stowed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from procurement.rules.solving.terms import MILLION, Lane


@dataclass(frozen=True, slots=True)
class Load:
    """One order's freight: how many of each container type, and the LCL measure (cm3 or g)."""

    containers: tuple[tuple[str, int], ...] = ()
    lcl: int = 0

    @property
    def count(self) -> int:
        return sum(number for _, number in self.containers)


def half_up(number: int, divisor: int) -> int:
    """``number / divisor`` to the next whole number, a half up; both at least nothing."""
    return (2 * number + divisor) // (2 * divisor)


def lcl_cost(lane: Lane, measure: int) -> int:
    """Fen for an LCL measure of more than nothing; rounded once."""
    return max(lane.lcl_minimum, half_up((lane.lcl_price or 0) * measure, MILLION))


def load_cost(lane: Lane, load: Load) -> int:
    """Fen for a load as it is."""
    prices = {container.code: container.price for container in lane.containers}
    total = sum(prices[code] * number for code, number in load.containers)
    return total + (lcl_cost(lane, load.lcl) if load.lcl else 0)


def room(lane: Lane, load: Load) -> tuple[int, int]:
    """The cm3 and the grams that a load can take, its LCL measure included."""
    types = {container.code: container for container in lane.containers}
    cm3 = sum(types[code].cm3 * number for code, number in load.containers)
    grams = sum(types[code].grams * number for code, number in load.containers)
    return cm3 + load.lcl, grams + load.lcl


class Freight:
    """The cheapest load of one lane, by exact search; answers are remembered."""

    #: Beyond so many containers the rest goes into the type of the best value unsearched.
    SEARCHED: Final = 300

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        #: The best value first, so that the search meets a good answer early.
        self._types = sorted(
            lane.containers, key=lambda c: (c.price / min(c.cm3, c.grams), c.price, c.code)
        )
        # The least that a cubic centimetre and a gram cost with the types from each on.
        cm3 = grams = math.inf if lane.lcl_price is None else lane.lcl_price / MILLION
        self._least = [(cm3, grams)]
        for container in reversed(self._types):
            cm3 = min(cm3, container.price / container.cm3)
            grams = min(grams, container.price / container.grams)
            self._least.insert(0, (cm3, grams))
        self._smallest = min((kind.price for kind in lane.containers), default=math.inf)
        self._known: dict[tuple[int, int], tuple[int, Load]] = {}

    def rates(self) -> tuple[float, float]:
        """The least that a cm3 and a gram cost: the price of well-filled space."""
        return self._least[0] if self.lane.pays_freight else (0.0, 0.0)

    def cost(self, cm3: int, grams: int) -> int:
        return self.cheapest(cm3, grams)[0]

    def cheapest(self, cm3: int, grams: int) -> tuple[int, Load]:
        """Fen and load; among loads that cost the same, the one with fewer containers."""
        if not self.lane.pays_freight or (cm3 <= 0 and grams <= 0):
            return 0, Load()
        if self.lane.lcl_price is not None:
            part = lcl_cost(self.lane, max(cm3, grams))
            if part <= self._smallest:
                # No container costs less than all of it as part load.
                return part, Load(lcl=max(cm3, grams))
        known = self._known.get((cm3, grams))
        if known is None:
            known = self._known[cm3, grams] = self._search(cm3, grams)
        return known

    def _bound(self, at: int, cm3: int, grams: int) -> float:
        """No load of the types from ``at`` on costs less for what is left."""
        by_cm3, by_grams = self._least[at]
        least = max(cm3 * by_cm3 if cm3 > 0 else 0.0, grams * by_grams if grams > 0 else 0.0)
        # A fen of slack keeps the float on the safe side.
        return least * (1 - 1e-12) - 1

    def _search(self, cm3: int, grams: int) -> tuple[int, Load]:
        best = _Best()
        counts = [0] * len(self._types)
        settled = 0
        if self._types:
            first = self._types[0]
            full = max(-(-cm3 // first.cm3), -(-grams // first.grams))
            settled = max(full - self.SEARCHED, 0)
            cm3, grams = cm3 - settled * first.cm3, grams - settled * first.grams

        def descend(at: int, spent: int, cm3: int, grams: int) -> None:
            left = max(cm3, grams, 0)
            if not left or self.lane.lcl_price is not None:
                best.meet(spent + (lcl_cost(self.lane, left) if left else 0), counts, left)
            if not left or at == len(self._types):
                return
            kind = self._types[at]
            before = math.inf
            for number in range(max(-(-cm3 // kind.cm3), -(-grams // kind.grams)), -1, -1):
                rest = (cm3 - number * kind.cm3, grams - number * kind.grams)
                paid = spent + number * kind.price
                bound = paid + self._bound(at + 1, *rest)
                if bound <= best.cost:
                    counts[at] = number
                    descend(at + 1, paid, *rest)
                elif bound >= before:
                    # The bound is convex in the number: from here on it only rises.
                    break
                before = bound
            counts[at] = 0

        descend(0, 0, cm3, grams)
        if settled:
            best.counts[0] += settled
            best.cost += settled * self._types[0].price
        chosen = {kind.code: n for kind, n in zip(self._types, best.counts, strict=True) if n}
        return int(best.cost), Load(tuple(sorted(chosen.items())), best.lcl)


class _Best:
    def __init__(self) -> None:
        self.cost: float = math.inf
        self.counts: list[int] = []
        self.lcl = 0

    def meet(self, cost: int, counts: list[int], lcl: int) -> None:
        if (cost, sum(counts)) < (self.cost, sum(self.counts)):
            self.cost, self.counts, self.lcl = cost, list(counts), lcl
