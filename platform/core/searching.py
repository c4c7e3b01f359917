"""What words find in a large table: each way by an index of its own, then all of it together.

One condition with an OR across several columns is answered by reading the whole table; of two
indexes and a handful of keys the database reads what is found and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import BooleanField, ExpressionWrapper, F, Func, Model, QuerySet

from core.listings import Way, any_of, one_of

M = TypeVar("M", bound=Model)

#: Rows that are looked at in the order of a list before what was searched for is collected.
STRETCH = 1_000


def keys_found(found: QuerySet[M], ways: Sequence[Way], *, most: int) -> list[Any] | None:
    """The keys of all that any of the ways finds; None when there are more than ``most``."""
    if not ways:
        return []
    several = _together([found.filter(way) for way in ways], most + 1)
    keys = {key for (key,) in several[: most + 1]}
    return list(keys) if len(keys) <= most else None


def _together(each: Sequence[QuerySet[M]], most: int) -> QuerySet[M, tuple[Any, ...]]:
    """The first keys of each, once."""
    first, *others = [one.values_list("pk")[:most] for one in each]
    return first.union(*others) if others else first


def placed(path: str) -> Func:
    """A sort and then the key, of few rows: in a form for which no index is walked.

    A walk along an index in search of a few thousand among a million rows would be long where
    they stand together at its end.
    """
    return Func(F(path), F("pk"), function="ROW", output_field=BooleanField())


def first_places(
    walk: QuerySet[M],
    ways: Sequence[Way],
    path: str,
    most: int,
    *,
    ascending: bool,
    value: str,
) -> list[tuple[Any, Any]]:
    """The first values and keys, in the order of the walk, of what any of the ways finds among
    very many. ``value`` is the walk's own name of what it is sorted by.

    What is found everywhere is found within a stretch of the walk. Where it is not, it stands
    together further on, and is collected way by way instead of walking there.
    """
    is_found = ExpressionWrapper(any_of(ways), output_field=BooleanField())
    looked_at = list(
        walk.annotate(is_found=is_found).values_list(value, "pk", "is_found")[:STRETCH]
    )
    places = [(told, key) for told, key, is_it in looked_at if is_it][:most]
    if len(places) == most or len(looked_at) < STRETCH:
        return places
    order = placed(path).asc() if ascending else placed(path).desc()
    several = _together([walk.filter(way).order_by(order) for way in ways], most)
    rest = walk.filter(one_of("pk", [key for (key,) in several])).order_by(order)
    return list(rest.values_list(value, "pk")[:most])
