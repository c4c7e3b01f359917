"""When the papers of an entry may be handed out together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.errors import DomainError, InputError

#: Hours that a link to a set may last; a customs broker needs days, not months.
SHORTEST, LONGEST = 1, 14 * 24
#: Bytes of the sets of several declarations in one file: it is made in memory.
MOST_BYTES = 100_000_000
#: Declarations whose sets are asked for at once by a program; a person's list goes to a worker.
MOST_SETS = 50


class PapersNotReady(DomainError):
    """A set is released once each of its papers is made and says what the data say now."""

    code = "customs.papers_not_ready"


class NotReleased(DomainError):
    """Only a released set whose papers still hold is handed out."""

    code = "customs.papers_not_released"


class NoLongerDeclared(DomainError):
    """What was sent back, replaced or withdrawn is kept, and not handed out: the papers of the
    declaration that took its place are."""

    code = "customs.papers_no_longer_declared"


class NoSetReleased(DomainError):
    """Choose at least one declaration whose released set still holds."""

    code = "customs.no_set_released"


class SetsTooLarge(InputError):
    """These sets are too large for one file; choose fewer declarations."""

    code = "customs.paper_sets_too_large"


class LinkTooLong(InputError):
    """A link to papers lasts between one hour and fourteen days."""

    code = "customs.paper_link_too_long"


class LinkOver(DomainError):
    """This link to papers was taken back already, or its time is over."""

    code = "customs.paper_link_over"


def check_ready(missing: Iterable[str]) -> None:
    """``missing`` names papers that are not made, or whose data changed. Raises PapersNotReady."""
    names = list(missing)
    if names:
        raise PapersNotReady(papers=names)


def check_size(size: int) -> None:
    """``size`` of all files in bytes. Raises SetsTooLarge."""
    if size > MOST_BYTES:
        raise SetsTooLarge(bytes=size, limit=MOST_BYTES)


def expiry(*, hours: int, now: datetime) -> datetime:
    """When a link of so many hours ends. Raises LinkTooLong."""
    if not SHORTEST <= hours <= LONGEST:
        raise LinkTooLong(hours=hours)
    return now + timedelta(hours=hours)


def why_over(
    *, expires_at: datetime, revoked_at: datetime | None, holds: bool, now: datetime
) -> str:
    """``revoked``, ``expired`` or ``changed``; empty while the link is good."""
    if revoked_at is not None:
        return "revoked"
    if now >= expires_at:
        return "expired"
    return "" if holds else "changed"
