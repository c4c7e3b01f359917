"""Export lists over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs.api.passing import Grams, PassOut, pass_out
from customs.api.zone import ZoneMessage, told_of
from customs.models import ExportList
from customs.queries.exporting import export_list_of, export_lists, exported
from customs.queries.listings_of_exports import EXPORT_LISTS
from customs.queries.passing import passes_out_of
from customs.queries.zone_lists import list_for_export
from customs.rules.passing import Truck
from customs.rules.zone_lists import Stage
from customs.services.exporting import gather_anew, gather_exports, queue_out_pass
from customs.services.zone_lists import delete_export_list
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["importers"])


class ExportListHead(ZoneMessage):
    """An export list, under which parcels leave the zone (INV101, kind 8)."""

    warehouse: str = Field(description="Its code", examples=["NB-01"])
    account_book: str = Field(examples=["T3105W000001"])
    parcels: int = Field(description="Retail lists that it names", examples=[120])
    gathered_at: datetime = Field(examples=["2026-08-02T22:00:00+08:00"])


class ExportLine(Schema):
    """What of one item of the account book leaves. Weights in grams."""

    line: int = Field(examples=[1])
    item: int = Field(description="Of the account book", examples=[36])
    product: str = Field(examples=["MILK-1"])
    hs_code: str = Field(examples=["1901101010"])
    quantity: int = Field(examples=[240])
    worth_minor: int = Field(
        description="Its prices on the retail lists, before discounts, fen", examples=[4776000]
    )
    gross_weight_g: int = Field(examples=[264000])
    net_weight_g: int = Field(examples=[216000])


class ExportListOut(ExportListHead):
    """An export list with its goods, its retail lists and its trucks."""

    lines: list[ExportLine]
    retail_lists: list[str] = Field(
        description="Customs' numbers", examples=[["310520261I00000017"]]
    )
    passes: list[PassOut]
    stage: str = Field(
        description="How the list stands at customs",
        json_schema_extra=one_of(*(one.value for one in Stage)),
        examples=["approved"],
    )


class OutPassIn(Body):
    """The truck that takes an export list out of the zone."""

    vehicle_number: str = Field(
        description="Licence plate", min_length=1, max_length=32, examples=["浙B00001"]
    )
    vehicle_weight_g: Grams = Field(description="Of the empty truck", examples=[13000000])
    frame_number: Annotated[str, Field(max_length=32)] = Field("", examples=[""])
    frame_weight_g: Grams = Field(0, examples=[1000000])
    container_number: Annotated[str, Field(max_length=32)] = Field("", examples=[""])
    container_weight_g: Grams = Field(0, examples=[0])


class GatheredOut(Schema):
    """The export lists that were made."""

    export_lists: list[ExportListHead]


def _head(one: ExportList) -> ExportListHead:
    return ExportListHead(
        **told_of(one.element).dict(),
        warehouse=one.warehouse.code,
        account_book=one.ledger,
        parcels=one.parcels,
        gathered_at=one.gathered_at,
    )


def _whole(number: str) -> ExportListOut:
    found = export_list_of(number)
    data = exported(found)
    return ExportListOut(
        **_head(found).dict(),
        lines=[
            ExportLine(
                line=place,
                item=one.item,
                product=one.sku,
                hs_code=one.hs_code,
                quantity=one.quantity,
                worth_minor=one.worth,
                gross_weight_g=one.gross,
                net_weight_g=one.net,
            )
            for place, one in enumerate(data.goods, 1)
        ],
        retail_lists=list(data.parcels),
        passes=[pass_out(one) for one in passes_out_of(found)],
        stage=list_for_export(found).stage.value,
    )


def _gathered(made: list[ExportList]) -> Status[GatheredOut]:
    return Status(201, GatheredOut(export_lists=[_head(one) for one in made]))


@routes.rows(
    "/customs/export-lists",
    scope="declarations:read",
    listing=EXPORT_LISTS,
    row=ExportListHead,
    summary=_("List export lists"),
)
def list_export_lists(request: HttpRequest) -> object:
    """The lists under which parcels left the zone."""
    return page(request, EXPORT_LISTS, export_lists(), _head)


@routes.show(
    "/customs/export-lists/{number}",
    scope="declarations:read",
    response=ExportListOut,
    summary=_("Show an export list"),
)
def get_export_list(request: HttpRequest, number: str) -> ExportListOut:
    """One list with its goods, the retail lists it names, and its trucks."""
    return _whole(number)


@routes.create(
    "/customs/export-lists",
    scope="declarations:write",
    response=GatheredOut,
    summary=_("Make the export lists"),
)
def make_export_lists(request: HttpRequest) -> Status[GatheredOut]:
    """Gather every parcel that is released and on no export list yet, by house and account book,
    and put the lists into the queue of the importer's gateway."""
    caller = caller_of(request)
    return _gathered(gather_exports(importer=caller.company, by=caller.user, now=now()))


@routes.create(
    "/customs/export-lists/{number}/anew",
    scope="declarations:write",
    response=GatheredOut,
    summary=_("Gather a refused export list anew"),
)
def make_export_list_anew(request: HttpRequest, number: str) -> Status[GatheredOut]:
    """Let the parcels of a list go that customs refused, and gather them with what is waiting."""
    made = gather_anew(listed=export_list_of(number), by=caller_of(request).user, now=now())
    return _gathered(made)


@routes.create(
    "/customs/export-lists/{number}/deletion",
    scope="declarations:write",
    response=ZoneMessage,
    summary=_("Delete an export list"),
)
def delete_export_list_at_customs(request: HttpRequest, number: str) -> Status[ZoneMessage]:
    """Delete a list that customs approved (INV101, DclTypecd 3), while it is not posted and no pass
    names it. Once customs has taken that, its parcels may stand on another list."""
    return Status(201, told_of(delete_export_list(listed=export_list_of(number), now=now())))


@routes.create(
    "/customs/export-lists/{number}/passes",
    scope="declarations:write",
    response=PassOut,
    summary=_("Send the pass of a truck out of the zone"),
)
def send_out_pass(request: HttpRequest, number: str, told: OutPassIn) -> Status[PassOut]:
    """Put the pass (SAS121) of the truck that takes the list's parcels out into the queue, once
    customs has given the list its number."""
    made = queue_out_pass(
        listed=export_list_of(number),
        truck=Truck(
            told.vehicle_number.strip().upper(),
            told.vehicle_weight_g,
            told.frame_number.strip(),
            told.frame_weight_g,
            told.container_number.strip(),
            told.container_weight_g,
        ),
        by=caller_of(request).user,
        now=now(),
    )
    return Status(201, pass_out(made))
