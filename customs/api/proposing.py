"""Changes of reference data over the API: one operator proposes a file, another decides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Schema, Status, UploadedFile
from pydantic import Field, StringConstraints

from core.clock import now
from core.sheets import MAX_BYTES
from customs import queries, services
from customs.differences import difference_csv, plain
from customs.models import ChangeAct, ProposalState, ReferenceChange, ReferenceProposal
from customs.models.kinds_named import KIND_CHOICES
from customs.queries.listings_of_reference import CHANGES, PROPOSALS
from rest.calling import caller_of
from rest.fields import Body, Day, one_of
from rest.lists import page
from rest.routes import Routes
from web.files import attachment

routes = Routes(tags=["operators"])

_KINDS = one_of(*(name for name, _label in KIND_CHOICES))
Kind = Annotated[str, Field(json_schema_extra=_KINDS, examples=["tariff"])]
Source = Annotated[str, StringConstraints(max_length=200)]


class ReferenceProposalHead(Schema):
    """A file of reference data and how many of its rows change something."""

    number: str = Field(examples=["RD-2026-000001"])
    kind: Kind
    file_name: str = Field(examples=["2027.xlsx"])
    sha256: str = Field(
        description="Of the file",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    source: str = Field(examples=["税委会公告2026年第11号"])
    state: str = Field(json_schema_extra=one_of(*ProposalState.values), examples=["open"])
    rows: int = Field(description="Of the file", examples=[13015])
    added: int = Field(examples=[12])
    changed: int = Field(examples=[3])
    ended: int = Field(examples=[0])
    unchanged: int = Field(examples=[13000])
    approve_by: date | None = Field(
        description="The last day on which it can be approved; null: no last day",
        examples=["2026-12-31"],
    )
    proposed_by: str = Field(description="E-mail address", examples=["anna@example.com"])
    proposed_at: datetime = Field(examples=["2026-11-30T02:00:00Z"])


class ReferenceProposalOut(ReferenceProposalHead):
    """A proposal, and who decided it."""

    may_approve: bool = Field(
        description="false to the person who proposed it, and once it is decided", examples=[True]
    )
    decided_by: str | None = Field(description="E-mail address", examples=[None])
    decided_at: datetime | None = Field(examples=[None])
    reason: str = Field(description="Of a refusal", examples=[""])


class ReferenceChangeOut(Schema):
    """What becomes of one code. Figures are texts as the difference report has them."""

    act: str = Field(json_schema_extra=one_of(*ChangeAct.values), examples=["changed"])
    key: str = Field(description="The code", examples=["1901101010"])
    valid_from: date = Field(examples=["2027-01-01"])
    valid_to: date | None = Field(
        description="The last day; empty until further notice", examples=[None]
    )
    before: dict[str, str] | None = Field(
        description="What held; null of what is new", examples=[{"duty_rate": "0.05"}]
    )
    after: dict[str, str] | None = Field(
        description="What is to hold; null of what ends", examples=[{"duty_rate": "0.04"}]
    )
    ends_on: date | None = Field(
        description="The last day of what held before", examples=["2026-12-31"]
    )
    row: int = Field(description="Of the file; 0 of what it leaves out", examples=[2])
    source: str = Field(examples=["税委会公告2026年第11号"])


class ReferenceRefusalIn(Body):
    """Why a proposal is refused."""

    reason: str = Field(min_length=1, max_length=400, examples=["税率与公告不符"])


def _figures(one: ReferenceProposal) -> dict[str, Any]:
    names = [name for name in ReferenceProposalHead.model_fields if name != "proposed_by"]
    told = {name: getattr(one, name) for name in names}
    return told | {"state": str(one.state), "proposed_by": one.proposed_by.email}


def _head(one: ReferenceProposal) -> ReferenceProposalHead:
    return ReferenceProposalHead(**_figures(one))


@routes.rows(
    "/reference-proposals",
    scope="reference:read",
    listing=PROPOSALS,
    row=ReferenceProposalHead,
    summary=_("List proposals of reference data"),
)
def list_reference_proposals(request: HttpRequest) -> object:
    """The newest first; `state=open` are those that wait for a second person."""
    return page(request, PROPOSALS, queries.proposals(), _head)


@routes.create(
    "/reference-proposals",
    scope="reference:write",
    response=ReferenceProposalOut,
    summary=_("Propose a file of reference data"),
)
def propose_reference(
    request: HttpRequest,
    file: File[UploadedFile],
    kind: Form[Kind],
    source: Form[Source | None] = None,
    valid_from: Form[Day | None] = None,
    complete_from: Form[Day | None] = None,
    takes_first: Form[bool] = False,
) -> Status[ReferenceProposalOut]:
    """CSV or XLSX, judged whole: nothing holds before another person approves it. `valid_from` and
    `source` stand for rows that leave them out; `complete_from`: what the file leaves out ends on
    the day before; `takes_first`: of rows that repeat a code and a day the first one counts. Wrong
    cells are named in `errors`, and then nothing is proposed."""
    made = services.propose_reference(
        kind=kind,
        file_name=file.name or "",
        content=file.read(MAX_BYTES + 1),
        proposed_by=caller_of(request).user,
        now=now(),
        source=source or "",
        valid_from=valid_from,
        complete_from=complete_from,
        takes_first=takes_first,
    )
    return Status(201, get_reference_proposal(request, made.number))


@routes.show(
    "/reference-proposals/{number}",
    scope="reference:read",
    response=ReferenceProposalOut,
    summary=_("Show a proposal of reference data"),
)
def get_reference_proposal(request: HttpRequest, number: str) -> ReferenceProposalOut:
    """How much it would change, and who decided."""
    found = queries.proposal_of(number)
    decision = getattr(found, "decision", None)
    return ReferenceProposalOut(
        **_figures(found),
        may_approve=decision is None and found.proposed_by_id != caller_of(request).user.pk,
        decided_by=decision.decided_by.email if decision else None,
        decided_at=decision.decided_at if decision else None,
        reason=decision.reason if decision else "",
    )


@routes.rows(
    "/reference-proposals/{number}/changes",
    scope="reference:read",
    listing=CHANGES,
    row=ReferenceChangeOut,
    summary=_("List what a proposal of reference data changes"),
)
def list_reference_changes(request: HttpRequest, number: str) -> object:
    """Code by code, in the order of the file."""
    return page(request, CHANGES, queries.proposal_of(number).changes.all(), _change)


def _change(one: ReferenceChange) -> ReferenceChangeOut:
    return ReferenceChangeOut(
        act=one.act,
        key=one.key,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        before=_texts(one.before),
        after=_texts(one.figures),
        ends_on=one.last_day,
        row=one.row,
        source=one.source,
    )


def _texts(figures: dict[str, Any] | None) -> dict[str, str] | None:
    return figures and {name: plain(value) for name, value in figures.items()}


@routes.file(
    "/reference-proposals/{number}/changes.csv",
    scope="reference:read",
    media_type="text/csv",
    summary=_("Fetch the difference report of a proposal"),
)
def get_reference_report(request: HttpRequest, number: str) -> HttpResponse:
    """All differences, figure by figure."""
    found = queries.proposal_of(number)
    return attachment(difference_csv(found), "text/csv; charset=utf-8", f"{found.number}.csv")


@routes.change(
    "/reference-proposals/{number}/approve",
    scope="reference:write",
    current=get_reference_proposal,
    response=ReferenceProposalOut,
    summary=_("Approve a proposal of reference data"),
)
def approve_reference_proposal(request: HttpRequest, number: str) -> ReferenceProposalOut:
    """Whole and at once, in the name of the person of the token, who is another one than
    proposed it."""
    services.approve_reference(
        proposal=queries.proposal_of(number), decided_by=caller_of(request).user, now=now()
    )
    return get_reference_proposal(request, number)


@routes.change(
    "/reference-proposals/{number}/refuse",
    scope="reference:write",
    current=get_reference_proposal,
    response=ReferenceProposalOut,
    summary=_("Refuse a proposal of reference data"),
)
def refuse_reference_proposal(
    request: HttpRequest, number: str, told: ReferenceRefusalIn
) -> ReferenceProposalOut:
    """With the reason; who proposed it takes it back so."""
    services.refuse_reference(
        proposal=queries.proposal_of(number),
        decided_by=caller_of(request).user,
        reason=told.reason,
        now=now(),
    )
    return get_reference_proposal(request, number)
