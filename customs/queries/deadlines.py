"""Deadlines, and what they are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

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
from customs.rules.deadlines import Grants, Route, Terms, Tier, Voyage
from procurement.models import Shipment, ShipmentState
from warehouse.days import day_of
from warehouse.models import Receipt


@dataclass(frozen=True, slots=True)
class Under:
    """A shipment as deadlines look at it; ids."""

    shipment: int
    importer: int
    declaration: int | None
    voyage: Voyage
    chosen: Route | None


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


def under_way() -> Iterator[Under]:
    """Shipments whose deadlines may change: under way, and those with an open one. Ask
    ``platform_wide``."""
    is_open = Deadline.objects.filter(
        shipment=OuterRef("pk"), met_on__isnull=True, dropped_on__isnull=True
    )
    # What went in first may be counted in before anybody looked at its days.
    gone_in = ShipmentEntry.objects.filter(shipment=OuterRef("pk"))
    released = Declaration.objects.filter(shipment=OuterRef("pk"), state=DeclarationState.RELEASED)
    waiting = list(
        Shipment.objects.filter(
            Q(state__in=(ShipmentState.SHIPPED, ShipmentState.CLEARED))
            | Exists(is_open)
            | (Exists(gone_in) & ~Exists(released))
        )
        .order_by("pk")
        .values_list("pk", "order__buyer_id", "expected_on")
    )
    keys = [pk for pk, _buyer, _expected in waiting]
    living = {
        one.shipment_id: one
        for one in Declaration.objects.filter(shipment__in=keys).exclude(state__in=NO_LONGER)
    }
    came = dict(Receipt.objects.filter(shipment__in=keys).values_list("shipment_id", "received_at"))
    came |= ShipmentEntry.objects.filter(shipment__in=keys).values_list("shipment_id", "entered_at")
    told = {
        one.shipment_id: one for one in ShipmentWay.objects.filter(shipment__in=keys).order_by("pk")
    }
    collected = dict(
        CollectedList.objects.filter(declaration__shipment__in=keys).values_list(
            "declaration_id", "collective__lodged_at"
        )
    )
    for pk, buyer, expected in waiting:
        declared, entered, said = living.get(pk), came.get(pk), told.get(pk)
        is_released = declared is not None and declared.state == DeclarationState.RELEASED
        yield Under(
            shipment=pk,
            importer=buyer,
            declaration=declared.pk if declared else None,
            chosen=Route(said.way) if said else None,
            voyage=Voyage(
                arrives_on=(said.arrived_on if said else None) or expected,
                lodged_on=_day(declared.lodged_at if declared else None),
                released_on=_day(declared.decided_at if declared and is_released else None),
                entered_on=_day(entered),
                collected_on=_day(collected.get(declared.pk) if declared else None),
            ),
        )


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
