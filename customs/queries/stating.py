"""What importers stated of their entries, and which shipments wait for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from accounts.models import Company
from customs.models import (
    NO_LONGER,
    Declaration,
    DeclarationState,
    DeclarationStep,
    EntryStatement,
)
from customs.queries.passing import versions_of
from customs.queries.ports import PACKINGS, PORTS, coded, port_named
from customs.queries.ways import may_be_declared
from customs.rules.import_set import UNTOLD, Party, Statement
from procurement.models import Shipment


def statement_of(shipment: Shipment, *, before: datetime | None = None) -> EntryStatement | None:
    """The newest of a shipment, or of its supplier where it has none of its own.

    With ``before`` the one of that moment, for what was printed then stays as it was; the first
    later one where nothing had been stated yet.
    """
    order = shipment.order
    said = EntryStatement.objects.filter(
        Q(shipment=shipment.pk) | Q(shipment__isnull=True),
        importer=order.buyer_id,
        supplier=order.supplier_id,
    )
    found = list(said.order_by("-told_at", "-pk"))
    if before is not None:
        earlier = [one for one in found if one.told_at <= before]
        if not earlier:
            return said.order_by("told_at", "shipment", "pk").first() if found else None
        found = earlier
    own = [one for one in found if one.shipment_id == shipment.pk]
    return next(iter(own or found), None)


def stated(shipment: Shipment, *, day: date, before: datetime | None = None) -> Statement:
    """What the papers of a shipment have of it, with the names of its codes on a day.

    A port that was not named is the supplier's own, if the table of ports knows it by that name.
    """
    one = statement_of(shipment, before=before)
    codes = {one.departure_port, one.call_port} if one else set()
    ports = coded(PORTS, codes, day)
    if one is not None and one.departure_port:
        departure = ports.get(one.departure_port)
    else:
        departure = port_named(shipment.order.supplier.departure_port, day)
    if one is None:
        return Statement(departure=departure or UNTOLD)
    call = ports.get(one.call_port) if one.call_port else departure
    packing = coded(PACKINGS, [one.package_kind], day).get(one.package_kind)
    broker = None
    if one.broker_name:
        broker = Party(
            code="",
            name_zh=one.broker_name,
            name_en="",
            uscc=one.broker_uscc,
            customs_code=one.broker_customs_code,
            country="CHN",
        )
    return Statement(
        special_relation=one.special_relation,
        price_influence=one.price_influence,
        royalties=one.royalties,
        departure=departure or UNTOLD,
        call=call or UNTOLD,
        packing=packing or UNTOLD,
        broker=broker,
    )


def stated_on(declaration: Declaration, day: date) -> Statement:
    """As its papers have it: of the moment at which its form was ordered, before that as it is now.

    What customs amended keeps the statement with which it was lodged.
    """
    if declaration.state == DeclarationState.DRAFT:
        return stated(declaration.shipment, day=day)
    ordered = (
        DeclarationStep.objects.filter(
            declaration__in=versions_of(declaration), state=DeclarationState.QUEUED
        )
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )
    return stated(declaration.shipment, day=day, before=ordered)


def shipment_to_state(number: str, importer: Company | None) -> Shipment:
    """A shipment in scope, only the importer's where one is named; Http404 where there is none."""
    found = Shipment.objects.select_related("order__supplier__company", "order__buyer").filter(
        number=number
    )
    if importer is not None:
        found = found.filter(order__buyer=importer)
    shipment = found.first()
    if shipment is None:
        raise Http404
    return shipment


def is_printed(shipment: Shipment) -> bool:
    """The form of its declaration was ordered with a statement, and still counts."""
    printed = Declaration.objects.filter(shipment=shipment).exclude(
        state__in=(*NO_LONGER, DeclarationState.DRAFT)
    )
    return printed.exists() and statement_of(shipment) is not None


def unstated(importer: Company | None) -> QuerySet[Shipment]:
    """Shipments under way, and gone in first, of which nobody has stated anything, the next to
    arrive first."""
    of_supplier = EntryStatement.objects.filter(
        Q(shipment=OuterRef("pk")) | Q(shipment__isnull=True),
        importer=OuterRef("order__buyer"),
        supplier=OuterRef("order__supplier"),
    )
    waiting = Shipment.objects.filter(may_be_declared(), ~Exists(of_supplier))
    waiting = waiting.select_related("order__supplier__company")
    if importer is not None:
        waiting = waiting.filter(order__buyer=importer)
    return waiting.order_by("expected_on", "pk")


def lacking_of(statement: Statement) -> tuple[str, ...]:
    """Names of what the form cannot do without, of :data:`customs.words.FIELDS`."""
    wanted: Iterable[tuple[str, bool]] = (
        ("special_relation", bool(statement.special_relation)),
        ("price_influence", bool(statement.price_influence)),
        ("royalties", bool(statement.royalties)),
        ("departure_port", bool(statement.departure.code)),
        ("package_kind", bool(statement.packing.code)),
    )
    return tuple(name for name, there in wanted if not there)
