"""What importers stated of their entries, and which shipments wait for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
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
from customs.queries.ports import entry_codes
from customs.queries.ways import may_be_declared
from customs.rules.import_set import UNTOLD, Party, Statement
from procurement.models import Shipment


def statement_of(shipment: Shipment, *, printed: Sequence[int] = ()) -> EntryStatement | None:
    """The newest of a shipment, or of its supplier where it has none of its own.

    With ``printed``, the versions of a declaration, the one of the moment at which its form was
    ordered, for what was printed then stays as it was; the first later one where nothing had been
    stated yet.
    """
    order = shipment.order
    said = EntryStatement.objects.filter(
        Q(shipment=shipment.pk) | Q(shipment__isnull=True),
        importer=order.buyer_id,
        supplier=order.supplier_id,
    )
    ordered = DeclarationStep.objects.filter(
        declaration__in=printed, state=DeclarationState.QUEUED
    ).order_by("at")
    if printed:
        said = said.annotate(ordered_at=Subquery(ordered.values("at")[:1]))
    found: list[Any] = list(said.order_by("-told_at", "-pk"))
    before: datetime | None = found[0].ordered_at if printed and found else None
    if before is not None and found:
        earlier = [one for one in found if one.told_at <= before]
        first = min(found, key=lambda one: (one.told_at, one.shipment_id is None, one.pk))
        found = earlier or [first]
    own = [one for one in found if one.shipment_id == shipment.pk]
    newest: EntryStatement | None = next(iter(own or found), None)
    return newest


def stated(shipment: Shipment, *, day: date, printed: Sequence[int] = ()) -> Statement:
    """What the papers of a shipment have of it, with the names of its codes on a day.

    A port that was not named is the supplier's own, if the table of ports knows it by that name.
    """
    one = statement_of(shipment, printed=printed)
    codes = entry_codes(
        day,
        ports=[one.departure_port, one.call_port] if one else (),
        packings=[one.package_kind] if one else (),
        named="" if one and one.departure_port else shipment.order.supplier.departure_port,
    )
    if one is None:
        return Statement(departure=codes.named or UNTOLD)
    departure = codes.ports.get(one.departure_port) if one.departure_port else codes.named
    call = codes.ports.get(one.call_port) if one.call_port else departure
    packing = codes.packings.get(one.package_kind)
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
    return stated(declaration.shipment, day=day, printed=versions_of(declaration))


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
