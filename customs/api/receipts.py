"""What the authority answered, over the API: brought in, and looked at."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Schema, UploadedFile
from pydantic import Field

from accounts.models import Role
from core.clients import address_of
from core.clock import now
from customs import services
from customs.forms_receipts import check_count
from customs.models import (
    EffectState,
    MessageKind,
    Receipt,
    ReceiptFile,
    ReceiptState,
    ReceiptWay,
)
from customs.queries.listings_of_receipts import RECEIPTS
from customs.rules.ceb.parsing import LARGEST_FILE
from customs.tables_receipts import fetched_name, receipts_of, refusal_word, status_word
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes
from web.files import attachment

routes = Routes(tags=["importers"])


class ReceiptFileOut(Schema):
    """What became of one file."""

    id: int = Field(examples=[17])
    name: str = Field(examples=["CEB622_20260801120000.xml"])
    sha256: str = Field(examples=["9f86d081884c7d65…"])
    known: bool = Field(description="The same bytes were taken before", examples=[False])
    message: str = Field(description="Empty where it was laid aside", examples=["CEB622"])
    receipts: int = Field(examples=[1])
    repeated: int = Field(description="Of these, taken before", examples=[0])
    rule: str = Field(description="Why it was laid aside; empty else", examples=[""])
    refusal: str = Field(description="The same in words", examples=[""])
    facts: dict[str, str] = Field(description="In which line and field", examples=[{}])


class ReceiptFilesOut(Schema):
    """Each file, in the order in which they were sent."""

    data: list[ReceiptFileOut]


class ReceiptAbout(Schema):
    """A document that a receipt is about."""

    kind: str = Field(json_schema_extra=one_of(*MessageKind.values), examples=["CEB621"])
    number: str = Field(examples=["RL-2026-000001"])
    effect: str = Field(json_schema_extra=one_of(*EffectState.values), examples=["done"])
    rule: str = Field(description="Why it could not be done; empty else", examples=[""])


class CustomsReceipt(Schema):
    """One answer of customs."""

    id: int = Field(examples=[17])
    message: str = Field(examples=["CEB622"])
    number: str = Field(description="Of our document, as customs has it", examples=["RL-2026-1"])
    status: str = Field(examples=["800"])
    words: str = Field(examples=["放行"])
    info: str = Field(description="Customs' own sentence", examples=["[Code:2600;Desc:放行]"])
    pre_number: str = Field(examples=["B20260801000000017"])
    customs_number: str = Field(examples=["310520261I00000017"])
    returned_at: datetime = Field(description="Customs' time", examples=["2026-08-01T04:00:00Z"])
    came_at: datetime = Field(examples=["2026-08-01T04:00:03Z"])
    state: str = Field(json_schema_extra=one_of(*ReceiptState.values), examples=["matched"])
    about: list[ReceiptAbout]


@routes.ask(
    "/customs/receipts",
    scope="receipts:write",
    response=ReceiptFilesOut,
    summary=_("Bring receipts of customs"),
)
def take_receipts(request: HttpRequest, file: File[list[UploadedFile]]) -> ReceiptFilesOut:
    """Up to 20 files of XML as customs wrote them, bare, in their envelopes or each in a ZIP, in
    any order and any number of times: each receipt is taken once. What cannot be read is kept and
    named here."""
    caller = caller_of(request)
    check_count(len(file))
    moment = now()
    taken = [
        services.take_in(
            data=one.read(LARGEST_FILE + 1),
            name=one.name or "",
            way=ReceiptWay.API,
            now=moment,
            company=None if caller.role == Role.OPERATOR else caller.company,
            brought_by=caller.user,
        )
        for one in file
    ]
    return ReceiptFilesOut(data=[_file(one, is_new=is_new) for one, is_new in taken])


def _file(one: ReceiptFile, *, is_new: bool) -> ReceiptFileOut:
    return ReceiptFileOut(
        id=one.pk,
        name=one.name,
        sha256=one.sha256,
        known=not is_new,
        message=one.message,
        receipts=one.receipts,
        repeated=one.repeated,
        rule=one.refusal,
        refusal=refusal_word(one.refusal) if one.refusal else "",
        facts={name: str(value) for name, value in one.facts.items()},
    )


@routes.ask(
    "/customs/receipt-files/{int:pk}/content",
    scope="receipts:read",
    response=None,
    media_type="application/octet-stream",
    summary=_("Fetch a file of customs"),
)
def get_receipt_file(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own file as customs wrote it. It may hold buyers' data: that it was fetched is written
    down each time, and shown on its page."""
    caller = caller_of(request)
    own = None if caller.role == Role.OPERATOR else caller.company
    file = get_object_or_404(ReceiptFile.objects.filter(company=own), pk=min(pk, 2**62))
    content = services.read_receipt_file(
        file=file, by=caller.user, client=address_of(request), now=now()
    )
    return attachment(content, "application/octet-stream", fetched_name(file, content))


@routes.rows(
    "/customs/receipts",
    scope="receipts:read",
    listing=RECEIPTS,
    row=CustomsReceipt,
    summary=_("List receipts of customs"),
)
def list_receipts(request: HttpRequest) -> object:
    """The newest first; `state=waiting` are those that fit no document of ours."""
    return page(request, RECEIPTS, receipts_of(), _told)


def _told(one: Receipt) -> CustomsReceipt:
    return CustomsReceipt(
        id=one.pk,
        message=one.message,
        number=one.key,
        status=one.status,
        words=status_word(one),
        info=one.info,
        pre_number=one.pre_no,
        customs_number=one.customs_no,
        returned_at=one.returned_at,
        came_at=one.came_at,
        state=one.state,
        about=[
            ReceiptAbout(
                kind=match.element.kind,
                number=match.element.key,
                effect=match.effect,
                rule=match.refusal,
            )
            for match in one.matches.all()
        ],
    )
