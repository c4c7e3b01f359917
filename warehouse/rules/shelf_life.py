"""When somebody is told that goods near the end of their life, or of their time in bond."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

#: Days before its expiry at which the owner of a lot hears of it, once at each.
EXPIRY_DAYS = (180, 90, 60, 30)
#: Days that goods may lie in bond, and days before their end at which the owner hears of it.
BOND_LIMIT_DAYS = 730
BOND_DAYS = (90, 60, 30, 0)
#: Days of sales from which the pace is taken.
PACE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Window:
    """Lots that reach a threshold (``days``) since the last look: their day lies after ``after``,
    up to ``until``. What came in since then is told of at its nearest threshold alone, which
    begins after ``nearer``."""

    days: int
    after: date
    until: date
    nearer: date


def windows(thresholds: Sequence[int], *, today: date, looked_on: date | None) -> list[Window]:
    """What of each threshold is news today, if somebody last looked on a day; without one, all
    that lies within a threshold and no nearer one. A threshold is told of once."""
    found = []
    for days, nearer in pairwise((*thresholds, None)):
        until = today + timedelta(days=days or 0)
        # Nothing is nearer than the last: what is past its day as well.
        begins = date.min if nearer is None else today + timedelta(days=nearer)
        after = begins if looked_on is None else looked_on + timedelta(days=days or 0)
        found.append(Window(days or 0, after, until, begins))
    return found


def wasted(lots: Iterable[tuple[date, int]], *, sold: int, today: date) -> int:
    """Units of one product that will not be sold by the day before they expire, if they go on to
    be sold as in the last 90 days, first expired first; of each lot its expiry and its units.

    What is sold of an earlier lot is not sold of a later one. Whole units, rounded up.
    """
    waste = gone = 0
    for expires_on, units in sorted(lots):
        days_left = max((expires_on - today).days, 0)
        taken = min(units, max(sold * days_left // PACE_DAYS - gone, 0))
        gone += taken
        waste += units - taken
    return waste
