"""What a consumer may send back, until when, and what of it a warehouse takes in.

Announcement 2018/194 of the customs administration: the seller applies within 30 days of the
release of the parcel, and the goods are back in the zone within 45 days of it, as they left. Then
their tax is not due and does not count in the buyer's year.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, InputError
from warehouse.rules import posting
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Leg

DAYS_TO_ASK = 30
DAYS_TO_COME = 45
LONGEST_REASON = 200
_GONE = frozenset({Stage.HANDED_OVER, Stage.DELIVERED})


class ReturnState(StrEnum):
    ANNOUNCED = "announced"
    ARRIVED = "arrived"
    REFUSED = "refused"


class ReturnTooLate(DomainError):
    """A return is asked for within 30 days of the release of the parcel by customs."""

    code = "warehouse.return_too_late"


class NotGoneYet(DomainError):
    """Only what a carrier has or had can come back; cancel the order instead."""

    code = "warehouse.not_gone_yet"


class MoreThanWent(DomainError):
    """No more can come back of a line than went out, less what came or is to come back already."""

    code = "warehouse.more_than_went"


class NothingComesBack(InputError):
    """Say how many units come back, at least one."""

    code = "warehouse.nothing_comes_back"


class ReturnReasonMissing(InputError):
    """Say why, in 200 characters at most."""

    code = "warehouse.return_reason_missing"


class ReturnEnded(DomainError):
    """This return has arrived already, or was refused."""

    code = "warehouse.return_ended"


class CountOverReturn(InputError):
    """More was counted than is to come back; what does not belong to it is not taken in."""

    code = "warehouse.count_over_return"


class CameTooLate(DomainError):
    """The goods came back later than 45 days after their release; the zone does not take them."""

    code = "warehouse.came_too_late"


class NotAsTheyLeft(DomainError):
    """The goods are not those of the order, or not as they left, so they are not taken in."""

    code = "warehouse.not_as_they_left"


@dataclass(frozen=True, slots=True)
class Went:
    """Units of one lot that went out for one line, and of them those that came back before."""

    reservation: int
    position: int
    lot: int
    location: int
    quantity: int
    back: int = 0


def comes_until(released_on: date) -> date:
    """The last day on which the goods may be back in the zone."""
    return released_on + timedelta(days=DAYS_TO_COME)


def check_why(reason: str) -> str:
    """Without stray spaces. Raises ReturnReasonMissing."""
    told = " ".join(reason.split())
    if not told or len(told) > LONGEST_REASON or not told.isprintable():
        raise ReturnReasonMissing(field="reason", longest=LONGEST_REASON)
    return told


def check_announced(
    stage: str,
    *,
    released_on: date | None,
    today: date,
    went: Sequence[Went],
    coming: Mapping[int, int],
    units: Mapping[int, int],
) -> dict[int, int]:
    """The units by line (position) that come back, without lines of none.

    ``coming`` are those of returns that are announced and have not arrived.

    Raises NotGoneYet, ReturnTooLate, NothingComesBack or MoreThanWent, naming the line.
    """
    if Stage(stage) not in _GONE or released_on is None:
        raise NotGoneYet(state=str(stage))
    last = released_on + timedelta(days=DAYS_TO_ASK)
    if today > last:
        raise ReturnTooLate(until=last)
    wanted = {position: n for position, n in sorted(units.items()) if n}
    if not wanted or any(n < 0 for n in wanted.values()):
        raise NothingComesBack
    left = Counter[int]()
    for one in went:
        left[one.position] += one.quantity - one.back
    for position, n in wanted.items():
        there = left[position] - coming.get(position, 0)
        if n > there:
            raise MoreThanWent(line=position, wanted=n, available=there)
    return wanted


def check_open(state: str) -> None:
    """Raises ReturnEnded."""
    if state != ReturnState.ANNOUNCED:
        raise ReturnEnded(state=str(state))


def check_in_time(until: date, today: date) -> None:
    """Raises CameTooLate."""
    if today > until:
        raise CameTooLate(until=until)


def plan_arrival(
    went: Sequence[Went], *, announced: Mapping[int, int], counted: Mapping[int, int]
) -> list[tuple[Went, int]]:
    """What is taken in, by lot; ``counted`` are units by reservation (id), ``announced`` by line.

    Raises NothingComesBack or CountOverReturn, naming the line.
    """
    known = {one.reservation: one for one in went}
    taken = [(known[key], n) for key, n in sorted(counted.items()) if n and key in known]
    if len(taken) < sum(1 for n in counted.values() if n):
        raise CountOverReturn(units=sum(counted.values()))
    if not taken or any(n < 0 for _one, n in taken):
        raise NothingComesBack
    by_line = Counter[int]()
    for one, n in taken:
        by_line[one.position] += n
        if n > one.quantity - one.back or by_line[one.position] > announced.get(one.position, 0):
            raise CountOverReturn(
                line=one.position,
                counted=by_line[one.position],
                announced=announced.get(one.position, 0),
            )
    return taken


def legs_of(taken: Sequence[tuple[Went, int]]) -> list[Leg]:
    """From the consumer into quarantine, where each of them is laid."""
    return [leg for one, n in taken for leg in posting.came_back(one.lot, one.location, n)]


def is_all_back(went: Sequence[Went], taken: Sequence[tuple[Went, int]]) -> bool:
    """Whether nothing of the order is with its buyer any more."""
    now = Counter({one.reservation: n for one, n in taken})
    return all(one.back + now[one.reservation] >= one.quantity for one in went)
