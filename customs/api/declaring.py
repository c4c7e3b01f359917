"""An importer's declarations over the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from core.models import WorkState
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.api.waiting import own_shipment
from customs.models import Declaration, DeclarationDocument, DeclarationForm, DeclarationState
from customs.queries.listings import DECLARATIONS
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["importers"])

#: Papers in one ZIP file.
MOST_PAPERS = 200


class DeclarationHead(Schema):
    """A declaration of one shipment into bond."""

    reference: str = Field(description="Ours", examples=["DEC-2026-000001"])
    customs_number: str = Field(description="Empty until released", examples=[""])
    shipment: str = Field(examples=["SHP-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    order: str = Field(description="The contract", examples=["PO-2026-000001"])
    supplier: str = Field(description="The consignor abroad", examples=["SUP01"])
    form: str = Field(
        description="3 entry record list, 1 import declaration",
        json_schema_extra=one_of(*DeclarationForm.values),
        examples=["1"],
    )
    state: str = Field(json_schema_extra=one_of(*DeclarationState.values), examples=["draft"])
    paper_state: str | None = Field(
        description="null until it is ordered",
        json_schema_extra=one_of(*WorkState.values, None),
        examples=["ready"],
    )
    supervision_mode: str = Field(examples=["1210"])
    incoterm: str = Field(examples=["FOB"])
    currency: str = Field(examples=["EUR"])
    total_minor: int = Field(examples=[1200000])
    packages: int = Field(examples=[200])
    gross_weight_g: int = Field(examples=[1260000])
    net_weight_g: int = Field(examples=[1080000])
    drafted_at: datetime = Field(examples=["2026-07-14T02:30:00Z"])
    lodged_at: datetime | None = Field(examples=[None])
    decided_at: datetime | None = Field(examples=[None])
    rejection_reason: str = Field(examples=[""])


class DeclarationLine(Schema):
    """One goods line."""

    position: int = Field(examples=[1])
    sku: str = Field(examples=["MILK-900"])
    hs_code: str = Field(examples=["1901101000"])
    name_zh: str = Field(examples=["婴儿奶粉 900 克"])
    specification: str = Field(description="Declaration elements", examples=["配方奶粉|900 克/罐"])
    origin: str = Field(examples=["DEU"])
    quantity: int = Field(examples=[1200])
    unit: str = Field(examples=["011"])
    legal_quantity: Decimal = Field(examples=["1080.00000"])
    legal_unit: str = Field(examples=["035"])
    unit_price: Decimal = Field(examples=["10.0000"])
    total_minor: int = Field(examples=[1200000])


class DeclarationStep(Schema):
    """One step of its way."""

    state: str = Field(json_schema_extra=one_of(*DeclarationState.values), examples=["lodged"])
    at: datetime = Field(examples=["2026-07-14T03:00:00Z"])
    note: str = Field(examples=[""])


class DeclarationPaper(Schema):
    """The printed declaration, or how far it is."""

    number: str = Field(examples=["DOC-2026-000007"])
    language: str = Field(examples=["zh-hans"])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    pages: int = Field(description="0 until it is made", examples=[2])
    sha256: str = Field(
        description="Of the file; empty until it is made",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    made_at: datetime | None = Field(examples=["2026-07-14T02:30:05Z"])
    trouble: str = Field(description="Why it could not be made", examples=[""])


class DeclarationOut(DeclarationHead):
    """A declaration with its lines, its paper and its way."""

    account_book: str = Field(description="Of the bonded warehouse", examples=["T3104W000001"])
    replaces: str | None = Field(examples=[None])
    replaced_by: str | None = Field(
        description="The draft in its place after a rejection", examples=[None]
    )
    paper: DeclarationPaper | None = Field(description="null until it is ordered")
    lines: list[DeclarationLine]
    steps: list[DeclarationStep]


class DraftIn(Body):
    """Into which warehouse the goods go."""

    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])


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


def _head(one: Declaration) -> DeclarationHead:
    document = getattr(one, "document", None)
    return DeclarationHead(
        reference=one.our_reference,
        customs_number=one.their_reference,
        shipment=one.shipment.number,
        warehouse=one.warehouse.code,
        order=one.shipment.order.number,
        supplier=one.shipment.order.supplier.company.code,
        form=one.form,
        state=one.state,
        paper_state=document.state if document else None,
        supervision_mode=one.supervision_mode,
        incoterm=one.incoterm,
        currency=one.currency,
        total_minor=one.total_minor,
        packages=one.packages,
        gross_weight_g=one.gross_weight_g,
        net_weight_g=one.net_weight_g,
        drafted_at=one.drafted_at,
        lodged_at=one.lodged_at,
        decided_at=one.decided_at,
        rejection_reason=one.rejection_reason,
    )


def _paper(one: DeclarationDocument) -> DeclarationPaper:
    return DeclarationPaper(
        number=one.number,
        language=one.language,
        state=one.state,
        pages=one.page_count,
        sha256=one.sha256,
        made_at=one.made_at,
        trouble=one.trouble if one.state == WorkState.FAILED else "",
    )


def _shown(reference: str) -> DeclarationOut:
    one = queries.declaration_of(reference)
    document, after = getattr(one, "document", None), getattr(one, "replaced_by", None)
    lines = [
        DeclarationLine(
            position=line.position,
            sku=line.product.sku,
            hs_code=line.hs_code,
            name_zh=line.name_zh,
            specification=line.specification,
            origin=line.origin,
            quantity=line.quantity,
            unit=line.unit,
            legal_quantity=line.legal_quantity,
            legal_unit=line.legal_unit,
            unit_price=line.unit_price,
            total_minor=line.total_minor,
        )
        for line in one.lines.select_related("product").order_by("position")
    ]
    steps = [
        DeclarationStep(state=step.state, at=step.at, note=step.note)
        for step in one.steps.order_by("pk")
    ]
    return DeclarationOut(
        **_head(one).model_dump(),
        account_book=one.warehouse.ledger_number,
        replaces=one.replaces.our_reference if one.replaces else None,
        replaced_by=after.our_reference if after else None,
        paper=_paper(document) if document else None,
        lines=lines,
        steps=steps,
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
    return page(request, DECLARATIONS, queries.declarations_of(), _head)


@routes.show(
    "/declarations/{reference}",
    scope="declarations:read",
    response=DeclarationOut,
    summary=_("Show a declaration"),
)
def get_declaration(request: HttpRequest, reference: str) -> DeclarationOut:
    """One declaration with its lines and its way."""
    return _shown(reference)


@routes.create(
    "/shipments/{number}/declaration",
    scope="declarations:write",
    response=DeclarationOut,
    summary=_("Draft a declaration"),
    money=True,
)
def draft_declaration(request: HttpRequest, number: str, wanted: DraftIn) -> Status[DeclarationOut]:
    """Draft the entry of a shipment into a bonded warehouse."""
    house = next((one for one in queries.warehouses() if one.code == wanted.warehouse), None)
    if house is None:
        raise Http404
    drafted = services.draft_declaration(
        shipment=own_shipment(request, number),
        importer=caller_of(request).company,
        warehouse=house,
        now=now(),
    )
    return Status(201, _shown(drafted.our_reference))


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
    failed = DeclarationDocument.objects.filter(declaration=found, state=WorkState.FAILED).first()
    if failed is not None:
        services.retry_document(document=failed, now=now())
    else:
        services.queue_document(declaration=found, language=wanted.language, now=now())
    return _shown(reference)


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
    return _shown(reference)


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
    return _shown(reference)


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
    return _shown(reference)


@routes.create(
    "/declarations/{reference}/redraft",
    scope="declarations:write",
    response=DeclarationOut,
    summary=_("Draft anew after a rejection"),
    money=True,
)
def redraft_declaration(request: HttpRequest, reference: str) -> Status[DeclarationOut]:
    """A new draft in the place of a rejected declaration, from the data as it is now."""
    fresh = services.redraft(declaration=queries.declaration_of(reference), now=now())
    return Status(201, _shown(fresh.our_reference))
