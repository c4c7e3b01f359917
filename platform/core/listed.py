"""Lists over rows of any kind: of a table, worked out and held in memory, or found in many tables.

What a file would do, or what became of its orders, stands in no table of its own; it is
searched, narrowed, sorted and paged like everything else. Rows in memory are few thousand at
the most and have a ``pk``, their place among the others. What many tables hold together has one
order and is only walked from its start to its end, for a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, Protocol, runtime_checkable

from django.core import signing
from django.db.models import Q, QuerySet

from core import listing as stored
from core.listing import BadCursor, Listing, ListQuery, Slice, Sums


class Listed:
    """Rows in memory, in the order of their ``pk``."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self.rows = list(rows)


@runtime_checkable
class Walked(Protocol):
    """Rows of many tables in one order of their own, which read the filters themselves."""

    def how_many(self, query: ListQuery, *, most: int | None = None) -> int:
        """The rows that match; of more than ``most``, one more than that."""
        ...

    def walk(self, query: ListQuery, *, step: int) -> Iterator[list[Any]]: ...


Rows = QuerySet[Any] | Listed
#: What a file can be made of.
Exportable = Rows | Walked

_ASKED: Mapping[str, Callable[[Any, Any], bool]] = {
    "exact": lambda value, told: value == told,
    "in": lambda value, told: value in told,
    "gte": lambda value, told: value is not None and value >= told,
    "lte": lambda value, told: value is not None and value <= told,
    "lt": lambda value, told: value is not None and value < told,
    "icontains": lambda value, told: str(told).lower() in str(value or "").lower(),
    "begins": lambda value, told: str(value or "").startswith(told),
    "startswith": lambda value, told: str(value or "").startswith(told),
    "isnull": lambda value, told: (value is None) == told,
}


def fits(row: Any, condition: Q) -> bool:
    """Whether a row in memory is one that a query with this condition would find."""
    return _fitting(condition)(row)


def _fitting(condition: Q) -> Callable[[Any], bool]:
    each = [
        _fitting(child) if isinstance(child, Q) else _asking(*child)  # type: ignore[misc]
        for child in condition.children
    ]
    some = any if condition.connector == Q.OR and each else all
    return lambda row: some(one(row) for one in each) != condition.negated


def _asking(path: str, told: Any) -> Callable[[Any], bool]:
    name, _, asked = path.rpartition("__")
    if not name or asked not in _ASKED:
        name, asked = path, "exact"
    value, holds = _reader(name), _ASKED[asked]
    return lambda row: holds(value(row), told)


@cache
def _reader(path: str) -> Callable[[Any], Any]:
    """What a path leads to in a row; None where the way ends early."""
    parts = path.split("__")

    def read(row: Any) -> Any:
        for part in parts:
            row = getattr(row, part, None)
        return row

    return read


def narrow(listing: Listing, rows: Rows, query: ListQuery) -> Rows:
    """The rows that match the search and the filters."""
    if not isinstance(rows, Listed):
        return stored.narrow(listing, rows, query)
    wanted = Q()
    for one in listing.filters:
        if one.name in query.chosen:
            wanted &= one.condition(query.chosen[one.name])
    if query.words and listing.search:
        wanted &= listing.search.condition(query.words)
    if not wanted:
        return rows
    is_wanted = _fitting(wanted)
    return Listed([row for row in rows.rows if is_wanted(row)])


def take(listing: Listing, rows: Rows, query: ListQuery) -> Slice[Any]:
    """One page of a list. Raises BadCursor for a cursor that does not fit the rows."""
    if not isinstance(rows, Listed):
        return stored.take(listing, rows, query)
    return _page(listing, _sorted(listing, rows, query), query)


def first_of(found: QuerySet[Any], most: int) -> list[Any]:
    """The first rows in their order, by their keys, as a page of a list is found."""
    keys = list(found.values_list("pk", flat=True)[:most])
    known = {row.pk: row for row in found.filter(pk__in=keys)}
    return [known[key] for key in keys if key in known]


