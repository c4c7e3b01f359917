"""What stands of an owner's shares after what was agreed, cancelled and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import (
    BigIntegerField,
    F,
    OuterRef,
    Subquery,
    Sum,
    Value,
)
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from accounts.models import Company
from core.walls import platform_wide
from procurement.models import MissingShare, OrderShare, PoolRound, RevisedShare
from procurement.queries import bearing
from procurement.rules.allotting import goods_alone


@dataclass(frozen=True, slots=True)
class Stands:
    """Units of a share that stand, what they cost, and what the goods would cost alone."""

    units: int
    amount_minor: int
    alone_minor: int


def stands_of(rows: Sequence[OrderShare], owner: Company) -> dict[int, Stands]:
    """By order line; ``rows`` are the owner's shares. Three statements, and one for each round
    of which something has changed."""
    lines = [row.line_id for row in rows]
    revised = {
        line: (units, amount)
        for line, units, amount in RevisedShare.objects.filter(owner=owner, order_line__in=lines)
        .order_by("order_line_id", "-revision_id")
        .distinct("order_line_id")
        .values_list("order_line_id", "quantity", "amount_minor")
    }
    missing = dict(
        MissingShare.objects.filter(owner=owner, order_line__in=lines)
        .order_by("order_line_id")
        .values_list("order_line_id")
        .annotate(units=Sum("quantity"))
    )
    found, changed = {}, []
    for row in rows:
        units, amount = revised.get(row.line_id, (row.quantity, row.amount_minor))
        gone = min(missing.get(row.line_id, 0), units)
        # What is missing costs nothing, up to the next minor unit, as it is billed.
        paid = amount - -(-amount * gone // units) if units else amount
        found[row.line_id] = Stands(units - gone, paid, row.alone_minor)
        if units - gone != row.quantity:
            changed.append(row)
    return found | _alone(changed, found)


def standing_units() -> CombinedExpression:
    """Of a row of :class:`OrderShare`: its units that stand, within the statement that asks."""
    mine = {"order_line": OuterRef("line"), "owner": OuterRef("owner")}
    revised = RevisedShare.objects.filter(**mine).order_by("-revision_id").values("quantity")
    missing = MissingShare.objects.filter(**mine).order_by().values("owner")
    gone = missing.annotate(units=Sum("quantity")).values("units")
    stood = Coalesce(Subquery(revised[:1]), F("quantity"), output_field=BigIntegerField())
    return stood - Coalesce(Subquery(gone), Value(0), output_field=BigIntegerField())


def _alone(rows: Iterable[OrderShare], stands: Mapping[int, Stands]) -> dict[int, Stands]:
    """What the units that stand would cost alone, by the terms of their round's plan."""
    of_round: dict[int, list[OrderShare]] = {}
    for row in rows:
        if row.round_id is not None and row.line.offer_id is not None:
            of_round.setdefault(row.round_id, []).append(row)
    found: dict[int, Stands] = {}
    for key, its in of_round.items():
        # What suppliers asked is no secret; how the round was planned is behind a wall.
        with platform_wide():
            plan = bearing.plan_of(PoolRound(pk=key))
            problem = bearing.terms_of(plan) if plan else None
        if problem is None:
            continue
        alone = goods_alone(
            problem,
            offers=np.array([row.line.offer_id for row in its], dtype=np.int64),
            products=np.array([row.line.product_id for row in its], dtype=np.int64),
            units=np.array([stands[row.line_id].units for row in its], dtype=np.int64),
        )
        for row, minor in zip(its, alone.tolist(), strict=True):
            now = stands[row.line_id]
            found[row.line_id] = Stands(now.units, now.amount_minor, minor)
    return found
