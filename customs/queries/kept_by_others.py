"""What stands on an importer's papers of an entry though others keep it, read in one go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import JSONObject

from core.walls import platform_wide
from customs.models import (
    NO_LONGER,
    BookLine,
    Declaration,
    DeclarationLine,
    Facilitation,
    GoodsPermit,
    HouseAtCustoms,
    ShipmentEntry,
    ShipmentWay,
)
from customs.queries.counted import Count, count_from, counted_rows
from customs.rules.deadlines import Grants, Route, Tier
from customs.rules.import_set import Permit
from customs.rules.ways import way_of
from warehouse.days import day_of

#: Rows by the part of the statement that they are of.
_Told = Mapping[str, Sequence[Mapping[str, Any]]]
_LEAVES = tuple(one.name for one in fields(Grants))


@dataclass(frozen=True, slots=True)
class KeptWay:
    """From what the way of a shipment is known; ``grants`` by their first day, the oldest first."""

    entered: Route | None
    said: Route | None
    lodged_on: date | None
    grants: tuple[tuple[date, Grants], ...]

    def on(self, day: date) -> Route:
        """As :func:`customs.queries.ways.route_of` has it, as it stands on a day."""
        if self.entered is not None:
            return self.entered
        until = self.lodged_on or day
        held = [grants for first, grants in self.grants if first <= until]
        return way_of(held[-1] if held else Grants(), self.said)


@dataclass(frozen=True, slots=True)
class OfHouse:
    """What the house's keeper told of it and of the goods: the office of entry, and their count if
    they went in first."""

    port_code: str
    count: Count | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What is others' to keep and stands on the importer's papers. ``items``: by list line."""

    items: Mapping[int, str]
    house: OfHouse
    arrived_on: date | None
    permits: tuple[Permit, ...]
    way: KeptWay


def kept_by_others(declaration: Declaration, rows: Sequence[DeclarationLine]) -> Kept:
    """Items of the book and the office of entry are the house's keeper's; permits are of who told
    them. The way stands with them, so that it is one statement."""
    shipment = declaration.shipment_id
    with platform_wide():
        posted = BookLine.objects.filter(declaration_line__in=rows)
        # The newest word of the importer counts.
        said = ShipmentWay.objects.filter(shipment=shipment).order_by("-pk")
        living = Declaration.objects.filter(shipment=shipment).exclude(state__in=NO_LONGER)
        grants = Facilitation.objects.filter(importer=declaration.shipment.order.buyer_id)
        permits = GoodsPermit.objects.filter(shipment=shipment)
        told = _read(
            _part("item", posted, line="declaration_line_id", item="row__item"),
            *_of_house(declaration),
            _part("said", said, way="way", arrived_on="arrived_on")[:1],
            _part("entry", ShipmentEntry.objects.filter(shipment=shipment), way="way"),
            _part("living", living, lodged_at="lodged_at"),
            _part("grants", grants, pk="pk", first="valid_from", **{it: it for it in _LEAVES}),
            _part("permit", permits, pk="pk", sku="product__sku", sign="sign", number="number"),
        )
    arrived_on = told["said"][0]["arrived_on"] if told["said"] else None
    return Kept(
        items={one["line"]: str(one["item"]) for one in told["item"]},
        house=_house(told),
        arrived_on=date.fromisoformat(arrived_on) if arrived_on else None,
        permits=_permits(told),
        way=_way(told),
    )


def told_by_house(declaration: Declaration) -> OfHouse:
    """Of a declaration that the asker may see."""
    # The house and the count are the keeper's; both stand on the importer's papers.
    with platform_wide():
        return house_kept(declaration)


def house_kept(declaration: Declaration) -> OfHouse:
    """The same; ask ``platform_wide``."""
    return _house(_read(*_of_house(declaration)))


def _of_house(declaration: Declaration) -> tuple[QuerySet[Any, Any], ...]:
    houses = HouseAtCustoms.objects.filter(warehouse=declaration.warehouse_id)
    return (
        _part("port", houses, code="port_code"),
        _part(
            "count",
            counted_rows(declaration.shipment_id),
            line="shipment_line_id",
            units="counted",
            at="receipt__received_at",
            receipt="receipt__number",
        ),
    )


def _part(name: str, found: QuerySet[Any], **told: str) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = found.annotate(part=Value(name), told=JSONObject(**told))
    return named.values_list("part", "told")


def _read(first: QuerySet[Any, Any], *others: QuerySet[Any, Any]) -> _Told:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for part, told in first.union(*others, all=True):
        found[part].append(told)
    return found


def _house(told: _Told) -> OfHouse:
    rows = [
        (one["line"], one["units"], datetime.fromisoformat(one["at"]), one["receipt"])
        for one in told["count"]
    ]
    return OfHouse(next((one["code"] for one in told["port"]), ""), count_from(rows))


def _way(told: _Told) -> KeptWay:
    def route(part: str) -> Route | None:
        return next((Route(one["way"]) for one in told[part]), None)

    lodged_at = next((one["lodged_at"] for one in told["living"]), None)
    return KeptWay(
        entered=route("entry"),
        said=route("said"),
        lodged_on=day_of(datetime.fromisoformat(lodged_at)) if lodged_at else None,
        grants=tuple(
            (
                date.fromisoformat(one["first"]),
                Grants(**{it: one[it] for it in _LEAVES} | {"tier": Tier(one["tier"])}),
            )
            for one in sorted(told["grants"], key=lambda one: (one["first"], one["pk"]))
        ),
    )


def _permits(told: _Told) -> tuple[Permit, ...]:
    # Of each sign of a product the newest word counts.
    newest = {
        (one["sku"], one["sign"]): Permit(one["sku"], one["sign"], one["number"])
        for one in sorted(told["permit"], key=lambda one: one["pk"])
    }
    found = [one for one in newest.values() if one.number]
    return tuple(sorted(found, key=lambda one: (one.sign, one.number, one.sku)))
