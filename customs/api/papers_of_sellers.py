"""A seller's share sheets, and the papers of its parcels, over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from core.models import WorkState
from customs import queries, services
from customs.models import CollectiveDocument, DeclarationDocument, RetailPaperKind
from customs.queries import papers as of_papers
from customs.queries.collective_papers import month_file_name, month_sheets
from customs.queries.retail_papers import retail_paper_named, retail_papers_of
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.routes import Routes

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class SheetOut(Schema):
    """A seller's own share sheet of a released set."""

    number: str = Field(examples=["DOC-2026-000009"])
    declaration: str = Field(examples=["DEC-2026-000001"])
    language: str = Field(examples=["zh-hans"])
    version: int = Field(examples=[1])
    pages: int = Field(examples=[1])
    sha256: str = Field(examples=[_SHA])


class SheetsOut(Schema):
    """A seller's share sheets, the newest first."""

    data: list[SheetOut]


selling = Routes(tags=["sellers"])

#: Share sheets in one answer.
MOST_SHEETS = 200


@selling.show(
    "/share-sheets",
    scope="stock:read",
    response=SheetsOut,
    summary=_("List the share sheets"),
    is_single=False,
)
def list_share_sheets(request: HttpRequest) -> SheetsOut:
    """What of each entry into bond is the seller's own, once its papers are released, and of each
    month that was declared together; the newest two hundred of each."""
    seller = caller_of(request).company
    found = of_papers.sheets_of(seller)[:MOST_SHEETS]
    sheets: list[tuple[DeclarationDocument | CollectiveDocument, str]] = [
        (one, one.declaration.our_reference) for one in of_papers.own_sheets(found)
    ]
    sheets += [(one, one.collective.our_reference) for one in month_sheets(seller)]
    return SheetsOut(
        data=[
            SheetOut(
                number=one.number,
                declaration=reference,
                language=one.language,
                version=one.version,
                pages=one.page_count,
                sha256=one.sha256,
            )
            for one, reference in sheets
        ]
    )


@selling.file(
    "/share-sheets/{number}.pdf",
    scope="stock:read",
    media_type="application/pdf",
    summary=_("Fetch a share sheet"),
)
def get_share_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """One share sheet as PDF; 404 for any that is not the seller's own."""
    for one in month_sheets(caller_of(request).company, number):
        of_month = month_file_name(one, one.collective.our_reference)
        headers = {"Content-Disposition": f'attachment; filename="{of_month}"'}
        return HttpResponse(bytes(one.content or b""), one.media_type, headers=headers)
    found = of_papers.own_sheet(number)
    name = of_papers.file_name_of(found, found.declaration.our_reference)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(found.content or b""), found.media_type, headers=headers)


class ParcelPaper(Schema):
    """One version of one paper of a parcel."""

    number: str = Field(examples=["DOC-2026-000011"])
    kind: str = Field(json_schema_extra=one_of(*RetailPaperKind.values), examples=["retail_list"])
    language: str = Field(examples=["zh-hans"])
    version: int = Field(examples=[1])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    pages: int = Field(examples=[1])
    sha256: str = Field(examples=[_SHA])
    made_at: datetime | None = Field(examples=["2026-07-14T02:30:05Z"])


class ParcelPapers(Schema):
    """The papers of a parcel: its list, and its tax with the working."""

    papers: list[ParcelPaper]


class ParcelPapersIn(Body):
    """In which language they are."""

    language: Literal["zh-hans", "en"] = Field("zh-hans", examples=["zh-hans"])


@selling.ask(
    "/retail-lists/{number}/papers",
    scope="retail:write",
    response=ParcelPapers,
    summary=_("Order the papers of a parcel"),
)
def order_retail_papers(request: HttpRequest, number: str, wanted: ParcelPapersIn) -> ParcelPapers:
    """Have the retail list and its tax printed; what still holds is not made again. Asked again,
    it tells how far they are."""
    found = queries.list_of(number)
    services.order_retail_papers(retail_list=found, language=wanted.language, now=now())
    return ParcelPapers(
        papers=[
            ParcelPaper(
                number=one.number,
                kind=one.kind,
                language=one.language,
                version=one.version,
                state=one.state,
                pages=one.page_count,
                sha256=one.sha256,
                made_at=one.made_at,
            )
            for one in retail_papers_of(found)
        ]
    )


@selling.file(
    "/retail-lists/{number}/papers/{document}.pdf",
    scope="retail:read",
    media_type="application/pdf",
    summary=_("Fetch a paper of a parcel"),
)
def get_retail_paper(request: HttpRequest, number: str, document: str) -> HttpResponse:
    """One paper as PDF; 404 until it is made."""
    found = retail_paper_named(number, document)
    headers = {"Content-Disposition": f'attachment; filename="{number}-{document}.pdf"'}
    return HttpResponse(bytes(found.content or b""), found.media_type, headers=headers)
