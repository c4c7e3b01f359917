"""Deadlines, and what they are worked out from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from customs.models import Deadline, Facilitation
from customs.queries.under_way import Standing, granted, is_under_way
from customs.rules.deadlines import DECLARING, Due, Grants, Route, Terms, Voyage, deadlines
from procurement.models import Shipment


@dataclass(frozen=True, slots=True)
class Under:
    """A shipment as deadlines look at it; ids. ``grants`` and ``way`` are those by which it is
    declared."""

    shipment: int
    importer: int
    declaration: int | None
    voyage: Voyage
    grants: Grants
    way: Route

    @property
    def due(self) -> list[Due]:
        """Its deadlines as they are now, the soonest first."""
        return deadlines(self.voyage, self.grants, terms=terms(), chosen=self.way)


class Awaited(NamedTuple):
    """A shipment on its way to its importer (ids), and the day announced by the supplier."""

    shipment: int
    importer: int
    expected_on: date


def open_deadlines() -> QuerySet[Deadline]:
    """Those in scope that are neither met nor dropped."""
    return Deadline.objects.filter(met_on__isnull=True, dropped_on__isnull=True)


def deadlines_of() -> QuerySet[Deadline]:
    """All in scope with what a list shows."""
    return Deadline.objects.select_related("shipment", "declaration", "importer")


def deadline_of(pk: int) -> Deadline | None:
    """One in scope."""
    return deadlines_of().filter(pk=pk).first()


def terms() -> Terms:
    """The law's days, as they are set here."""
    days = settings.BONDPOOL_CUSTOMS_DAYS
    return Terms(
        declare=days,
        complete=days,
        follow=days,
        list=days,
        holidays=settings.BONDPOOL_HOLIDAYS,
        worked=settings.BONDPOOL_WORKED_WEEKENDS,
    )


def grants_on(importer: int, day: date) -> Grants:
    """What customs grants an importer on a day; nothing but the ordinary where nobody said so."""
    found = facilitation_on(importer, day)
    return granted(found) if found else Grants()


def facilitation_on(importer: int, day: date) -> Facilitation | None:
    """The facilitation in force on a day: the newest from, and of one day the later one."""
    return (
        Facilitation.objects.filter(importer=importer, valid_from__lte=day)
        .order_by("-valid_from", "-pk")
        .first()
    )


def facilitations_of(importer: int) -> QuerySet[Facilitation]:
    """All that an importer was granted, the newest first."""
    return (
        Facilitation.objects.filter(importer=importer)
        .select_related("set_by")
        .order_by("-valid_from", "-pk")
    )


def under_way(*, day: date) -> Iterator[Under]:
    """Shipments whose deadlines may change. A fixed number of statements."""
    waiting = awaited(Shipment.objects.filter(is_under_way()).order_by("pk"))
    yield from _under(waiting, standing_of(waiting), day)


def awaited(shipments: QuerySet[Shipment]) -> list[Awaited]:
    """These shipments, in their order."""
    return [Awaited(*one) for one in shipments.values_list("pk", "order__buyer_id", "expected_on")]


def standing_of(waiting: Collection[Awaited]) -> Standing:
    """How they stand."""
    return Standing({one.shipment: one.importer for one in waiting})


def _under(waiting: Collection[Awaited], standing: Standing, day: date) -> Iterator[Under]:
    for pk, buyer, expected in waiting:
        one = standing.known[pk]
        grants = standing.granted.of(buyer, one, today=day)
        yield Under(
            shipment=pk,
            importer=buyer,
            declaration=one.declaration.pk if one.declaration else None,
            voyage=one.voyage(expected),
            grants=grants,
            way=one.way(grants),
        )


def declared_by(waiting: Collection[Awaited], standing: Standing, *, day: date) -> dict[int, date]:
    """The last day on which each of these shipments (ids) is handed to customs; no statement."""
    return {
        one.shipment: next(due.due_on for due in one.due if due.kind in DECLARING)
        for one in _under(waiting, standing, day)
    }
