"""Deadlines, and what they are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from customs.models import Deadline, Facilitation
from customs.queries.under_way import Granted, granted, is_under_way, known_of
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


def under_way(*, day: date, only: QuerySet[Shipment] | None = None) -> Iterator[Under]:
    """Shipments whose deadlines may change, those of ``only`` where it is given. A fixed number of
    statements."""
    found = Shipment.objects.filter(is_under_way()).order_by("pk") if only is None else only
    waiting = list(found.values_list("pk", "order__buyer_id", "expected_on"))
    known = known_of([pk for pk, _buyer, _expected in waiting])
    told = Granted({buyer for _pk, buyer, _expected in waiting})
    for pk, buyer, expected in waiting:
        one = known[pk]
        grants = told.of(buyer, one, today=day)
        yield Under(
            shipment=pk,
            importer=buyer,
            declaration=one.declaration.pk if one.declaration else None,
            voyage=one.voyage(expected),
            grants=grants,
            way=one.way(grants),
        )


def declared_by(shipments: QuerySet[Shipment], *, day: date) -> dict[int, date]:
    """The last day on which each of these shipments (ids) is handed to customs."""
    return {
        one.shipment: next(due.due_on for due in one.due if due.kind in DECLARING)
        for one in under_way(day=day, only=shipments)
    }
