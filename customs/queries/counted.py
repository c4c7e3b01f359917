"""What came in of goods that went in first, where it was counted before customs had the form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from core.money import shared
from core.walls import platform_wide
from customs.models import Declaration
from customs.rules.counted import Counted
from customs.rules.goods import cost_of
from procurement.models import Shipment, ShipmentLine
from warehouse.models import ReceiptLine, ReceiptShare


@dataclass(frozen=True, slots=True)
class Count:
    """Units counted by shipment line (id), and when. What was announced and did not come has 0."""

    receipt: str
    units: dict[int, int]
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class Carried:
    """A shipment line with its units and what they cost, in minor units."""

    line: ShipmentLine
    quantity: int
    amount: int


def count_of(shipment: int) -> Count | None:
    """The count of a shipment (id) that went in before customs released it; None until it was
    counted, and of every other: that is declared as it was announced."""
    # The count is its keeper's; how much of its own goods came in is no secret to the importer.
    with platform_wide():
        rows = list(
            counted_rows(shipment).values_list(
                "shipment_line_id", "counted", "receipt__received_at", "receipt__number"
            )
        )
    return count_from(rows)


def counted_rows(shipment: int) -> QuerySet[ReceiptLine]:
    """The lines of that count; ask ``platform_wide``."""
    return ReceiptLine.objects.filter(
        receipt__shipment=shipment, receipt__shipment__entry__isnull=False
    )


def count_from(rows: Sequence[tuple[int, int, datetime, str]]) -> Count | None:
    """A count from its lines: shipment line (id), units, when they were counted, the receipt."""
    if not rows:
        return None
    _line, _units, at, number = rows[0]
    return Count(number, {row[0]: row[1] for row in rows}, at)


def counted_units(shipment: Shipment) -> dict[int, int] | None:
    """Units counted by line (id) of a shipment that went in first; None until it was counted."""
    found = count_of(shipment.pk)
    if found is None:
        return None
    return {pk: found.units.get(pk, 0) for pk in shipment.lines.values_list("pk", flat=True)}


def count_for(declaration: Declaration, found: Count | None) -> Count | None:
    """``found``, the count of its shipment, if a declaration is made by it. What was counted once
    customs had the form is told before the posting (INV211), and changes no paper."""
    if found and declaration.lodged_at and found.counted_at > declaration.lodged_at:
        return None
    return found


def came_in(shipment: Shipment, count: Count) -> Counter[int]:
    """Units counted, by order line (id)."""
    units = Counter[int]()
    for line, order_line in shipment.lines.values_list("pk", "order_line_id"):
        units[order_line] += count.units.get(line, 0)
    return +units


def counted_in(declaration: Declaration, found: Count | None) -> dict[int, int]:
    """Units counted, by goods line of a declaration of goods that went in first and were counted
    before customs had it; nothing of all others. ``found`` is the count of its shipment."""
    count = count_for(declaration, found)
    if count is None:
        return {}
    came, units = came_in(declaration.shipment, count), Counter[int]()
    for place, order_line in declaration.lines.values_list("goods_line__position", "order_line_id"):
        units[place] += came[order_line]
    return dict(units)


def came_in_owned(shipment: Shipment) -> dict[int, Counter[int]]:
    """By order line: units counted by owner. Ask ``platform_wide``: they are the sellers'."""
    found: dict[int, Counter[int]] = {}
    rows = ReceiptShare.objects.filter(receipt__shipment=shipment)
    for order_line, owner, units in rows.values_list(
        "receipt_line__shipment_line__order_line_id", "owner_id", "received"
    ):
        found.setdefault(order_line, Counter())[owner] += units
    return found


def carried(lines: Sequence[ShipmentLine], count: Count | None) -> list[Carried]:
    """The lines of a ship notice as announced, or as counted in: a unit costs what it was announced
    at, one that was only found at the gate what was ordered."""
    if count is None:
        return [Carried(one, one.quantity, one.amount_minor) for one in lines if one.quantity]
    of_order: dict[int, list[ShipmentLine]] = {}
    for one in lines:
        of_order.setdefault(one.order_line_id, []).append(one)
    costs: dict[int, int] = {}
    for several in of_order.values():
        units = [count.units.get(one.pk, 0) for one in several]
        parts = shared(_cost(several, sum(units)), units)
        costs |= {one.pk: part for one, part in zip(several, parts, strict=True)}
    return [
        Carried(one, came, costs[one.pk]) for one in lines if (came := count.units.get(one.pk, 0))
    ]


def _cost(several: Sequence[ShipmentLine], counted: int) -> int:
    announced = sum(one.quantity for one in several)
    cost = sum(one.amount_minor for one in several)
    ordered = several[0].order_line
    if not cost:
        announced, cost = ordered.quantity, ordered.amount_minor
    return cost_of(cost, counted, announced)


def counted_of(shipment: Shipment, count: Count | None) -> Counted | None:
    """The count as papers have it."""
    if count is None:
        return None
    lines = list(shipment.lines.select_related("order_line").order_by("pk"))
    came = sum(one.amount for one in carried(lines, count))
    return Counted(count.receipt, sum(one.amount_minor for one in lines) - came)


def weighed(shipment: Shipment, count: Count | None) -> tuple[int, int]:
    """Gross and net grams: as announced, less what did not come, at the catalogue's weights.

    Nobody weighs a shipment anew at the count; so it is never lighter gross than net.
    """
    gross, net = shipment.gross_weight_g, shipment.net_weight_g
    if count is None:
        return gross, net
    rows = shipment.lines.values_list(
        "pk",
        "quantity",
        "order_line__product__gross_weight_g",
        "order_line__product__net_weight_g",
    )
    inside = 0
    for line, announced, unit_gross, unit_net in rows:
        units = count.units.get(line, 0)
        gross -= (announced - units) * unit_gross
        net -= (announced - units) * unit_net
        inside += units * unit_net
    return max(gross, inside), net
