"""A carrier's number rests: it is given to no other parcel for a while.

Source: specification for companies (企业对接报文规范), notes on CEB511: the number of a parcel is
not used again within six months. From when on that holds is not told; it stands in both editions.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Rest:
    """From a day on, so many months."""

    since: date
    months: int


#: Of the edition of 2018, the first that is known; a change of the rule is a further row.
RESTS = (Rest(date(2018, 9, 30), 6),)


def rests_until(at: datetime, rests: Sequence[Rest] = RESTS) -> datetime:
    """Until when a number that is used at ``at`` (aware) is no other parcel's: the same day so many
    months later, or the last of a month that is shorter."""
    day = at.date()
    months = next((one.months for one in reversed(rests) if one.since <= day), rests[0].months)
    year, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + year, month + 1
    return at.replace(year=year, month=month, day=min(at.day, monthrange(year, month)[1]))
