"""What happened to one row: who changed what, and when."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from audit import queries, showing
from core.filters import Choices, Days
from core.history import DELETE, INSERT, UPDATE
from core.listing import Listing, Search
from rest.calling import caller_of
from rest.fields import one_of
from rest.lists import page
from rest.routes import Routes
from rest.rules import scopes_of

routes = Routes(tags=["everybody"])


class ChangeOut(Schema):
    """One field of a change, in words."""

    field: str = Field(examples=["State"])
    before: str = Field(examples=["allocated"])
    after: str = Field(examples=["cancelled"])


class EntryOut(Schema):
    """One change of the row."""

    at: datetime = Field(examples=["2026-08-01T06:06:00Z"])
    action: str = Field(
        description="insert, update or delete",
        json_schema_extra=one_of(INSERT, UPDATE, DELETE),
        examples=["update"],
    )
    who: str = Field(examples=["seller1@bondpool.example"])
    company: str = Field(examples=["SELLER-01"])
    role: str = Field(examples=["seller"])
    token: str = Field(description="The token's beginning, if one was used", examples=[""])
    address: str = Field(examples=["192.0.2.7"])
    reason: str = Field(examples=[""])
    changes: list[ChangeOut]


#: What happened to one thing; the same for every kind of it.
HISTORY = Listing(
    name="history-of-one",
    sorts={"at": "pk"},
    default="-at",
    search=Search(
        more=lambda words: (
            Q(pgh_context__reason__icontains=words) | Q(pgh_context__email__icontains=words)
        )
    ),
    filters=(
        Choices(
            name="action",
            path="pgh_label",
            choices=[(INSERT, INSERT), (UPDATE, UPDATE), (DELETE, DELETE)],
        ),
        Days(name="at", path="pgh_created_at"),
    ),
)


@routes.rows(
    "/history/{kind}/{number}",
    scope="history:read",
    listing=HISTORY,
    row=EntryOut,
    summary=_("Show the history of a row"),
)
def get_history(request: HttpRequest, kind: str, number: str) -> object:
    """By its kind (`warehouse.retailorder`, `accounts.company`) and the number people call it by.

    Kinds that one's role has no page for are 404, like rows that are another company's. A token
    needs the scope that opens the row itself as well.
    """
    caller, label = caller_of(request), queries.label_of(kind)
    if not label or "\x00" in number or not showing.may_read(caller.role, label):
        raise Http404
    # What a role has no scope for it reads by this one alone, as the operator and the warehouse do.
    if (scope := showing.shown(label).scope) in scopes_of(caller.role):
        caller.demand(scope)
    reader = showing.reader(caller.membership, label)
    events = None
    for pk in queries.rows_called(label, number):
        found = queries.events_of(label, [pk], reader=reader)
        if found.exists():
            events = found
            break
    if events is None:
        raise Http404
    return page(
        request,
        HISTORY,
        events,
        _entry,
        together=lambda rows: queries.told_of(label, rows, reader=reader),
    )


def _entry(one: queries.Entry) -> EntryOut:
    return EntryOut(
        at=one.at,
        action=one.action,
        who=one.who,
        company=one.company,
        role=one.role,
        token=one.token,
        address=one.address,
        reason=one.reason,
        changes=[
            ChangeOut(field=change.field, before=change.before, after=change.after)
            for change in one.changes
        ],
    )
