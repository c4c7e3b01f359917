"""What a warehouse may do with goods that lie there: set aside, free, write off."""

from __future__ import annotations

from datetime import date

from core.errors import DomainError
from warehouse.rules import posting
from warehouse.rules.fulfilling import is_expired
from warehouse.rules.posting import Kind, Leg, Place, Status


class NothingLiesThere(DomainError):
    """None of it lies there any more."""

    code = "warehouse.nothing_lies_there"


class NotExpiredYet(DomainError):
    """This lot has not expired yet, or has no day on which it does."""

    code = "warehouse.not_expired_yet"


def plan_change(
    place: Place, units: int, *, after: Status | None, expires_on: date | None, today: date
) -> tuple[Kind, tuple[Leg, ...]]:
    """The movement that brings units into another status; ``after`` None destroys them.

    Raises NothingLiesThere, NotExpiredYet, StatusDoesNotFollow or NotToBeDestroyed.
    """
    if units < 1:
        raise NothingLiesThere(status=place.status.value)
    if after is None:
        legs = posting.destroyed(place.lot, place.location, units, status=place.status)
        return Kind.DESTROYED, legs
    if after == Status.EXPIRED and not is_expired(expires_on, today):
        raise NotExpiredYet(expires_on=expires_on, today=today)
    legs = posting.changed(place.lot, place.location, units, before=place.status, after=after)
    return Kind.CHANGED, legs
