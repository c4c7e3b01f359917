"""Lists of every size: search, filters, sorting, pages by key, totals. Pages and API alike.

A page is asked for by the last row one has seen, never by its number: the thousandth page
costs what the first does, and rows that come in between move nothing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import (
    BooleanField,
    Count,
    F,
    Field,
    Func,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import Coalesce

from core.asking import (
    MOST_ROWS,
    BadCursor,
    BadLimit,
    BadSort,
    ListQuery,
    parse,
    salt_of,
)
from core.filters import BadListing
from core.listings import LIMIT, Listing, Related, Search, Sort, Total, Way, any_of, one_of
from core.searching import first_places, keys_found, placed

__all__ = [
    "LIMIT",
    "MOST_COUNTED",
    "MOST_FOUND",
    "MOST_ROWS",
    "BadCursor",
    "BadLimit",
    "BadListing",
    "BadSort",
    "ListQuery",
    "Listing",
    "Related",
    "Search",
    "Slice",
    "Sort",
    "Sums",
    "Total",
    "narrow",
    "parse",
    "salt_of",
    "take",
    "take_and_add",
    "totals",
    "walk",
]

M = TypeVar("M", bound=Model)

#: Rows that are counted and added up; of more, a page says "more than".
MOST_COUNTED = 100_000
#: The same of what words find: looked for in several columns and tables, no one index counts them.
MOST_FOUND = 10_000
_KEY = "listing_key"
#: Where a row stands in a list: its value of the sort, and its key.
_Place = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Slice(Generic[M]):
    """One page: its rows, and the cursors of the pages beside it."""

    rows: list[M]
    next: str | None
    previous: str | None
    limit: int


@dataclass(frozen=True, slots=True)
class Sums:
    """How many rows there are and what they come to, by total name and currency ("" for units).

    ``is_capped``: there are more than ``count`` rows, which is too much to add up while somebody
    waits: then there are no sums.
    """

    count: int
    is_capped: bool
    sums: Mapping[str, Mapping[str, int]]


def _sealed(listing: Listing, query: ListQuery, place: _Place) -> str:
    value, key = place
    told = None if value is None else str(value)
    return signing.dumps([query.order, told, str(key)], salt=salt_of(listing))


def narrow(listing: Listing, queryset: QuerySet[M], query: ListQuery) -> QuerySet[M]:
    """The rows that match the search and the filters, in no order."""
    return _narrow(listing, queryset, query).rows


@dataclass(frozen=True, slots=True)
class _Narrowed(Generic[M]):
    """The rows that match, of ``all``; how they match beside the filters, where words were told.

    ``keys``: those of all that match, where the words found few enough; else ``ways`` tells how
    those ``among`` the rows that pass the filters are found.
    """

    all: QuerySet[M]
    rows: QuerySet[M]
    among: QuerySet[M]
    keys: Sequence[Any] | None = None
    ways: Sequence[Way] = ()


def _narrow(listing: Listing, queryset: QuerySet[M], query: ListQuery) -> _Narrowed[M]:
    found = queryset.order_by()
    for one in listing.filters:
        if one.name in query.chosen:
            found = found.filter(one.condition(query.chosen[one.name]))
    if not (query.words and listing.search):
        return _Narrowed(queryset, found, found)
    ways = listing.search.ways(query.words)
    keys = keys_found(found, ways, most=_most(query))
    if keys is None:
        return _Narrowed(queryset, found.filter(any_of(ways)), found, ways=ways)
    return _Narrowed(queryset, found.filter(one_of("pk", keys)), found, keys=keys)


class _Beyond(Func):
    """``(value, key) > (…, …)``: rows beyond a place, in a form that an index answers."""

    output_field = BooleanField()

    def __init__(self, path: str, place: _Place, *, ascending: bool) -> None:
        self.sign = ">" if ascending else "<"
        super().__init__(F(path), F("pk"), Value(place[0]), Value(place[1]))

    def as_sql(self, compiler: Any, *_more: Any, **_words: Any) -> tuple[str, tuple[Any, ...]]:
        parts: list[str] = []
        params: list[Any] = []
        for expression in self.get_source_expressions():
            sql, own = compiler.compile(expression)
            parts.append(sql)
            params += own
        return f"(({parts[0]}, {parts[1]}) {self.sign} ({parts[2]}, {parts[3]}))", tuple(params)


def take(listing: Listing, queryset: QuerySet[M], query: ListQuery) -> Slice[M]:
    """One page of a list. Raises BadCursor for a cursor that does not fit the rows."""
    return _page(listing, _narrow(listing, queryset, query), query)


def _page(listing: Listing, found: _Narrowed[M], query: ListQuery) -> Slice[M]:
    """The keys come from one index; what is joined to a row, and added up for it, is then asked
    for the page alone, and what was searched for is not asked again. In one statement the planner,
    who cannot see through the walls, joins whole tables first.

    A row that goes between the two statements is missing on its page; where the page ends, and
    whether there is another, is told by what was read first.
    """
    is_back = query.before is not None
    place = query.before or query.after
    places = _places(listing, found, query, place, is_back=is_back)
    has_more = len(places) > query.limit
    places = places[: query.limit]
    if is_back:
        places.reverse()
    if not places:
        return Slice([], None, None, query.limit)
    keys = [key for _value, key in places]
    known = {row.pk: row for row in found.all.order_by().filter(pk__in=keys)}
    first, last = (_sealed(listing, query, one) for one in (places[0], places[-1]))
    return Slice(
        [known[key] for key in keys if key in known],
        next=last if has_more or is_back else None,
        previous=first if (is_back and has_more) or (not is_back and place) else None,
        limit=query.limit,
    )


def _places(
    listing: Listing,
    narrowed: _Narrowed[M],
    query: ListQuery,
    place: _Place | None,
    *,
    is_back: bool,
) -> list[_Place]:
    """Where a page's rows and one more stand, in the direction of the walk.

    Rows with a value and rows without are two walks, so that each uses a plain index.
    """
    sort = listing.sort(query.sort)
    ascending = query.descending == is_back
    found = narrowed.among if narrowed.ways else narrowed.rows
    found = found.annotate(**{_KEY: F(sort.path)})
    if place is not None:
        place = _fitting(found, place, "before" if is_back else "after")
    told = [F(sort.path), F("pk")] if narrowed.keys is None else [placed(sort.path)]
    way = [one.asc() if ascending else one.desc() for one in told]
    bare = found.order_by("pk" if ascending else "-pk")
    valued = found.order_by(*way)
    if not sort.nullable:
        walks = [valued if place is None else valued.filter(_beyond(sort, place, ascending))]
    else:
        full = valued.filter(**{f"{sort.path}__isnull": False})
        empty = bare.filter(**{f"{sort.path}__isnull": True})
        if place is None:
            walks = [full, empty]
        elif place[0] is None:
            key = "pk__gt" if ascending else "pk__lt"
            rest = empty.filter(**{key: place[1]})
            walks = [rest, full] if is_back else [rest]
        else:
            rest = full.filter(_beyond(sort, place, ascending))
            walks = [rest] if is_back else [rest, empty]
    if narrowed.keys is not None and sort.path == "pk":
        beside = _beside(narrowed.keys, place, query.limit + 1, ascending=ascending)
        return [(key, key) for key in beside]
    places: list[_Place] = []
    for walk in walks:
        most = query.limit + 1 - len(places)
        if most and narrowed.ways:
            places += first_places(
                walk, narrowed.ways, sort.path, most, ascending=ascending, value=_KEY
            )
        elif most:
            places += walk.values_list(_KEY, "pk")[:most]
    return places


def _beside(keys: Sequence[Any], place: _Place | None, most: int, *, ascending: bool) -> list[Any]:
    """Of all keys those that come next, in their own order."""
    if place is not None:
        keys = [key for key in keys if (key > place[1] if ascending else key < place[1])]
    return sorted(keys, reverse=not ascending)[:most]


def _beyond(sort: Sort, place: _Place, ascending: bool) -> Q | _Beyond:
    if sort.path == "pk":
        return Q(pk__gt=place[1]) if ascending else Q(pk__lt=place[1])
    return _Beyond(sort.path, place, ascending=ascending)


def _fitting(found: QuerySet[Any], place: _Place, name: str) -> _Place:
    """A cursor's texts as the values of the columns."""
    kept: Field[Any, Any] = found.query.annotations[_KEY].output_field
    try:
        value = None if place[0] is None else kept.to_python(place[0])
        return value, found.model._meta.pk.to_python(place[1])
    except (ValidationError, ValueError, TypeError, ArithmeticError):
        raise BadCursor(parameter=name) from None


