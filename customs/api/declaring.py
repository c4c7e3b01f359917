"""An importer's declarations over the API."""

from __future__ import annotations

from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Status
from pydantic import Field

from core.clock import now
from core.models import WorkState
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.api.declaration_shapes import DeclarationHead, DeclarationOut, head, shown
from customs.api.waiting import own_shipment
from customs.queries.listings import DECLARATIONS
from customs.rules.charges import Kind
from customs.rules.countering import read_charge
from rest.calling import caller_of
from rest.fields import Body
from rest.lists import page
from rest.routes import Routes
from warehouse.models import BondedWarehouse

routes = Routes(tags=["importers"])

#: Papers in one ZIP file.
MOST_PAPERS = 200


class DraftIn(Body):
    """Into which warehouse the goods go."""

    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])
    freight: str = Field(
        "",
        description="As on the form (USD/450.00/3); empty: what the supplier's notice says",
        max_length=40,
        examples=[""],
    )
    insurance: str = Field(
        "",
        description="As on the form (USD/12.00/3, 0.3/1); empty: what the supplier's notice says",
        max_length=40,
        examples=["0.3/1"],
    )


class RedraftIn(Body):
    """What is another than on the declaration whose place the draft takes; left out: as it was."""

    warehouse: str | None = Field(None, max_length=16, examples=["NGB01"])
    freight: str | None = Field(
        None,
        description="As on the form (USD/450.00/3); empty: what the supplier's notice says",
        max_length=40,
        examples=["USD/450.00/3"],
    )
    insurance: str | None = Field(
        None,
        description="As on the form (USD/12.00/3, 0.3/1); empty: what the supplier's notice says",
        max_length=40,
        examples=["0.3/1"],
    )


class PaperIn(Body):
    """The language of the paper."""

    language: Literal["zh-hans", "en"] = Field("zh-hans", examples=["zh-hans"])


class ReleaseIn(Body):
    """The number that customs gave."""

    customs_number: str = Field(
        description="18 digits", min_length=1, max_length=40, examples=["310520261000000017"]
    )


class RejectionIn(Body):
    """Why customs sent it back."""

    reason: str = Field(min_length=1, max_length=1000, examples=["规格型号申报不全"])


class PapersIn(Body):
    """Whose papers are wanted."""

    references: list[str] = Field(
        min_length=1, max_length=MOST_PAPERS, examples=[["DEC-2026-000001"]]
    )


@routes.rows(
    "/declarations",
    scope="declarations:read",
    listing=DECLARATIONS,
    row=DeclarationHead,
    summary=_("List declarations"),
)
def list_declarations(request: HttpRequest) -> object:
    """An importer's own declarations."""
    return page(request, DECLARATIONS, queries.declarations_of(), head)


@routes.show(
    "/declarations/{reference}",
    scope="declarations:read",
    response=DeclarationOut,
    summary=_("Show a declaration"),
)
def get_declaration(request: HttpRequest, reference: str) -> DeclarationOut:
    """One declaration with its lines and its way."""
    return shown(reference)


@routes.create(
    "/shipments/{number}/declaration",
    scope="declarations:write",
    response=DeclarationOut,
    summary=_("Draft a declaration"),
    money=True,
)
def draft_declaration(request: HttpRequest, number: str, wanted: DraftIn) -> Status[DeclarationOut]:
    """Draft the entry of a shipment into a bonded warehouse."""
    house = _house(wanted.warehouse)
    drafted = services.draft_declaration(
        shipment=own_shipment(request, number),
        importer=caller_of(request).company,
        warehouse=house,
        charges=[
            charge
            for kind, text in ((Kind.FREIGHT, wanted.freight), (Kind.INSURANCE, wanted.insurance))
            if (charge := read_charge(kind, text.strip())) is not None
        ],
        now=now(),
    )
    return Status(201, shown(drafted.our_reference))


def _house(code: str) -> BondedWarehouse:
    house = next((one for one in queries.warehouses() if one.code == code), None)
    if house is None:
        raise Http404
    return house


