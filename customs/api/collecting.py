"""The lists of a month that are declared together, over the API."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Status
from pydantic import Field

from accounts.models import Company, Role
from core.clock import now
from core.packing import MEDIA_TYPE
from customs import queries, services
from customs.api.collective_shapes import (
    CollectiveOut,
    CollectivesOut,
    collective_head,
    collective_out,
    waiting_out,
)
from customs.api.countering import AmendmentIn, CounterReasonIn
from customs.api.declaration_shapes import (
    CounterOut,
    counter_out,
)
from customs.api.declaring import PaperIn, RejectionIn, ReleaseIn
from customs.queries import collecting as of_months
from customs.queries import collective_papers as printed
from customs.queries.collective_set import collective_set
from customs.rules.collecting import MOST_LISTS
from rest.calling import caller_of
from rest.fields import Body
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class DrawIn(Body):
    """Which lists are declared together: the references of their declarations."""

    lists: list[str] = Field(
        min_length=1, max_length=MOST_LISTS, examples=[["DEC-2026-000001", "DEC-2026-000002"]]
    )


def _scope(request: HttpRequest) -> Company | None:
    caller = caller_of(request)
    return None if caller.membership.role == Role.OPERATOR else caller.company


@routes.show(
    "/collective-declarations",
    scope="declarations:read",
    response=CollectivesOut,
    summary=_("List months that are declared together"),
    is_single=False,
)
def list_collective_declarations(request: HttpRequest) -> CollectivesOut:
    """Accepted lists that wait for their month's declaration, with its last day, and the
    declarations that were drawn."""
    scope = _scope(request)
    return CollectivesOut(
        waiting=[waiting_out(it) for it in of_months.waiting_lists(scope, today=day_of(now()))],
        declarations=[
            collective_head(it) for it in of_months.collectives_of(scope)[: of_months.SHOWN]
        ],
    )


@routes.show(
    "/collective-declarations/{reference}",
    scope="declarations:read",
    response=CollectiveOut,
    summary=_("Show a declaration of a month"),
)
def get_collective_declaration(request: HttpRequest, reference: str) -> CollectiveOut:
    """With its lists, the goods line into which each list line goes, and its papers."""
    return collective_out(reference)


@routes.create(
    "/collective-declarations",
    scope="declarations:write",
    response=CollectiveOut,
    summary=_("Declare a month's lists together"),
    money=True,
)
def draw_collective_declaration(request: HttpRequest, wanted: DrawIn) -> Status[CollectiveOut]:
    """Draw one declaration of accepted lists of a month that is over."""
    drawn = services.draw_collective(
        importer=caller_of(request).company, lists=wanted.lists, now=now()
    )
    return Status(201, collective_out(drawn.our_reference))


@routes.change(
    "/collective-declarations/{reference}/papers",
    scope="declarations:write",
    current=get_collective_declaration,
    response=CollectiveOut,
    summary=_("Order the papers of a month"),
)
def order_collective_papers(request: HttpRequest, reference: str, wanted: PaperIn) -> CollectiveOut:
    """Have the form, the lists in it and each owner's share sheet made; what still holds is not
    made again, what failed is tried again. The draft is settled by it."""
    services.order_collective_papers(
        collective=of_months.collective_of(reference), language=wanted.language, now=now()
    )
    return collective_out(reference)


@routes.file(
    "/collective-declarations/{reference}/papers/{number}.pdf",
    scope="declarations:read",
    media_type="application/pdf",
    summary=_("Fetch a paper of a month"),
)
def get_collective_paper(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """One paper as PDF; 404 until it is made."""
    found = printed.month_paper(of_months.collective_of(reference), number)
    name = printed.month_file_name(found, reference)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(bytes(found.content or b""), found.media_type, headers=headers)


@routes.file(
    "/collective-declarations/{reference}/papers/{language}.zip",
    scope="declarations:read",
    media_type=MEDIA_TYPE,
    summary=_("Fetch the papers of a month"),
)
def get_collective_set(
    request: HttpRequest, reference: str, language: Literal["zh-hans", "en"]
) -> HttpResponse:
    """All of them with their manifest as a ZIP file, once they agree and say what the data say."""
    found = of_months.collective_of(reference)
    content = printed.month_set(found, collective_set(found.pk), language)
    headers = {"Content-Disposition": f'attachment; filename="{reference}-{language}.zip"'}
    return HttpResponse(content, MEDIA_TYPE, headers=headers)


@routes.change(
    "/collective-declarations/{reference}/lodge",
    scope="declarations:write",
    current=get_collective_declaration,
    response=CollectiveOut,
    summary=_("Record the lodging of a month"),
)
def lodge_collective_declaration(request: HttpRequest, reference: str) -> CollectiveOut:
    """Record that the form was lodged with customs; the deadline of its lists is met by it."""
    services.lodge_collective(collective=of_months.collective_of(reference), now=now())
    return collective_out(reference)


@routes.change(
    "/collective-declarations/{reference}/release",
    scope="declarations:write",
    current=get_collective_declaration,
    response=CollectiveOut,
    summary=_("Record that customs closed a month"),
)
def release_collective_declaration(
    request: HttpRequest, reference: str, told: ReleaseIn
) -> CollectiveOut:
    """Record that customs closed it, under its number."""
    services.release_collective(
        collective=of_months.collective_of(reference),
        their_reference=told.customs_number,
        now=now(),
    )
    return collective_out(reference)


@routes.change(
    "/collective-declarations/{reference}/reject",
    scope="declarations:write",
    current=get_collective_declaration,
    response=CollectiveOut,
    summary=_("Record the rejection of a month"),
)
def reject_collective_declaration(
    request: HttpRequest, reference: str, told: RejectionIn
) -> CollectiveOut:
    """Record that customs sent it back, with its reason; its lists wait again."""
    services.reject_collective(
        collective=of_months.collective_of(reference), reason=told.reason, now=now()
    )
    return collective_out(reference)


@routes.change(
    "/collective-declarations/{reference}/drop",
    scope="declarations:write",
    current=get_collective_declaration,
    response=CollectiveOut,
    summary=_("Set a month's draft aside"),
)
def drop_collective_declaration(
    request: HttpRequest, reference: str, told: CounterReasonIn
) -> CollectiveOut:
    """Set aside one that was never lodged; its lists wait again."""
    services.drop_collective(
        collective=of_months.collective_of(reference), reason=told.reason, now=now()
    )
    return collective_out(reference)


@routes.create(
    "/collective-declarations/{reference}/amendments",
    scope="declarations:write",
    response=CounterOut,
    summary=_("Ask for an amendment of a month"),
)
def ask_collective_amendment(
    request: HttpRequest, reference: str, wanted: AmendmentIn
) -> Status[CounterOut]:
    """Record that customs was asked to amend it; the answer is recorded of the counter-document."""
    asked = services.ask_amendment_together(
        collective=of_months.collective_of(reference),
        wanted=[(one.line, one.field, one.value) for one in wanted.changes],
        reason=wanted.reason,
        asked_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, counter_out(queries.counter_of(asked.number)))


@routes.create(
    "/collective-declarations/{reference}/withdrawals",
    scope="declarations:write",
    response=CounterOut,
    summary=_("Ask for a withdrawal of a month"),
)
def ask_collective_withdrawal(
    request: HttpRequest, reference: str, wanted: CounterReasonIn
) -> Status[CounterOut]:
    """Record that customs was asked to withdraw it; its lists wait again once customs did."""
    asked = services.ask_withdrawal_together(
        collective=of_months.collective_of(reference),
        reason=wanted.reason,
        asked_by=caller_of(request).user,
        now=now(),
    )
    return Status(201, counter_out(queries.counter_of(asked.number)))
