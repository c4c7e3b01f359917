"""What an importer states of an entry, over the API."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company, Role
from core.clock import now
from customs import queries, services
from customs.models import StatementAnswer
from customs.rules.stating import Broker, Told
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class EntryStatementOut(Schema):
    """What stands of a shipment: its own statement, or the one of its supplier; empty until told.

    Answers are 1 yes, 0 no, 9 not applicable.
    """

    shipment: str = Field(examples=["SHP-2026-000001"])
    special_relation: str = Field(description="Column 44", examples=["0"])
    price_influence: str = Field(description="Column 45", examples=["0"])
    royalties: str = Field(description="Column 46", examples=["0"])
    package_kind: str = Field(description="Column 23, customs' table", examples=["22"])
    departure_port: str = Field(description="Column 17, customs' table", examples=["DEU063"])
    call_port: str = Field(description="Column 21, customs' table", examples=["DEU063"])
    departure_country: str = Field(description="Column 20: the port's", examples=["DEU"])
    broker_name: str = Field(description="Empty: the importer declares", examples=[""])
    broker_uscc: str = Field(examples=[""])
    broker_customs_code: str = Field(examples=[""])
    is_of_supplier: bool = Field(description="Stated of all its shipments", examples=[False])
    missing: list[str] = Field(
        description="What keeps the declaration from being printed", examples=[["royalties"]]
    )
    told_at: datetime | None = Field(examples=["2026-07-14T02:30:00Z"])


class StatementIn(Body):
    """The three answers, the packing, and what else is known. Nothing is assumed."""

    special_relation: str = Field(json_schema_extra=one_of(*StatementAnswer.values), examples=["0"])
    price_influence: str = Field(json_schema_extra=one_of(*StatementAnswer.values), examples=["0"])
    royalties: str = Field(json_schema_extra=one_of(*StatementAnswer.values), examples=["0"])
    package_kind: str = Field(min_length=1, max_length=2, examples=["22"])
    departure_port: str = Field(
        "", max_length=6, description="Empty: the supplier's own", examples=["DEU063"]
    )
    call_port: str = Field("", max_length=6, description="Where the ship changes", examples=[""])
    broker_name: str = Field("", max_length=100, examples=["宁波示例报关有限公司"])
    broker_uscc: str = Field("", max_length=18, examples=["91330200MA2B7Q0X1K"])
    broker_customs_code: str = Field("", max_length=10, examples=["3302980001"])
    for_supplier: bool = Field(
        False, description="Of all shipments of this supplier as well", examples=[False]
    )


def _scope(request: HttpRequest) -> Company | None:
    caller = caller_of(request)
    return None if caller.membership.role == Role.OPERATOR else caller.company


@routes.show(
    "/customs/shipments/{number}/statement",
    scope="declarations:read",
    response=EntryStatementOut,
    summary=_("Show what is stated of a shipment to customs"),
)
def get_entry_statement(request: HttpRequest, number: str) -> EntryStatementOut:
    """The shipment's own statement, else the one of its supplier."""
    shipment = queries.shipment_to_state(number, _scope(request))
    stands = queries.statement_of(shipment)
    said = queries.stated(shipment, day=day_of(now()))
    broker = said.broker
    return EntryStatementOut(
        shipment=shipment.number,
        special_relation=said.special_relation,
        price_influence=said.price_influence,
        royalties=said.royalties,
        package_kind=said.packing.code,
        departure_port=said.departure.code,
        call_port=said.call.code,
        departure_country=said.departure.country,
        broker_name=broker.name_zh if broker else "",
        broker_uscc=broker.uscc if broker else "",
        broker_customs_code=broker.customs_code if broker else "",
        is_of_supplier=stands is not None and stands.shipment_id is None,
        missing=list(queries.lacking_of(said)),
        told_at=stands.told_at if stands else None,
    )


@routes.change(
    "/customs/shipments/{number}/statement",
    method="PUT",
    scope="declarations:write",
    current=get_entry_statement,
    response=EntryStatementOut,
    summary=_("State what customs asks of a shipment"),
)
def set_entry_statement(
    request: HttpRequest, number: str, wanted: StatementIn
) -> EntryStatementOut:
    """Keep a statement until the declaration is printed; the newest counts."""
    services.keep_statement(
        shipment=queries.shipment_to_state(number, _scope(request)),
        told=Told(
            special_relation=wanted.special_relation,
            price_influence=wanted.price_influence,
            royalties=wanted.royalties,
            package_kind=wanted.package_kind,
            departure_port=wanted.departure_port,
            call_port=wanted.call_port,
            broker=Broker(wanted.broker_name, wanted.broker_uscc, wanted.broker_customs_code),
        ),
        for_supplier=wanted.for_supplier,
        told_by=caller_of(request).user,
        now=now(),
    )
    return get_entry_statement(request, number)
