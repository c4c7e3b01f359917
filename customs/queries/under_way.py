"""Which shipments are under way, on which way each is, and from which day its time counts.

What is to be done, by when, and how far it is are all read from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from core.walls import platform_wide
from customs.models import (
    NO_LONGER,
    CollectedList,
    Deadline,
    Declaration,
    DeclarationState,
    Facilitation,
    ShipmentEntry,
    ShipmentWay,
)
from customs.rules.deadlines import Grants, Route, Tier, Voyage
from customs.rules.ways import way_of
from procurement.models import ShipmentState
from warehouse.days import day_of
from warehouse.models import Receipt

#: A collective declaration has been handed to customs, and counts.
_HANDED_IN = (DeclarationState.LODGED, DeclarationState.RELEASED)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one shipment; days are None where it has not happened.

    ``counted_on``: the warehouse counted it in; ``collected_on``: its month was declared.
    """

    said: ShipmentWay | None
    entry: ShipmentEntry | None
    declaration: Declaration | None
    counted_on: date | None
    collected_on: date | None

    @property
    def lodged_on(self) -> date | None:
        return _day(self.declaration.lodged_at if self.declaration else None)

    @property
    def released_on(self) -> date | None:
        one = self.declaration
        is_released = one is not None and one.state == DeclarationState.RELEASED
        return _day(one.decided_at) if one and is_released else None

    def arrives_on(self, expected: date) -> date:
        """From which time counts: the day that the importer told, until then the announced one."""
        return (self.said.arrived_on if self.said else None) or expected

    def way(self, grants: Grants) -> Route:
        """On which it is: what went in first stays on the way by which it did."""
        if self.entry is not None:
            return Route(self.entry.way)
        return way_of(grants, Route(self.said.way) if self.said else None)

    def voyage(self, expected: date) -> Voyage:
        return Voyage(
            arrives_on=self.arrives_on(expected),
            lodged_on=self.lodged_on,
            released_on=self.released_on,
            entered_on=_day(self.entry.entered_at) if self.entry else self.counted_on,
            collected_on=self.collected_on,
        )


def is_under_way() -> Q:
    """Of shipments: of which something is still to be done with customs."""
    open_deadline = Deadline.objects.filter(
        shipment=OuterRef("pk"), met_on__isnull=True, dropped_on__isnull=True
    )
    # What went in first may be counted in before anybody looked at its days.
    entered = ShipmentEntry.objects.filter(shipment=OuterRef("pk"))
    released = Declaration.objects.filter(shipment=OuterRef("pk"), state=DeclarationState.RELEASED)
    return (
        Q(state__in=(ShipmentState.SHIPPED, ShipmentState.CLEARED))
        | Q(Exists(open_deadline))
        | Q(Exists(entered) & ~Exists(released))
    )


def known_of(shipments: Collection[int]) -> dict[int, Known]:
    """Of each shipment (ids); a fixed number of statements."""
    keys = list(shipments)
    said = {
        one.shipment_id: one for one in ShipmentWay.objects.filter(shipment__in=keys).order_by("pk")
    }
    entries = {
        one.shipment_id: one
        for one in ShipmentEntry.objects.filter(shipment__in=keys).select_related(
            "warehouse", "recorded_by"
        )
    }
    declared = {
        one.shipment_id: one
        for one in Declaration.objects.filter(shipment__in=keys).exclude(state__in=NO_LONGER)
    }
    # The count is its keeper's; that the importer's own goods were counted in is no secret to it.
    with platform_wide():
        counted = dict(
            Receipt.objects.filter(shipment__in=keys).values_list("shipment_id", "received_at")
        )
    collected = dict(
        CollectedList.objects.filter(
            declaration__shipment__in=keys,
            freed_at__isnull=True,
            collective__state__in=_HANDED_IN,
        ).values_list("declaration__shipment_id", "collective__lodged_at")
    )
    return {
        key: Known(
            said=said.get(key),
            entry=entries.get(key),
            declaration=declared.get(key),
            counted_on=_day(counted.get(key)),
            collected_on=_day(collected.get(key)),
        )
        for key in keys
    }


class Granted:
    """What customs granted importers, by day; one statement for any number."""

    def __init__(self, importers: Collection[int]) -> None:
        self._rows: dict[int, list[Facilitation]] = defaultdict(list)
        rows = Facilitation.objects.filter(importer__in=set(importers))
        for one in rows.order_by("valid_from", "pk"):
            self._rows[one.importer_id].append(one)

    def on(self, importer: int, day: date) -> Grants:
        """Nothing but the ordinary where nobody said so; of one day the later word counts."""
        found = [one for one in self._rows.get(importer, ()) if one.valid_from <= day]
        return granted(found[-1]) if found else Grants()

    def of(self, importer: int, known: Known, *, today: date) -> Grants:
        """By which a shipment is declared: of the day of its lodging once it is lodged, whatever
        customs grants since."""
        return self.on(importer, known.lodged_on or today)


class Standing:
    """How shipments stand, read once for all who ask; ``importers`` by shipment (ids)."""

    def __init__(self, importers: Mapping[int, int]) -> None:
        self.known = known_of(importers)
        self.granted = Granted(importers.values())


def granted(found: Facilitation) -> Grants:
    """A row as the rules look at it."""
    return Grants(
        tier=Tier(found.tier),
        in_advance=found.in_advance,
        two_step=found.two_step,
        first_in=found.first_in,
        collective=found.collective,
        summary_tax=found.summary_tax,
    )


def ways_taken(
    importers: Mapping[int, int], known: Mapping[int, Known], *, today: date
) -> dict[int, Route]:
    """The way of each shipment; ``importers`` by shipment (ids)."""
    told = Granted(importers.values())
    return {
        key: known[key].way(told.of(importer, known[key], today=today))
        for key, importer in importers.items()
    }


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
