"""What must hold of a release that the authority gave for retail lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.errors import DomainError, InputError

MOST_LISTS = 1_000
LONGEST_REFERENCE = 40


class RetailListUnknown(InputError):
    """There is no retail list of this number."""

    code = "customs.retail_list_unknown"


class TooManyLists(InputError):
    """Too many retail lists at once; record them in smaller parts."""

    code = "customs.too_many_lists"


class ReferenceWrong(InputError):
    """A reference of the authority is one line of printable text of 40 places at most."""

    code = "customs.reference_wrong"


class ReleaseInTheFuture(InputError):
    """A release cannot be recorded before the authority gave it."""

    code = "customs.release_in_the_future"


class ReleaseBeforeList(InputError):
    """The authority cannot have released a retail list before it was drawn."""

    code = "customs.release_before_list"


class RetailListVoided(DomainError):
    """This retail list is void: its order was cancelled or merged."""

    code = "customs.retail_list_voided"


class RetailListReleased(DomainError):
    """The release of this retail list was recorded before, under another reference."""

    code = "customs.retail_list_released"


@dataclass(frozen=True, slots=True)
class ListStands:
    """A retail list as it stands: ``released`` is the reference of its release, None before."""

    number: str
    drawn_at: datetime
    released: str | None = None
    is_voided: bool = False


def check_told(reference: str, released_at: datetime, *, now: datetime) -> str:
    """The reference without stray spaces. Raises ReferenceWrong or ReleaseInTheFuture."""
    tidied = reference.strip()
    if len(tidied) > LONGEST_REFERENCE or not tidied.isprintable():
        raise ReferenceWrong(field="reference", longest=LONGEST_REFERENCE)
    if released_at > now:
        raise ReleaseInTheFuture(field="released_at")
    return tidied


def to_release(
    wanted: Collection[str],
    stands: Mapping[str, ListStands],
    *,
    reference: str,
    released_at: datetime,
) -> Sequence[str]:
    """Which of these lists (numbers) are released by this; what was recorded before is left.

    Raises TooManyLists, RetailListUnknown, RetailListVoided, RetailListReleased or
    ReleaseBeforeList, each naming the first list.
    """
    if len(wanted) > MOST_LISTS:
        raise TooManyLists(lists=len(wanted), limit=MOST_LISTS)
    fresh = []
    for number in sorted(set(wanted)):
        if number not in stands:
            raise RetailListUnknown(list=number)
        one = stands[number]
        if one.is_voided:
            raise RetailListVoided(list=number)
        if one.released is not None:
            if one.released != reference:
                raise RetailListReleased(list=number, reference=one.released)
            continue
        if released_at < one.drawn_at:
            raise ReleaseBeforeList(list=number, field="released_at")
        fresh.append(number)
    return fresh