@routes.change(
    "/declarations/{reference}/paper",
    scope="declarations:write",
    current=get_declaration,
    response=DeclarationOut,
    summary=_("Order the paper"),
)
def order_paper(request: HttpRequest, reference: str, wanted: PaperIn) -> DeclarationOut:
    """Have the paper of a draft made, in Chinese or English; a worker makes it.

    Of a paper that failed too often it is the order to try again.
    """
    found = queries.declaration_of(reference)
    made = found.document
    if made is not None and made.state == WorkState.FAILED:
        services.retry_document(document=made, now=now())
    else:
        services.queue_document(declaration=found, language=wanted.language, now=now())
    return shown(reference)


@routes.file(
    "/declarations/{reference}/paper.pdf",
    scope="declarations:read",
    media_type="application/pdf",
    summary=_("Fetch the paper"),
)
def get_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """The declaration's paper as PDF; 404 until it is made."""
    document = queries.document_of(reference)
    headers = {"Content-Disposition": f'attachment; filename="{reference}.pdf"'}
    return HttpResponse(bytes(document.content or b""), document.media_type, headers=headers)


@routes.ask(
    "/declaration-papers",
    scope="declarations:read",
    response=None,
    media_type=MEDIA_TYPE,
    summary=_("Fetch several papers"),
)
def get_papers(request: HttpRequest, wanted: PapersIn) -> HttpResponse:
    """Several papers as one ZIP; what is not made, or is another's, is not in it."""
    found = queries.documents_of(wanted.references)
    if not found:
        raise Http404
    headers = {"Content-Disposition": 'attachment; filename="declarations.zip"'}
    return HttpResponse(queries.packed_papers(found), MEDIA_TYPE, headers=headers)


@routes.change(
    "/declarations/{reference}/lodge",
    scope="declarations:write",
    current=get_declaration,
    response=DeclarationOut,
    summary=_("Record the lodging"),
)
def lodge_declaration(request: HttpRequest, reference: str) -> DeclarationOut:
    """Record that the paper was lodged with customs."""
    services.lodge(declaration=queries.declaration_of(reference), now=now())
    return shown(reference)


@routes.change(
    "/declarations/{reference}/release",
    scope="declarations:write",
    current=get_declaration,
    response=DeclarationOut,
    summary=_("Record the release"),
)
def release_declaration(request: HttpRequest, reference: str, told: ReleaseIn) -> DeclarationOut:
    """Record that customs released the goods, under its number."""
    services.record_release(
        declaration=queries.declaration_of(reference),
        their_reference=told.customs_number,
        now=now(),
    )
    return shown(reference)


@routes.change(
    "/declarations/{reference}/reject",
    scope="declarations:write",
    current=get_declaration,
    response=DeclarationOut,
    summary=_("Record the rejection"),
)
def reject_declaration(request: HttpRequest, reference: str, told: RejectionIn) -> DeclarationOut:
    """Record that customs sent it back, with its reason."""
    services.record_rejection(
        declaration=queries.declaration_of(reference), reason=told.reason, now=now()
    )
    return shown(reference)


@routes.create(
    "/declarations/{reference}/redraft",
    scope="declarations:write",
    response=DeclarationOut,
    summary=_("Draft anew after a rejection"),
    money=True,
)
def redraft_declaration(
    request: HttpRequest, reference: str, wanted: RedraftIn
) -> Status[DeclarationOut]:
    """A new draft in the place of a rejected declaration, from the data as it is now."""
    found = queries.declaration_of(reference)
    said = {Kind.FREIGHT: wanted.freight, Kind.INSURANCE: wanted.insurance}
    fresh = services.redraft(
        declaration=found,
        told={
            kind: read_charge(kind, text.strip()) for kind, text in said.items() if text is not None
        },
        warehouse=_house(wanted.warehouse) if wanted.warehouse is not None else None,
        now=now(),
    )
    return Status(201, shown(fresh.our_reference))
