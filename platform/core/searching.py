"""What words find in a large table: each way by an index of its own, then all of it together.

One condition with an OR across several columns is answered by reading the whole table; of two
indexes and a handful of keys the database reads what is found and no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import BooleanField, F, Func, Model, QuerySet

from core.listings import Way

M = TypeVar("M", bound=Model)


def keys_found(found: QuerySet[M], ways: Sequence[Way], *, most: int) -> list[Any] | None:
    """The keys of all that any of the ways finds; None when there are more than ``most``."""
    each = [_first(found, way, most + 1) for way in ways]
    if not each:
        return []
    several = each[0].union(*each[1:]) if len(each) > 1 else each[0]
    keys = {key for (key,) in several[: most + 1]}
    return list(keys) if len(keys) <= most else None


def _first(found: QuerySet[M], way: Way, most: int) -> QuerySet[M, tuple[Any, ...]]:
    # In the order of its own index: the planner takes what is rare for spread evenly, and would
    # read a table from its start for what stands at its end.
    told = found.filter(way.condition).order_by(*([way.along] if way.along else []))
    return told.values_list("pk")[:most]


def placed(path: str) -> Func:
    """A sort and then the key, of few rows: in a form for which no index is walked.

    A walk along an index in search of a few thousand among a million rows would be long where
    they stand together at its end.
    """
    return Func(F(path), F("pk"), function="ROW", output_field=BooleanField())
