"""What a list is: where it is searched, how it is sorted and narrowed, what is added up.

Each app declares its lists once, in its queries; pages and the API show the same ones.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.copying import among_keys
from core.filters import Filter, Text, UnknownParameter

#: One of the ways to find rows: a condition that an index answers.
Way = Q | Func
#: Rows of a page, unless the address says otherwise.
LIMIT = 50
#: Rows of a smaller table whose keys are found first and named.
MOST_RELATED = 10_000


def of_each(rows: QuerySet[Any], path: str, figure: Any) -> Any:
    """A figure of each row's own rows in another table; ``path`` leads from those to the row.

    Asked for the rows of one page only, where a grouped join would count for all of them.
    """
    own = rows.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(own.annotate(figure=figure).values("figure")), 0)


def among(path: str, keys: QuerySet[Any, Any]) -> Func:
    """The condition that ``path`` is one of ``keys``, a query of keys, which are found once.

    Joined, each of them would be asked for its wall again at every row.
    """
    return Func(
        F(path),
        ArraySubquery(keys),
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )


def one_of(path: str, keys: Sequence[Any]) -> Way:
    """The condition that ``path`` is one of these keys."""
    if not all(isinstance(key, int) for key in keys):
        return Q(**{f"{path}__in": keys})
    return among_keys(path, keys)


@dataclass(frozen=True, slots=True)
class Related:
    """A small table that is searched first; ``path`` is the large table's key to it."""

    path: str
    find: Callable[[str], QuerySet[Any, Any]]

    def condition(self, keys: Sequence[Any] | QuerySet[Any, Any]) -> Way:
        if isinstance(keys, list):
            return one_of(self.path, keys)
        return Q(**{f"{self.path}__in": keys})

    def keys(self, words: str) -> Sequence[Any] | QuerySet[Any, Any]:
        """What the words find: few keys one by one, which an index answers, or all of them as a
        query within the query. None is left out: pages, totals, files and acts on "all that
        match" would be wrong without a word."""
        found = self.find(words).order_by().values_list("pk", flat=True)
        few = list(found[: MOST_RELATED + 1])
        return few if len(few) <= MOST_RELATED else found


@dataclass(frozen=True, slots=True)
class Search:
    """Where words are looked for, so that an index answers at any size.

    ``prefix``: columns with an index, as typed and in capitals. ``exact``:
    indexed columns. ``related``: small tables, of which the keys are found first. ``more``: a
    condition of the list's own.
    """

    prefix: Sequence[str] = ()
    exact: Sequence[str] = ()
    related: Sequence[Related] = ()
    more: Callable[[str], Q] | None = None
    hint: Text = ""

    def ways(self, words: str) -> list[Way]:
        """Each of the places in which the words are looked for."""
        spellings = list(dict.fromkeys((words, words.upper())))
        found: list[Way] = [
            Q(**{f"{path}__begins": spelling}) for path in self.prefix for spelling in spellings
        ]
        found += [Q(**{f"{path}__in": spellings}) for path in self.exact]
        for one in self.related:
            keys = one.keys(words)
            if not isinstance(keys, list) or keys:
                found.append(one.condition(keys))
        return [*found, self.more(words)] if self.more else found

    def condition(self, words: str) -> Q:
        """Any of the ways."""
        return any_of(self.ways(words))


def any_of(ways: Iterable[Way]) -> Q:
    return Q(Q(pk__in=[]), *ways, _connector=Q.OR)


@dataclass(frozen=True, slots=True)
class Sort:
    """Something a list can be sorted by. Rows without a value stand last, either way round."""

    path: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """A column that is added up: units, or minor units of a currency.

    ``currency`` is the path to the row's currency; ``fixed`` names one for all rows. ``added``
    adds up what stands in another table for all rows at once, where a figure that each row
    looks up for itself would be asked for a hundred thousand times; totals with the same one
    are added up together, and it tells them by name.
    """

    name: str
    path: str
    currency: str = ""
    fixed: str = ""
    added: Callable[[QuerySet[Any]], Mapping[str, int]] | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list of the house; ``default`` is the sort nobody asked for (``-number``)."""

    name: str
    sorts: Mapping[str, str | Sort]
    default: str
    search: Search | None = None
    filters: Sequence[Filter] = ()
    totals: Sequence[Total] = ()
    limit: int = LIMIT

    def sort(self, name: str) -> Sort:
        told = self.sorts[name]
        return told if isinstance(told, Sort) else Sort(told)

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """Every name the list reads from an address."""
        own = [name for one in self.filters for name in one.names]
        return ("q", "sort", "after", "before", "limit", *own)

    def demand_known(self, names: Iterable[str], *, beside: Collection[str] = ()) -> None:
        """For programs: a name with a typo narrows nothing, and what was to be a few rows is all
        of them. Raises UnknownParameter for a name that is neither the list's nor ``beside`` it."""
        for name in names:
            is_dead = name == "q" and self.search is None
            if name not in beside and (name not in self.parameters or is_dead):
                raise UnknownParameter(parameter=name[:80], allowed=sorted(self.parameters))
