"""What a product will likely cost at today's pool, and how far the next price is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: A pool total, and what follows from it, is shown to a seller from so many sellers on.
SELLERS_TO_SHOW = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """An order of today's pool: ``packs`` for ``amount``, and the next cheaper break if any.

    Minor units of the offer's currency. ``missing`` packs reach a break at which
    ``next_packs`` would cost ``next_amount``.
    """

    packs: int
    amount: int
    missing: int = 0
    next_packs: int = 0
    next_amount: int = 0


def outlook(
    *,
    units: int,
    pack: int,
    minimum: int,
    breaks: Sequence[tuple[int, int]],
    is_incremental: bool = False,
) -> Outlook | None:
    """What ``units`` cost in whole packs of an offer; None where nothing is wanted.

    ``breaks`` are (from packs, price per pack), starts rising. The minimum counts; buying more
    than is wanted to reach a break is left to the plan of the round.
    """
    steps = sorted(breaks)
    if units < 1 or not steps:
        return None
    packs = max(-(-max(units, minimum) // pack), steps[0][0])
    amount = _cost(packs, steps, is_incremental)
    reached = min(price for start, price in steps if start <= packs)
    for start, price in steps:
        if start > packs and price < reached:
            return Outlook(packs, amount, start - packs, start, _cost(start, steps, is_incremental))
    return Outlook(packs, amount)


def _cost(packs: int, steps: Sequence[tuple[int, int]], is_incremental: bool) -> int:
    if not is_incremental:
        # Prices never rise, so the last break that is reached is the cheapest.
        return packs * next(price for start, price in reversed(steps) if start <= packs)
    ends = [start - 1 for start, _price in steps[1:]] + [packs]
    begins = [0, *(start - 1 for start, _price in steps[1:])]
    return sum(
        max(0, min(end, packs) - begin) * price
        for begin, end, (_start, price) in zip(begins, ends, steps, strict=True)
    )
