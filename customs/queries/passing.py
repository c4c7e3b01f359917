"""The passes of a declaration's bonded list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum

from customs.models import (
    Declaration,
    DeclarationLine,
    DeclarationState,
    ExportList,
    OutcomeChoice,
    PassLine,
    TruckPass,
)
from customs.rules.import_set import Pass

#: Customs sent it back: what it carried is free again.
_REFUSED = Q(element__standing__outcome=OutcomeChoice.REFUSED)


@dataclass(frozen=True, slots=True)
class Left:
    """What of a line of the list no pass carries yet."""

    line: DeclarationLine
    quantity: int


def versions_of(declaration: Declaration) -> list[int]:
    """The declaration and those in whose place it stands because customs amended them: the list
    and the trucks of a version are those of the next, line by line."""
    found, one = [declaration.pk], declaration.replaces
    while one is not None and one.state == DeclarationState.AMENDED:
        found.append(one.pk)
        one = one.replaces
    return found


def passes_of(declaration: Declaration) -> Sequence[TruckPass]:
    """In the order in which they were queued, with their messages and what customs said."""
    return list(
        TruckPass.objects.filter(declaration__in=versions_of(declaration))
        .select_related("element__message", "element__standing", "passage")
        .order_by("pk")
    )


def passes_out_of(listed: ExportList) -> Sequence[TruckPass]:
    """The trucks out of the zone of an export list, in the order in which they were queued."""
    return list(
        TruckPass.objects.filter(export_list=listed)
        .select_related("element__message", "element__standing", "passage")
        .order_by("pk")
    )


def through_gate(declaration: Declaration) -> dict[int, int]:
    """Units that trucks have brought through the gate, by the position of their line."""
    found: dict[int, int] = defaultdict(int)
    rows = PassLine.objects.filter(
        truck_pass__declaration__in=versions_of(declaration), truck_pass__passage__isnull=False
    )
    for position, quantity in rows.values_list("line__position", "quantity"):
        found[position] += quantity
    return found


def carried(declaration: Declaration) -> dict[int, int]:
    """Units on passes that customs did not refuse, by the position of their line."""
    found: dict[int, int] = defaultdict(int)
    living = _living(declaration)
    rows = PassLine.objects.filter(truck_pass__in=living.values("pk"))
    for position, quantity in rows.values_list("line__position", "quantity"):
        found[position] += quantity
    return found


def _living(declaration: Declaration) -> QuerySet[TruckPass]:
    found: QuerySet[TruckPass] = TruckPass.objects.filter(declaration__in=versions_of(declaration))
    return found.exclude(_REFUSED)


def left_of(declaration: Declaration) -> list[Left]:
    """Lines of which something is on no truck yet."""
    used = carried(declaration)
    lines = declaration.lines.select_related("product").order_by("position")
    return [
        Left(line, line.quantity - used.get(line.position, 0))
        for line in lines
        if line.quantity > used.get(line.position, 0)
    ]


def packages_left(declaration: Declaration) -> int:
    """Of the declaration's packages those that no pass names."""
    used = _living(declaration).aggregate(packages=Sum("packages"))["packages"] or 0
    return max(int(declaration.packages - used), 0)


def passed(declaration: Declaration, listed: Sequence[tuple[int, str, int]]) -> tuple[Pass, ...]:
    """What the passes say together, as papers are held against each other; nothing without one.

    ``listed`` has position, article and quantity of each line of the list.
    """
    rows = list(
        PassLine.objects.filter(truck_pass__in=_living(declaration).values("pk")).values_list(
            *("truck_pass", "truck_pass__packages", "line__position"),
            *("quantity", "gross_weight_g", "net_weight_g"),
        )
    )
    if not rows:
        return ()
    used: dict[int, int] = defaultdict(int)
    by_article: dict[str, int] = defaultdict(int)
    for row in rows:
        used[row[2]] += row[3]
    for position, sku, _quantity in listed:
        by_article[sku] += used[position]
    return (
        Pass(
            gross_weight=sum(row[4] for row in rows),
            net_weight=sum(row[5] for row in rows),
            packages=sum({row[0]: row[1] for row in rows}.values()),
            lines=tuple(by_article.items()),
            is_whole=all(used[position] == wanted for position, _sku, wanted in listed),
        ),
    )
