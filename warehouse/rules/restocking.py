"""How long stock lasts at the pace of the last weeks, and what lies without being asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: What was drawn in so many days tells the pace; of younger stock, in the days it has been there.
PACE_DAYS = 90
#: Stock of which nothing was drawn for so long is slow, unless somebody asks for other days.
SLOW_DAYS = 60


class Standing(StrEnum):
    """What a seller should know of a product first."""

    OUT = "out"
    RUNS_OUT = "runs_out"
    SLOW = "slow"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class Pace:
    """Of one product of one seller: units it may sell, units drawn in the last days, and when.

    ``first_on`` is when it first came, ``last_on`` when something was last drawn, ``arrives_on``
    when more is expected; empty where that never was, or is not known.
    """

    available: int
    drawn: int
    first_on: date | None
    last_on: date | None
    arrives_on: date | None


def cover_days(pace: Pace, today: date) -> int | None:
    """Whole days for which what is there lasts; None where nothing was drawn."""
    if not pace.drawn:
        return None
    return pace.available * pace_days(pace, today) // pace.drawn


def pace_days(pace: Pace, today: date) -> int:
    """In how many days what was drawn was drawn; at least one."""
    there = (today - pace.first_on).days if pace.first_on else PACE_DAYS
    return min(PACE_DAYS, max(1, there))


def idle_days(pace: Pace, today: date) -> int | None:
    """Days since something was last drawn, or since it came; None where nothing ever came."""
    since = max((one for one in (pace.last_on, pace.first_on) if one), default=None)
    return None if since is None else max(0, (today - since).days)


def runs_out_on(pace: Pace, today: date) -> date | None:
    """The first day on which nothing is left at this pace; today where nothing is there."""
    cover = cover_days(pace, today)
    # Beyond that the calendar ends; nobody restocks for it.
    return None if cover is None else today + timedelta(days=min(cover, 36_500))


def standing(pace: Pace, today: date) -> Standing:
    """Out before running out, running out before slow: what costs a sale comes first.

    What runs out before the next arrival, or within a quarter where none is known, runs out.
    """
    out_on, idle = runs_out_on(pace, today), idle_days(pace, today)
    if not pace.available:
        return Standing.OUT if pace.drawn else Standing.WELL
    if out_on is not None and out_on < (pace.arrives_on or today + timedelta(days=PACE_DAYS)):
        return Standing.RUNS_OUT
    if idle is not None and idle >= SLOW_DAYS:
        return Standing.SLOW
    return Standing.WELL
