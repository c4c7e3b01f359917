"""The papers of a declaration over the API."""

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
from customs.models import PaperKind
from customs.queries import papers as queries_of_papers
from customs.queries.papers import KINDS, Kept
from rest.fields import Body, one_of
from rest.routes import Routes

routes = Routes(tags=["importers"])

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class SetPaper(Schema):
    """One version of one paper of a declaration."""

    number: str = Field(examples=["DOC-2026-000007"])
    kind: str = Field(json_schema_extra=one_of(*(kind.value for kind in KINDS)))
    language: str = Field(examples=["zh-hans"])
    version: int = Field(description="From 1", examples=[1])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    is_replaced: bool = Field(description="There is a newer version", examples=[False])
    holds: bool | None = Field(
        description="Whether it says what the data say now; null until it is made, and of a "
        "replaced one",
        examples=[True],
    )
    pages: int = Field(description="0 until it is made", examples=[2])
    sha256: str = Field(description="Of the file; empty until it is made", examples=[_SHA])
    fingerprint: str = Field(
        description="SHA-256 of what it says, as it stands on each page", examples=[_SHA]
    )
    made_at: datetime | None = Field(examples=["2026-07-14T02:30:05Z"])
    trouble: str = Field(description="Why it could not be made", examples=[""])


class SetOut(Schema):
    """All papers of a declaration that were ordered, by kind, the newest first."""

    reference: str = Field(examples=["DEC-2026-000001"])
    papers: list[SetPaper]


class SetIn(Body):
    """Which papers are wanted, in which language."""

    kinds: list[Literal["declaration", "invoice", "packing_list", "contract"]] = Field(
        description="All where none is named",
        max_length=8,
        default_factory=list,
        examples=[["invoice", "packing_list"]],
    )
    language: Literal["zh-hans", "en"] = Field("zh-hans", examples=["zh-hans"])


def _paper(kept: Kept) -> SetPaper:
    one = kept.document
    return SetPaper(
        number=one.number,
        kind=one.kind,
        language=one.language,
        version=one.version,
        state=one.state,
        is_replaced=not kept.is_newest,
        holds=kept.holds,
        pages=one.page_count,
        sha256=one.sha256,
        fingerprint=one.fingerprint,
        made_at=one.made_at,
        trouble=one.trouble if one.state == WorkState.FAILED else "",
    )


def _shown(reference: str) -> SetOut:
    found = queries_of_papers.papers_of(queries.declaration_of(reference))
    return SetOut(
        reference=reference,
        papers=[_paper(kept) for kind in found.kinds for kept in kind.documents],
    )


@routes.show(
    "/declarations/{reference}/papers",
    scope="declarations:read",
    response=SetOut,
    summary=_("List the papers of a declaration"),
)
def list_papers(request: HttpRequest, reference: str) -> SetOut:
    """The papers of a declaration, in all their versions."""
    return _shown(reference)


@routes.change(
    "/declarations/{reference}/papers",
    scope="declarations:write",
    current=list_papers,
    response=SetOut,
    summary=_("Order papers of a declaration"),
)
def order_papers(request: HttpRequest, reference: str, wanted: SetIn) -> SetOut:
    """Have papers made. One that still says what the data say is not made again; one whose data
    changed becomes a new version."""
    services.order_papers(
        declaration=queries.declaration_of(reference),
        kinds=[PaperKind(kind) for kind in wanted.kinds] or list(KINDS),
        language=wanted.language,
        now=now(),
    )
    return _shown(reference)


@routes.file(
    "/declarations/{reference}/papers/{number}.pdf",
    scope="declarations:read",
    media_type="application/pdf",
    summary=_("Fetch a paper of a declaration"),
)
def get_set_paper(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """One paper as PDF, in the version that has this number; 404 until it is made."""
    found = queries_of_papers.paper_named(reference, number)
    name = queries_of_papers.file_name_of(found)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(found.content or b""), found.media_type, headers=headers)