def totals(listing: Listing, rows: Rows, query: ListQuery) -> Sums:
    """Count what matches, and add its columns up."""
    if not isinstance(rows, Listed):
        return stored.totals(listing, rows, query)
    return _totals(listing, _kept(listing, rows, query))


def _totals(listing: Listing, found: list[Any]) -> Sums:
    sums: dict[str, dict[str, int]] = {}
    for one in listing.totals:
        value, unit_of = _reader(one.path), _reader(one.currency)
        for row in found:
            unit = one.fixed or (str(unit_of(row)) if one.currency else "")
            added = sums.setdefault(one.name, {})
            added[unit] = added.get(unit, 0) + (value(row) or 0)
    return Sums(len(found), False, sums)


def take_and_add(listing: Listing, rows: Rows, query: ListQuery) -> tuple[Slice[Any], Sums]:
    """One page, and what all that match come to; nothing where the page is empty."""
    if not isinstance(rows, Listed):
        return stored.take_and_add(listing, rows, query)
    found = _sorted(listing, rows, query)
    page = _page(listing, found, query)
    return page, _totals(listing, found) if page.rows else Sums(0, False, {})


def walk(
    listing: Listing, rows: Exportable, query: ListQuery, *, step: int = 500
) -> Iterator[list[Any]]:
    """Every row that matches, page by page from the start."""
    if isinstance(rows, Walked):
        yield from rows.walk(query, step=step)
        return
    if not isinstance(rows, Listed):
        yield from stored.walk(listing, rows, query, step=step)
        return
    found = _sorted(listing, rows, query)
    for start in range(0, len(found), step):
        yield found[start : start + step]


def how_many(
    listing: Listing, rows: Exportable, query: ListQuery, *, most: int | None = None
) -> int:
    """How many rows match, however many there are; or one more than ``most`` when there are."""
    if isinstance(rows, Walked):
        return rows.how_many(query, most=most)
    found = narrow(listing, rows, query)
    if isinstance(found, Listed):
        return len(found.rows)
    return found.count() if most is None else found[: most + 1].count()


def _sorted(listing: Listing, rows: Listed, query: ListQuery) -> list[Any]:
    """As a table's rows: by the sort and then the key; without a value last, either way round."""
    told = _reader(listing.sort(query.sort).path)
    placed = [(told(row), row.pk, row) for row in _kept(listing, rows, query)]
    has = [one for one in placed if one[0] is not None]
    bare = [one for one in placed if one[0] is None]
    has.sort(key=itemgetter(0, 1), reverse=query.descending)
    bare.sort(key=itemgetter(1), reverse=query.descending)
    return [row for _value, _key, row in [*has, *bare]]


def _kept(listing: Listing, rows: Listed, query: ListQuery) -> list[Any]:
    kept = narrow(listing, rows, query)
    return kept.rows if isinstance(kept, Listed) else []


def _page(listing: Listing, found: list[Any], query: ListQuery) -> Slice[Any]:
    place = query.before or query.after
    start, end = 0, query.limit
    if place is not None:
        keys = [str(row.pk) for row in found]
        if str(place[1]) not in keys:
            raise BadCursor(parameter="before" if query.before else "after")
        at = keys.index(str(place[1]))
        start = max(0, at - query.limit) if query.before else at + 1
        end = at if query.before else start + query.limit
    rows = found[start:end]
    if not rows:
        return Slice([], None, None, query.limit)
    return Slice(
        rows,
        next=_sealed(listing, query, rows[-1]) if end < len(found) else None,
        previous=_sealed(listing, query, rows[0]) if start > 0 else None,
        limit=query.limit,
    )


def _sealed(listing: Listing, query: ListQuery, row: Any) -> str:
    return signing.dumps([query.order, None, str(row.pk)], salt=stored.salt_of(listing))
