"""What an address asks of a list, read and understood.

The parameters are the same everywhere: ``q``, ``sort`` (``-placed_at``), ``after``, ``before``,
``limit`` and each list's own filters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.http import QueryDict

from core.filters import BadListing
from core.listings import LIMIT, Listing

MOST_ROWS = 200
#: Longer search words find nothing that shorter ones do not.
LONGEST_SEARCH = 100


class BadSort(BadListing):
    """The list cannot be sorted by that."""

    code = "core.bad_sort"


class BadLimit(BadListing):
    """A page of a list has between 1 and 200 rows."""

    code = "core.bad_limit"


class BadCursor(BadListing):
    """The place in the list that the address names is not known; start from its first page."""

    code = "core.bad_cursor"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What was asked for, understood. ``given`` is the same as it came, without the place."""

    words: str = ""
    sort: str = ""
    descending: bool = False
    after: tuple[Any, Any] | None = None
    before: tuple[Any, Any] | None = None
    limit: int = LIMIT
    chosen: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.chosen)

    @property
    def order(self) -> str:
        return f"-{self.sort}" if self.descending else self.sort


def parse(listing: Listing, params: Mapping[str, Any] | QueryDict) -> ListQuery:
    """Read an address's parameters. Names the list does not know are left alone.

    Raises BadListing naming the parameter.
    """
    given = _as_lists(listing, params)
    order = _last(given, "sort") or listing.default
    sort, descending = order.removeprefix("-"), order.startswith("-")
    if sort not in listing.sorts:
        raise BadSort(parameter="sort", value=order[:80], allowed=sorted(listing.sorts))
    after, before = _last(given, "after"), _last(given, "before")
    if after and before:
        raise BadCursor(parameter="before")
    chosen = {}
    for one in listing.filters:
        value = one.read(given)
        if value is not None:
            chosen[one.name] = value
    words = " ".join(_last(given, "q").replace("\x00", " ").split())[:LONGEST_SEARCH].strip()
    return ListQuery(
        words=words if listing.search else "",
        sort=sort,
        descending=descending,
        after=_opened(listing, "after", after, order),
        before=_opened(listing, "before", before, order),
        limit=_limit(_last(given, "limit"), listing.limit),
        chosen=chosen,
        given={
            name: tuple(values)
            for name, values in given.items()
            if name not in {"after", "before"} and any(values)
        },
    )


def _as_lists(listing: Listing, params: Mapping[str, Any] | QueryDict) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in listing.parameters:
        if name not in params:
            continue
        if isinstance(params, QueryDict):
            found[name] = params.getlist(name)
            continue
        value = params[name]
        several = value if isinstance(value, list | tuple) else [value]
        found[name] = [str(one) for one in several if one is not None]
    return found


def _last(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name) or ("",)
    return values[-1].strip()


def _limit(told: str, usual: int) -> int:
    if not told:
        return usual
    if not (told.isascii() and told.isdecimal()) or not 1 <= int(told[:9]) <= MOST_ROWS:
        raise BadLimit(parameter="limit", value=told[:80])
    return int(told)


def salt_of(listing: Listing) -> str:
    return f"core.listing.{listing.name}"


def _opened(listing: Listing, name: str, told: str, order: str) -> tuple[Any, Any] | None:
    if not told:
        return None
    try:
        sealed_order, value, key = signing.loads(told, salt=salt_of(listing))
    except (signing.BadSignature, ValueError, TypeError):
        raise BadCursor(parameter=name) from None
    if sealed_order != order:
        # Asked for in another order, the row stands elsewhere.
        raise BadCursor(parameter=name, sort=order)
    return value, key
