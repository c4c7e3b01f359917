"""Amending and withdrawing what customs has, over the API."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Status
from pydantic import Field

from core.clock import now
from customs import queries, services
from customs.api.declaration_shapes import CounterOut, DeclarationOut, counter_out, shown
from customs.api.declaring import get_declaration
from customs.rules.countering import LONGEST, MOST_CHANGES
from rest.calling import caller_of
from rest.fields import Body, Whole
from rest.routes import Routes

routes = Routes(tags=["importers"])

Reason = Annotated[str, Field(min_length=1, max_length=LONGEST, examples=["品名申报不全"])]


class CounterReasonIn(Body):
    """Why."""

    reason: Reason


class ChangeIn(Body):
    """One field of the form as it should be."""

    line: Annotated[Whole, Field(ge=0, le=10_000)] = Field(
        description="Goods line, 0 for the head", examples=[1]
    )
    field: str = Field(
        description="Head: packages, freight, insurance, other; line: hs_code, name_zh, "
        "specification, origin",
        max_length=16,
        examples=["name_zh"],
    )
    value: str = Field(
        description="Charges as USD/450.00/3 (currency, value, mark), empty for none",
        max_length=510,
        examples=["婴幼儿配方奶粉 1 段"],
    )


class AmendmentIn(Body):
    """What customs is asked to change, and why."""

    reason: Reason
    changes: list[ChangeIn] = Field(min_length=1, max_length=MOST_CHANGES)


@routes.change(
    "/declarations/{reference}/drop",
    scope="declarations:write",
    current=get_declaration,
    response=DeclarationOut,
    summary=_("Set a draft aside"),
)
def drop_declaration(request: HttpRequest, reference: str, told: CounterReasonIn) -> DeclarationOut:
    """Set aside a draft, or a paper that was never lodged; it may be drafted anew."""
    services.drop_draft(
        declaration=queries.declaration_of(reference), reason=told.reason, now=now()
    )
    return shown(reference)


@routes.create(
    "/declarations/{reference}/amendments",
    scope="declarations:write",
    response=CounterOut,
    summary=_("Ask for an amendment"),
)
def ask_amendment(request: HttpRequest, reference: str, wanted: AmendmentIn) -> Status[CounterOut]:
    """Record that customs was asked to amend a lodged or released declaration."""
    asked = services.ask_amendment(
        declaration=queries.declaration_of(reference),
        wanted=[(one.line, one.field, one.value) for one in wanted.changes],
        reason=wanted.reason,
        asked_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, counter_out(queries.counter_of(asked.number)))


@routes.create(
    "/declarations/{reference}/withdrawals",
    scope="declarations:write",
    response=CounterOut,
    summary=_("Ask for a withdrawal"),
)
def ask_withdrawal(
    request: HttpRequest, reference: str, wanted: CounterReasonIn
) -> Status[CounterOut]:
    """Record that customs was asked to withdraw a lodged or released declaration."""
    asked = services.ask_withdrawal(
        declaration=queries.declaration_of(reference),
        reason=wanted.reason,
        asked_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, counter_out(queries.counter_of(asked.number)))


@routes.show(
    "/counter-documents/{number}",
    scope="declarations:read",
    response=CounterOut,
    summary=_("Show a counter-document"),
)
def get_counter_document(request: HttpRequest, number: str) -> CounterOut:
    """An amendment or a withdrawal with what customs answered."""
    return counter_out(queries.counter_of(number))


@routes.change(
    "/counter-documents/{number}/accept",
    scope="declarations:write",
    current=get_counter_document,
    response=CounterOut,
    summary=_("Record that customs accepted"),
)
def accept_counter_document(request: HttpRequest, number: str) -> CounterOut:
    """Customs took it: a new version takes the declaration's place, or it is withdrawn."""
    services.record_accepted(
        document=queries.counter_of(number), recorded_by=caller_of(request).user, now=now()
    )
    return counter_out(queries.counter_of(number))


@routes.change(
    "/counter-documents/{number}/refuse",
    scope="declarations:write",
    current=get_counter_document,
    response=CounterOut,
    summary=_("Record that customs refused"),
)
def refuse_counter_document(request: HttpRequest, number: str, told: CounterReasonIn) -> CounterOut:
    """Customs refused it, with its reason; the declaration stays as it is."""
    services.record_refused(
        document=queries.counter_of(number),
        reason=told.reason,
        recorded_by=caller_of(request).user,
        now=now(),
    )
    return counter_out(queries.counter_of(number))
