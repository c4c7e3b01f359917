"""The papers of a declaration over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from core.models import WorkState
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.models import PaperKind, PaperLink
from customs.queries import papers as of_papers
from customs.queries.links import token_of
from customs.queries.paper_sets import packed_sets
from customs.queries.papers import KINDS, Kept
from customs.rules.agreeing import disagreements
from customs.rules.paper_sets import LONGEST, MOST_SETS, SHORTEST
from customs.services import paper_sets
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.routes import Routes

routes = Routes(tags=["importers"])

_SHA = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


Kind = Literal[
    "declaration",
    "bonded_list",
    "invoice",
    "packing_list",
    "contract",
    "attorney",
    "tax_estimate",
    "share_sheet",
]


class SetPaper(Schema):
    """One version of one paper of a declaration."""

    number: str = Field(examples=["DOC-2026-000007"])
    kind: str = Field(
        json_schema_extra=one_of(*(kind.value for kind in KINDS)), examples=["invoice"]
    )
    language: str = Field(examples=["zh-hans"])
    version: int = Field(description="From 1", examples=[1])
    seller: str = Field(description="Of a share sheet: whose it is", examples=[""])
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


class Says(Schema):
    """What one paper states."""

    paper: str = Field(examples=["packing_list"])
    value: str = Field(examples=["198 kg"])


class SetDifference(Schema):
    """A figure that papers state differently: nothing is released until they agree."""

    code: str = Field(examples=["customs.weights_differ"])
    figure: str = Field(examples=["gross"])
    of: str = Field(description="The article or the line of the form", examples=[""])
    says: list[Says]


class SetRelease(Schema):
    """A set that was released."""

    released_at: datetime = Field(examples=["2026-07-14T02:40:00Z"])
    language: str = Field(examples=["zh-hans"])
    holds: bool = Field(
        description="Whether its files are still the newest and the papers agree", examples=[True]
    )
    numbers: list[str] = Field(examples=[["DOC-2026-000007"]])


class SetOut(Schema):
    """All papers of a declaration that were ordered, by kind, the newest first."""

    reference: str = Field(examples=["DEC-2026-000001"])
    papers: list[SetPaper]
    differences: list[SetDifference]
    release: SetRelease | None = Field(description="The last one; null before it")


class SetIn(Body):
    """Which papers are wanted, in which language."""

    kinds: list[Kind] = Field(
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
        seller=one.seller.code if one.seller else "",
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
    declaration = queries.declaration_to_read(reference)
    data = queries.set_of(declaration)
    found = of_papers.papers_of(declaration, data)
    release = of_papers.last_release(declaration)
    return SetOut(
        reference=reference,
        papers=[_paper(kept) for kind in found.kinds for kept in kind.documents],
        differences=[
            SetDifference(
                code=one.rule.code,
                figure=one.what,
                of=one.of,
                says=[Says(paper=paper, value=value) for paper, value in one.says],
            )
            for one in disagreements(data)
        ],
        release=None
        if release is None
        else SetRelease(
            released_at=release.released_at,
            language=release.language,
            holds=of_papers.release_holds(release, found, data),
            numbers=[one["number"] for one in release.manifest],
        ),
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
    found = of_papers.paper_named(reference, number)
    name = of_papers.file_name_of(found, reference)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(found.content or b""), found.media_type, headers=headers)


class LanguageIn(Body):
    """In which language the set goes out."""

    language: Literal["zh-hans", "en"] = Field("zh-hans", examples=["zh-hans"])


class LinkIn(Body):
    """How long a link lasts, and for whom it is."""

    hours: int = Field(72, ge=SHORTEST, le=LONGEST, examples=[72])
    note: str = Field("", max_length=120, examples=["Broker"])


class LinkOut(Schema):
    """A link to a released set; who has it needs no account."""

    uid: UUID = Field(examples=["0d9c3f0e-7d53-4b8e-9a53-0b6f1e1a2c3d"])
    address: str = Field(description="Below the site", examples=["/papers/…/"])
    expires_at: datetime = Field(examples=["2026-07-17T02:40:00Z"])


@routes.change(
    "/declarations/{reference}/papers/release",
    scope="declarations:write",
    current=list_papers,
    response=SetOut,
    summary=_("Release the papers of a declaration"),
)
def release_papers(request: HttpRequest, reference: str, wanted: LanguageIn) -> SetOut:
    """Release the set: refused where its papers differ in a figure, or one is missing."""
    paper_sets.release_papers(
        declaration=queries.declaration_of(reference),
        language=wanted.language,
        by=caller_of(request).user,
        now=now(),
    )
    return _shown(reference)


@routes.file(
    "/declarations/{reference}/papers.zip",
    scope="declarations:read",
    media_type=MEDIA_TYPE,
    summary=_("Fetch the released papers of a declaration"),
)
def get_paper_set(request: HttpRequest, reference: str) -> HttpResponse:
    """The released set as one ZIP, with manifest.csv; refused while none holds."""
    found = of_papers.standing_release(queries.declaration_of(reference))
    headers = {"Content-Disposition": f'attachment; filename="{reference}.zip"'}
    return HttpResponse(b"".join(of_papers.packed_set(found)), MEDIA_TYPE, headers=headers)


class SetsIn(Body):
    """Whose released sets are wanted."""

    references: list[str] = Field(
        min_length=1, max_length=MOST_SETS, examples=[["DEC-2026-000001", "DEC-2026-000002"]]
    )


@routes.ask(
    "/declaration-paper-sets",
    scope="declarations:read",
    response=None,
    media_type=MEDIA_TYPE,
    summary=_("Fetch the released sets of several declarations"),
)
def get_paper_sets(request: HttpRequest, wanted: SetsIn) -> HttpResponse:
    """One ZIP with a folder for each declaration and one manifest.csv, which also names those whose
    set is not released; refused where none is, or where they are more than 100 MB."""
    found = queries.declarations_of().filter(our_reference__in=wanted.references)
    if not found.exists():
        raise Http404
    content = packed_sets(found.order_by("pk"))
    headers = {"Content-Disposition": 'attachment; filename="paper-sets.zip"'}
    return HttpResponse(content, MEDIA_TYPE, headers=headers)


@routes.create(
    "/declarations/{reference}/paper-links",
    scope="declarations:write",
    response=LinkOut,
    summary=_("Make a link to the released papers"),
    is_single=False,
)
def link_papers(request: HttpRequest, reference: str, wanted: LinkIn) -> Status[LinkOut]:
    """A link by which somebody without an account fetches the released set for a while."""
    link = paper_sets.link_papers(
        declaration=queries.declaration_of(reference),
        hours=wanted.hours,
        note=wanted.note,
        by=caller_of(request).user,
        now=now(),
    )
    address = reverse("papers_by_link", args=[token_of(link)])
    return Status(201, LinkOut(uid=link.uid, address=address, expires_at=link.expires_at))


@routes.ask(
    "/paper-links/{uid}/revoke",
    scope="declarations:write",
    response=LinkOut,
    summary=_("Take a link to papers back"),
)
def revoke_papers(request: HttpRequest, uid: UUID) -> LinkOut:
    """From now on the link opens nothing; refused where it is over already."""
    link = PaperLink.objects.filter(uid=uid, importer=caller_of(request).company).first()
    if link is None:
        raise Http404
    paper_sets.revoke_link(link=link, by=caller_of(request).user, now=now())
    address = reverse("papers_by_link", args=[token_of(link)])
    return LinkOut(uid=link.uid, address=address, expires_at=link.expires_at)
