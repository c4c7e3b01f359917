"""What happened to one row: who changed what, and when."""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from audit import queries, showing
from core.listing import BadCursor
from rest.calling import caller_of
from rest.routes import Routes

routes = Routes(tags=["everybody"])
_SALT = "rest.history"


class ChangeOut(Schema):
    """One field of a change, in words."""

    field: str = Field(examples=["State"])
    before: str = Field(examples=["allocated"])
    after: str = Field(examples=["cancelled"])


class EntryOut(Schema):
    """One change of the row."""

    at: datetime = Field(examples=["2026-08-01T06:06:00Z"])
    action: str = Field(description="insert, update or delete", examples=["update"])
    who: str = Field(examples=["seller1@bondpool.example"])
    company: str = Field(examples=["SELLER-01"])
    role: str = Field(examples=["seller"])
    token: str = Field(description="The token's beginning, if one was used", examples=[""])
    address: str = Field(examples=["192.0.2.7"])
    reason: str = Field(examples=[""])
    changes: list[ChangeOut]


class HistoryOut(Schema):
    """The newest first; ``next`` is null at the end."""

    kind: str = Field(examples=["warehouse.retailorder"])
    data: list[EntryOut]
    next: str | None = Field(
        examples=["/api/v1/history/warehouse.retailorder/RO-2026-000001?after=WyIx"]
    )


@routes.show(
    "/history/{kind}/{number}",
    scope="history:read",
    response=HistoryOut,
    summary=_("Show the history of a row"),
    is_single=False,
)
def get_history(request: HttpRequest, kind: str, number: str, after: str = "") -> HistoryOut:
    """By its kind (`warehouse.retailorder`, `accounts.company`) and the number people call it by.

    Kinds that one's role has no page for are 404, like rows that are another company's.
    """
    caller, label = caller_of(request), queries.label_of(kind)
    if not label or "\x00" in number or not showing.may_read(caller.role, label):
        raise Http404
    reader = showing.reader(caller.membership, label)
    found = None
    for pk in queries.rows_called(label, number):
        page = queries.history_of(label, pk, reader=reader, after=_place(after))
        if page.entries:
            found = page
            break
    if found is None:
        raise Http404
    return HistoryOut(
        kind=label.lower(),
        data=[_entry(one) for one in found.entries],
        next=f"{request.path}?after={_sealed(found.next)}" if found.next else None,
    )


def _sealed(place: queries.Place) -> str:
    return signing.dumps([place[0].isoformat(), place[1]], salt=_SALT)


def _place(told: str) -> queries.Place | None:
    """Raises BadCursor."""
    if not told:
        return None
    try:
        at, number = signing.loads(told, salt=_SALT)
    except signing.BadSignature:
        raise BadCursor(parameter="after") from None
    return datetime.fromisoformat(at), int(number)


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