def walk(
    listing: Listing, queryset: QuerySet[M], query: ListQuery, *, step: int = 500
) -> Iterator[list[M]]:
    """Every row that matches, page by page from the start: for exports, in bounded memory.

    Which rows and in which order is read in one statement: whatever changes while a long file is
    written, each row that matched at the beginning is in it once.
    """
    keys = _keys(listing, narrow(listing, queryset, query), query)
    for start in range(0, len(keys), step):
        part = list(keys[start : start + step])
        rows = queryset.order_by().in_bulk(part)
        if page := [rows[key] for key in part if key in rows]:
            yield page


def _keys(listing: Listing, found: QuerySet[M], query: ListQuery) -> Sequence[Any]:
    """The keys of all rows in their order: a million whole numbers are eight megabytes."""
    sort = listing.sort(query.sort)
    if query.descending:
        way = (F(sort.path).desc(nulls_last=True), F("pk").desc())
    else:
        way = (F(sort.path).asc(nulls_last=True), F("pk").asc())
    keys = found.order_by(*way).values_list("pk", flat=True).iterator(chunk_size=10_000)
    is_number = isinstance(found.model._meta.pk, IntegerField)
    return array("q", keys) if is_number else list(keys)


def totals(listing: Listing, queryset: QuerySet[M], query: ListQuery) -> Sums:
    """Count what matches and add its columns up; of very many rows, only "more than"."""
    return _totals(listing, _narrow(listing, queryset, query), _most(query))


