"""Notices over the API: what a person is told, and how."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from core import clock
from notices import queries, services
from notices.catalogue import EVENTS, Group, MailWhen
from notices.models import NoticeCopy
from notices.queries.listings import NOTICES
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes

routes = Routes(tags=["everybody"])


class NoticeOut(Schema):
    """What somebody was told, in the words of Accept-Language and as data."""

    id: int = Field(examples=[17])
    event: str = Field(json_schema_extra=one_of(*EVENTS), examples=["stock.short"])
    subject: str = Field(examples=["ASN-2026-000009"])
    title: str = Field(examples=["3 units of yours are missing"])
    text: str = Field(examples=["Shipment ASN-2026-000009 is counted in."])
    path: str = Field(description="Where it leads in the portal", examples=["/stock/"])
    facts: dict[str, Any] = Field(examples=[{"number": "ASN-2026-000009", "missing": 3}])
    told_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    read_at: datetime | None = Field(examples=[None])


class ReadIn(Body):
    """Up to which notice everything is read, or which ones are."""

    up_to: int | None = Field(None, ge=1, lt=2**63, strict=True, examples=[17])
    ids: list[Annotated[int, Field(ge=1, lt=2**63, strict=True)]] = Field(
        default_factory=list, max_length=1000, examples=[[16, 17]]
    )

    @model_validator(mode="after")
    def _names_something(self) -> ReadIn:
        if self.up_to is None and not self.ids:
            raise PydanticCustomError("missing", "up_to or ids")
        return self


class ReadOut(Schema):
    read: int = Field(description="How many were unread before", examples=[3])


def _notice(copy: NoticeCopy, role: str) -> NoticeOut:
    (one,) = queries.shown([copy], role=role)
    return NoticeOut(
        id=copy.pk,
        event=copy.notice.event,
        subject=copy.notice.subject,
        title=one.says.title,
        text=one.says.text,
        path=one.says.path,
        facts=copy.notice.facts,
        told_at=copy.notice.told_at,
        read_at=copy.read_at,
    )


@routes.rows(
    "/notices",
    scope="notices:read",
    listing=NOTICES,
    row=NoticeOut,
    summary=_("What I was told"),
    any_standing=True,
)
def list_notices(request: HttpRequest) -> dict[str, Any]:
    """Of the person in whose name the request acts, in this role; the newest first."""
    caller = caller_of(request)
    mine = queries.copies(caller.membership)
    return page(request, NOTICES, mine, lambda copy: _notice(copy, caller.role))


@routes.ask(
    "/notices/read",
    scope="notices:write",
    response=ReadOut,
    summary=_("Mark as read"),
    any_standing=True,
)
def read_notices(request: HttpRequest, body: ReadIn) -> ReadOut:
    """Those named, or everything up to one; asked twice, nothing changes the second time."""
    count = services.mark_read(
        membership=caller_of(request).membership,
        ids=body.ids,
        up_to=body.up_to,
        now=clock.now(),
    )
    return ReadOut(read=count)


class SettingOut(Schema):
    """How somebody hears of one event."""

    event: str = Field(json_schema_extra=one_of(*EVENTS), examples=["stock.short"])
    group: str = Field(json_schema_extra=one_of(*Group.values), examples=["bond"])
    label: str = Field(examples=["Goods are missing"])
    in_portal: bool = Field(examples=[True])
    is_mandatory: bool = Field(description="Stays in the portal", examples=[False])
    mail: str = Field(
        description="never, now or daily",
        json_schema_extra=one_of(*MailWhen.values),
        examples=["daily"],
    )


class Settings(Schema):
    """One entry for each event of the role."""

    data: list[SettingOut]


class SettingIn(Body):
    """How one event is to reach the person."""

    event: str = Field(
        min_length=1,
        max_length=40,
        json_schema_extra=one_of(*EVENTS),
        examples=["stock.short"],
    )
    in_portal: bool = Field(True, strict=True, examples=[True])
    mail: Literal["never", "now", "daily"] = Field(examples=["daily"])


class SettingsIn(Body):
    """What is not named stays as it is."""

    data: list[SettingIn] = Field(max_length=200)


@routes.show(
    "/notices/{int:pk}",
    scope="notices:read",
    response=NoticeOut,
    summary=_("Show a notice"),
    any_standing=True,
)
def get_notice(request: HttpRequest, pk: int) -> NoticeOut:
    """It stays unread until it is marked."""
    caller = caller_of(request)
    copy = queries.copy_of(caller.membership, pk) if pk <= 2**62 else None
    if copy is None:
        raise Http404
    return _notice(copy, caller.role)


@routes.show(
    "/notice-settings",
    scope="notices:read",
    response=Settings,
    summary=_("Show what reaches me"),
    any_standing=True,
)
def get_notice_settings(request: HttpRequest) -> Settings:
    """By event: in the portal, and by e-mail at once, once a day or never."""
    found = queries.settings_of(caller_of(request).membership)
    return Settings(
        data=[
            SettingOut(
                event=one.event.code,
                group=one.event.group.value,
                label=str(one.event.label),
                in_portal=one.in_portal,
                is_mandatory=one.event.is_mandatory,
                mail=one.mail,
            )
            for _group, settings in found
            for one in settings
        ]
    )


@routes.change(
    "/notice-settings",
    method="PUT",
    scope="notices:write",
    current=get_notice_settings,
    response=Settings,
    summary=_("Choose what reaches me"),
    any_standing=True,
)
def change_notice_settings(request: HttpRequest, wanted: SettingsIn) -> Settings:
    """Of the person in whose name the request acts. Events its role never hears of are left out."""
    services.choose(
        membership=caller_of(request).membership,
        choices={one.event: (one.in_portal, one.mail) for one in wanted.data},
    )
    return get_notice_settings(request)
