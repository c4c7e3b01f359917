"""Deadlines of customs and what it grants, over the API."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from accounts.models import Company
from core.clock import now
from customs import queries, services
from customs.models import CreditTier, Deadline, DeadlineKind, Facilitation
from rest.calling import caller_of
from rest.fields import one_of
from rest.routes import Routes

routes = Routes(tags=["importers"])
#: The soonest that are told at once.
MOST = 200


class DeadlineOut(Schema):
    """The last day for something that must be done about a shipment."""

    id: int = Field(examples=[1])
    kind: str = Field(json_schema_extra=one_of(*DeadlineKind.values), examples=["declare"])
    shipment: str = Field(examples=["SHP-2026-000001"])
    declaration: str | None = Field(examples=[None])
    due_on: date = Field(examples=["2026-08-03"])
    met_on: date | None = Field(description="null while it is open", examples=[None])
    dropped_on: date | None = Field(description="Since when it no longer applies", examples=[None])


class DeadlineList(Schema):
    """Open ones, the soonest first."""

    rows: list[DeadlineOut]


class FacilitationOut(Schema):
    """What customs grants an importer from a day on."""

    importer: str = Field(examples=["IMP01"])
    valid_from: date = Field(examples=["2026-04-01"])
    tier: str = Field(json_schema_extra=one_of(*CreditTier.values), examples=["certified"])
    in_advance: bool = Field(description="Declare in advance", examples=[True])
    two_step: bool = Field(description="Two-step declaration", examples=[False])
    first_in: bool = Field(description="First in, then declare", examples=[False])
    collective: bool = Field(description="Collective declaration", examples=[False])
    summary_tax: bool = Field(description="Summary tax", examples=[False])
    evidence: str = Field(description="Paper of customs", examples=["AEOCN3302960009"])
    set_at: datetime = Field(examples=["2026-04-01T02:00:00Z"])


class FacilitationList(Schema):
    """The newest first."""

    rows: list[FacilitationOut]


@routes.show(
    "/customs/deadlines",
    scope="declarations:read",
    response=DeadlineList,
    summary=_("List deadlines of customs"),
)
def list_deadlines(request: HttpRequest) -> DeadlineList:
    """What is open, the soonest first."""
    found = queries.open_deadlines().select_related("shipment", "declaration")
    return DeadlineList(rows=[_deadline(one) for one in found.order_by("due_on", "pk")[:MOST]])


@routes.show(
    "/customs/deadlines/{int:number}",
    scope="declarations:read",
    response=DeadlineOut,
    summary=_("Show a deadline of customs"),
)
def get_deadline(request: HttpRequest, number: int) -> DeadlineOut:
    """One deadline, also one that was met."""
    return _deadline(_own(number))


@routes.change(
    "/customs/deadlines/{int:number}/done",
    scope="declarations:write",
    current=get_deadline,
    response=DeadlineOut,
    summary=_("Record that a deadline was met"),
)
def meet_deadline(request: HttpRequest, number: int) -> DeadlineOut:
    """Of what nobody here sees: a completed or collective declaration, a payment."""
    services.meet_deadline(deadline=_own(number), now=now())
    return _deadline(_own(number))


@routes.show(
    "/customs/facilitations",
    scope="declarations:read",
    response=FacilitationList,
    summary=_("List what customs grants"),
)
def list_facilitations(request: HttpRequest) -> FacilitationList:
    """What holds and what held of one's own company, the newest first; an operator keeps it."""
    importer = caller_of(request).company
    rows = queries.facilitations_of(importer.pk)
    return FacilitationList(rows=[_granted(importer, one) for one in rows])


def _own(number: int) -> Deadline:
    found = queries.deadline_of(number)
    if found is None:
        raise Http404
    return found


def _deadline(one: Deadline) -> DeadlineOut:
    return DeadlineOut(
        id=one.pk,
        kind=one.kind,
        shipment=one.shipment.number,
        declaration=one.declaration.our_reference if one.declaration else None,
        due_on=one.due_on,
        met_on=one.met_on,
        dropped_on=one.dropped_on,
    )


def _granted(importer: Company, one: Facilitation) -> FacilitationOut:
    return FacilitationOut(
        importer=importer.code,
        valid_from=one.valid_from,
        tier=one.tier,
        in_advance=one.in_advance,
        two_step=one.two_step,
        first_in=one.first_in,
        collective=one.collective,
        summary_tax=one.summary_tax,
        evidence=one.evidence,
        set_at=one.set_at,
    )