def take_and_add(
    listing: Listing, queryset: QuerySet[M], query: ListQuery
) -> tuple[Slice[M], Sums]:
    """One page and what all that match come to; searched through once."""
    found = _narrow(listing, queryset, query)
    page = _page(listing, found, query)
    is_empty = not page.rows and not page.next
    return page, Sums(0, False, {}) if is_empty else _totals(listing, found, _most(query))


def _most(query: ListQuery) -> int:
    return min(MOST_FOUND, MOST_COUNTED) if query.words else MOST_COUNTED


def _totals(listing: Listing, narrowed: _Narrowed[M], most: int) -> Sums:
    """Rows and the totals without a currency of their own in one statement."""
    if narrowed.ways:
        return Sums(most, True, {})
    plain = [one for one in listing.totals if not one.added and not one.currency]
    if narrowed.keys is not None and not (narrowed.keys and plain):
        told = {"listing_rows": len(narrowed.keys)}
    else:
        added = {f"sum_{one.name}": Coalesce(Sum(one.path), 0) for one in plain}
        told = narrowed.rows[: most + 1].aggregate(listing_rows=Count("*"), **added)
    count = int(told["listing_rows"])
    if count > most:
        return Sums(most, True, {})
    if not count:
        return Sums(0, False, {})
    sums = {one.name: {one.fixed: int(told[f"sum_{one.name}"])} for one in plain}
    return Sums(count, False, sums | _added(listing, narrowed.rows))


def _added(listing: Listing, found: QuerySet[M]) -> dict[str, dict[str, int]]:
    """Totals with the same currency column, or of the same other table, in one statement."""
    others = dict.fromkeys(one.added for one in listing.totals if one.added)
    elsewhere = {function: function(found) for function in others}
    sums: dict[str, dict[str, int]] = {
        one.name: {one.fixed: int(elsewhere[one.added][one.name])}
        for one in listing.totals
        if one.added
    }
    for column in sorted({one.currency for one in listing.totals if one.currency}):
        wanted = [one for one in listing.totals if one.currency == column]
        added = {f"sum_{one.name}": Coalesce(Sum(one.path), 0) for one in wanted}
        rows = _plain(found).values_list(column).annotate(**added).order_by(column)
        for currency, *amounts in rows:
            for one, amount in zip(wanted, amounts, strict=True):
                sums.setdefault(one.name, {})[one.fixed or currency] = int(amount)
    return sums


def _plain(found: QuerySet[M]) -> QuerySet[M]:
    """The same rows without figures counted from other tables, which would group them already."""
    if found.query.group_by is None:
        return found
    return found.model._default_manager.filter(pk__in=found.values("pk"))
