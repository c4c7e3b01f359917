"""Deadlines, and what they are worked out from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from customs.models import NO_LONGER, Deadline, Declaration, DeclarationState, Facilitation
from customs.rules.deadlines import Grants, Terms, Tier, Voyage
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
    return Terms(declare=days, complete=days, follow=days, list=days)


def grants_on(importer: int, day: date) -> Grants:
    """What customs grants an importer on a day; nothing but the ordinary where nobody said so."""
    found = facilitation_on(importer, day)
    if found is None:
        return Grants()
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
    waiting = list(
        Shipment.objects.filter(
            Q(state__in=(ShipmentState.SHIPPED, ShipmentState.CLEARED)) | Exists(is_open)
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
    for pk, buyer, expected in waiting:
        declared, entered = living.get(pk), came.get(pk)
        is_released = declared is not None and declared.state == DeclarationState.RELEASED
        yield Under(
            shipment=pk,
            importer=buyer,
            declaration=declared.pk if declared else None,
            voyage=Voyage(
                arrives_on=expected,
                lodged_on=_day(declared.lodged_at if declared else None),
                released_on=_day(declared.decided_at if declared and is_released else None),
                entered_on=_day(entered),
            ),
        )


def _day(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
