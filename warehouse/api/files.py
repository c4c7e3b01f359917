"""A seller's files of retail orders over the API: looked at, taken, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, Status, UploadedFile
from pydantic import Field

from core.clock import now
from core.listed import Listed
from core.sheets import MAX_BYTES
from rest.calling import caller_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.models import RetailUpload
from warehouse.queries import uploads
from warehouse.queries.listings import UPLOAD_OUTCOMES, UPLOADS
from warehouse.rules import retail_file
from warehouse.rules.retail import Outcome
from warehouse.within import Fault, OrderOutcome, became, faults_of, foreseen
from web.files import XLSX, template_file

routes = Routes(tags=["sellers"])


class FaultOut(Schema):
    """One thing that is wrong in the file."""

    row: int = Field(examples=[2])
    field: str = Field(examples=["quantity"])
    message: str = Field(examples=["A quantity is a whole number of units from 1 on"])


class FileHead(Schema):
    """A file of retail orders that was sent."""

    id: int = Field(examples=[17])
    file_name: str = Field(examples=["orders.csv"])
    uploaded_at: datetime = Field(examples=["2026-08-01T06:00:00Z"])
    taken_at: datetime | None = Field(examples=[None])


class RetailFileOut(FileHead):
    """What it says; until it is taken, what would become of its orders at this moment."""

    accepted: int = Field(description="Orders taken, or that can be", examples=[12])
    already_taken: int = Field(examples=[0])
    refused: int = Field(examples=[1])
    fault_count: int = Field(description="Nothing is taken while there are any", examples=[1])
    faults: list[FaultOut] = Field(description="The first 1,000 of them, by row")


class RetailOutcomeOut(Schema):
    """What became, or would become, of one order."""

    channel: str = Field(examples=["TMALL-GLOBAL"])
    order_number: str = Field(examples=["2026080100017"])
    outcome: str = Field(
        json_schema_extra={"enum": [one.value for one in Outcome]}, examples=["accepted"]
    )
    number: str = Field(description="Ours, once it is taken", examples=["RO-2026-000001"])
    detail: str = Field(description="Why it is refused", examples=[""])
    facts: dict[str, Any] = Field(examples=[{}])


def _upload(request: HttpRequest, pk: int) -> RetailUpload:
    if pk > 2**62:
        raise Http404
    mine = RetailUpload.objects.filter(seller=caller_of(request).company).select_related("seller")
    found: RetailUpload = get_object_or_404(mine, pk=pk)
    return found


def _read(kept: RetailUpload) -> tuple[list[OrderOutcome], list[Fault], int]:
    """Its orders, or the first of its faults and how many they are."""
    if kept.taken_at is not None:
        return became(kept), [], 0
    moment = now()
    read = uploads.read_upload(kept, now=moment)
    if read.faults:
        return [], faults_of(read.faults), read.fault_count
    return foreseen(uploads.foresee(kept, read, now=moment)), [], 0


def _head(kept: RetailUpload) -> FileHead:
    return FileHead(
        id=kept.pk,
        file_name=kept.file_name,
        uploaded_at=kept.uploaded_at,
        taken_at=kept.taken_at,
    )


def _shown(kept: RetailUpload) -> RetailFileOut:
    orders, faults, fault_count = _read(kept)
    told = [one.outcome for one in orders]
    return RetailFileOut(
        **_head(kept).model_dump(),
        accepted=told.count(Outcome.ACCEPTED.value),
        already_taken=told.count(Outcome.ALREADY_TAKEN.value),
        refused=told.count(Outcome.REFUSED.value),
        fault_count=fault_count,
        faults=[FaultOut(row=one.row, field=one.field, message=one.message) for one in faults],
    )


def _outcome(one: OrderOutcome) -> RetailOutcomeOut:
    return RetailOutcomeOut(
        channel=one.channel,
        order_number=one.order_number,
        outcome=one.outcome,
        number=one.number,
        detail=one.sentence,
        facts={name: str(value) for name, value in one.facts.items()},
    )


@routes.rows(
    "/retail-order-files",
    scope="retail:read",
    listing=UPLOADS,
    row=FileHead,
    summary=_("List files of retail orders"),
)
def list_retail_files(request: HttpRequest) -> object:
    """The newest first."""
    mine = RetailUpload.objects.filter(seller=caller_of(request).company)
    return page(request, UPLOADS, mine.defer("content", "results"), _head)


@routes.create(
    "/retail-order-files",
    scope="retail:write",
    response=RetailFileOut,
    summary=_("Check a file of retail orders"),
    is_single=False,
)
def check_retail_file(request: HttpRequest, file: File[UploadedFile]) -> Status[RetailFileOut]:
    """Look at a CSV or XLSX with the columns of the template; no order is taken."""
    caller = caller_of(request)
    kept = services.keep_upload(
        seller=caller.company,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        uploaded_by=caller.user,
        now=now(),
    )
    return Status(201, _shown(kept))


@routes.show(
    "/retail-order-files/{int:pk}",
    scope="retail:read",
    response=RetailFileOut,
    summary=_("Show a file of retail orders"),
)
def get_retail_file(request: HttpRequest, pk: int) -> RetailFileOut:
    """What it says now; after it is taken, what became of it."""
    return _shown(_upload(request, pk))


@routes.rows(
    "/retail-order-files/{int:pk}/outcomes",
    scope="retail:read",
    listing=UPLOAD_OUTCOMES,
    row=RetailOutcomeOut,
    summary=_("List what becomes of a file's orders"),
)
def list_retail_file_outcomes(request: HttpRequest, pk: int) -> object:
    """Order by order, with the reason of each refusal."""
    orders, _faults, _count = _read(_upload(request, pk))
    return page(request, UPLOAD_OUTCOMES, Listed(orders), _outcome)


@routes.create(
    "/retail-order-files/{int:pk}/orders",
    scope="retail:write",
    response=RetailFileOut,
    summary=_("Take a file's orders"),
    is_single=False,
)
def take_retail_file(request: HttpRequest, pk: int) -> Status[RetailFileOut]:
    """Each order is taken or refused by itself; then the file with its buyers is forgotten."""
    kept = _upload(request, pk)
    services.accept_upload(upload=kept, now=now())
    return Status(201, _shown(_upload(request, pk)))


@routes.file(
    "/retail-order-template.{kind}",
    scope="retail:read",
    media_type=("text/csv", XLSX),
    summary=_("Fetch an empty file of retail orders"),
)
def get_retail_template(request: HttpRequest, kind: str) -> HttpResponse:
    """`csv` or `xlsx`, with the right first row."""
    columns = [*retail_file.COLUMNS, *retail_file.OPTIONAL]
    return template_file("retail-orders", kind, columns, [])
