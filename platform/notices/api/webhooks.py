"""Webhooks over the API: what the pages do."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core import clock
from notices import queries, services
from notices.catalogue import hooked
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WhyDisabled
from notices.queries.listings import MESSAGES, WEBHOOKS
from notices.services.endpoints import PING
from rest.calling import Caller, caller_of
from rest.fields import Body, Moment, one_of, some_of
from rest.lists import page
from rest.routes import Routes
from rest.serving import seen

routes = Routes(tags=["webhooks"])

_UID = "6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"
_MESSAGE = "msg_1374631420854e198b3df0bb1a8adb65"
#: Every event that an endpoint can be told of, by its code.
TOLD = [event.code for event in hooked()]


class WebhookOut(Schema):
    """An endpoint, without its secret."""

    uid: UUID = Field(examples=[_UID])
    url: str = Field(examples=["https://shop.example.com/bondpool/hook"])
    description: str = Field(examples=["ERP"])
    events: list[str] = Field(
        json_schema_extra=some_of(*TOLD), examples=[["stock.received", "stock.short"]]
    )
    enabled: bool = Field(examples=[True])
    disabled_because: str = Field(json_schema_extra=one_of(*WhyDisabled.values, ""), examples=[""])
    disabled_at: datetime | None = Field(examples=[None])
    failing_since: datetime | None = Field(examples=[None])
    two_secrets_until: datetime | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    created_by: str | None = Field(examples=["seller1@bondpool.example"])


class SecretOut(Schema):
    """The only time the secret is shown."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class WebhookIn(Body):
    """Where to, and what of."""

    url: str = Field(max_length=500, examples=["https://shop.example.com/bondpool/hook"])
    events: list[str] = Field(
        min_length=1,
        max_length=100,
        description="What each carries stands under `webhooks`",
        json_schema_extra=some_of(*TOLD),
        examples=[["stock.received", "stock.short"]],
    )
    description: str = Field("", max_length=100, examples=["ERP"])


class MessageOut(Schema):
    """A message of an endpoint and what came back last."""

    id: str = Field(examples=[_MESSAGE])
    event: str = Field(json_schema_extra=one_of(*TOLD, PING), examples=["stock.short"])
    state: str = Field(json_schema_extra=one_of(*DeliveryState.values), examples=["delivered"])
    created_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    attempts: int = Field(examples=[1])
    due_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    called_at: datetime | None = Field(examples=["2026-07-14T04:00:02Z"])
    status_code: int | None = Field(examples=[200])
    error: str = Field(examples=[""])


class FullMessageOut(MessageOut):
    """With what is sent and the beginning of the answer."""

    payload: dict[str, Any] = Field(examples=[{"type": "stock.short", "data": {"missing": 3}}])
    answer: str = Field(examples=["ok"])
    endpoint: UUID = Field(examples=[_UID])
    took_ms: int | None = Field(description="How long the answer took", examples=[84])


class SinceIn(Body):
    """From when on."""

    since: Moment = Field(examples=["2026-07-14T00:00:00+08:00"])


class CountOut(Schema):
    messages: int = Field(examples=[12])


def _webhook(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "uid": endpoint.uid,
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events,
        "enabled": endpoint.is_enabled,
        "disabled_because": endpoint.disabled_because,
        "disabled_at": endpoint.disabled_at,
        "failing_since": endpoint.failing_since,
        "two_secrets_until": endpoint.previous_until,
        "created_at": endpoint.created_at,
        "created_by": endpoint.created_by.email if endpoint.created_by else None,
    }


def _message(row: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": row.uid,
        "event": row.event,
        "state": row.state,
        "created_at": row.created_at,
        "attempts": row.attempts,
        "due_at": row.due_at,
        "called_at": row.called_at,
        "status_code": row.status_code,
        "error": row.error,
    }


def _caller(request: HttpRequest) -> Caller:
    """Raises Http404 when it is in the name of somebody who is no administrator."""
    caller = caller_of(request)
    if not queries.may_manage(caller.membership):
        raise Http404
    return caller


def _endpoint(request: HttpRequest, uid: UUID) -> WebhookEndpoint:
    found = queries.endpoint_of(_caller(request).company, uid)
    if found is None:
        raise Http404
    return found


def _delivery(request: HttpRequest, uid: str) -> WebhookDelivery:
    found = queries.delivery_of(_caller(request).company, uid)
    if found is None:
        raise Http404
    return found


@routes.rows(
    "/webhooks", scope="webhooks:read", listing=WEBHOOKS, row=WebhookOut, summary=_("Endpoints")
)
def list_webhooks(request: HttpRequest) -> dict[str, Any]:
    """The company's own endpoints."""
    mine = queries.endpoints(_caller(request).company)
    return page(request, WEBHOOKS, mine, lambda one: WebhookOut(**_webhook(one)))


@routes.create(
    "/webhooks", scope="webhooks:write", response=WebhookOut, summary=_("Add an endpoint")
)
def create_webhook(request: HttpRequest, body: WebhookIn) -> WebhookOut:
    """Ask for its secret next: this answer is kept for its key, and a secret must not be."""
    caller = _caller(request)
    endpoint, _secret = services.add_endpoint(
        company=caller.company,
        role=caller.role,
        url=body.url,
        events=body.events,
        description=body.description,
        created_by=caller.user,
        now=clock.now(),
    )
    return WebhookOut(**_webhook(endpoint))


@routes.show(
    "/webhooks/{uuid:uid}", scope="webhooks:read", response=WebhookOut, summary=_("An endpoint")
)
def get_webhook(request: HttpRequest, uid: UUID) -> WebhookOut:
    """Its address, its events, and whether it answers."""
    return WebhookOut(**_webhook(_endpoint(request, uid)))


@routes.change(
    "/webhooks/{uuid:uid}",
    method="PUT",
    scope="webhooks:write",
    current=get_webhook,
    response=WebhookOut,
    summary=_("Change an endpoint"),
)
def change_webhook(request: HttpRequest, uid: UUID, body: WebhookIn) -> WebhookOut:
    """Another address or other events; what is on its way keeps its body."""
    before = seen(request, WebhookOut)
    changed = services.change_endpoint(
        endpoint=_endpoint(request, uid),
        role=_caller(request).role,
        url=body.url,
        events=body.events,
        description=body.description,
        seen=services.seen_of(url=before.url, description=before.description, events=before.events),
    )
    return WebhookOut(**_webhook(changed))


@routes.change(
    "/webhooks/{uuid:uid}/enable",
    scope="webhooks:write",
    current=get_webhook,
    response=WebhookOut,
    summary=_("Switch an endpoint on"),
)
def enable_webhook(request: HttpRequest, uid: UUID) -> WebhookOut:
    """What waited is sent now."""
    return WebhookOut(**_webhook(services.enable_endpoint(endpoint=_endpoint(request, uid))))


@routes.change(
    "/webhooks/{uuid:uid}/disable",
    scope="webhooks:write",
    current=get_webhook,
    response=WebhookOut,
    summary=_("Switch an endpoint off"),
)
def disable_webhook(request: HttpRequest, uid: UUID) -> WebhookOut:
    """What waits goes on waiting; what happens meanwhile is not told to it."""
    endpoint = _endpoint(request, uid)
    return WebhookOut(**_webhook(services.disable_endpoint(endpoint=endpoint, now=clock.now())))


@routes.change(
    "/webhooks/{uuid:uid}/end",
    scope="webhooks:write",
    current=get_webhook,
    response=WebhookOut,
    summary=_("Remove an endpoint"),
)
def end_webhook(request: HttpRequest, uid: UUID) -> WebhookOut:
    """For good: its place is free, what waits is given up, and its messages can still be read."""
    endpoint = _endpoint(request, uid)
    return WebhookOut(**_webhook(services.end_endpoint(endpoint=endpoint, now=clock.now())))


@routes.ask(
    "/webhooks/{uuid:uid}/secret",
    scope="webhooks:write",
    response=SecretOut,
    summary=_("Make a new secret"),
)
def rotate_webhook(request: HttpRequest, uid: UUID) -> SecretOut:
    """Another one each time, shown this once; the one before signs beside it for 24 hours."""
    secret = services.rotate_secret(endpoint=_endpoint(request, uid), now=clock.now())
    return SecretOut(secret=secret)


@routes.create(
    "/webhooks/{uuid:uid}/ping",
    scope="webhooks:write",
    response=MessageOut,
    summary=_("Send a test message"),
)
def ping_webhook(request: HttpRequest, uid: UUID) -> MessageOut:
    """See the message to learn whether it arrived."""
    sent = services.ping(endpoint=_endpoint(request, uid), now=clock.now())
    return MessageOut(**_message(sent))


@routes.rows(
    "/webhooks/{uuid:uid}/messages",
    scope="webhooks:read",
    listing=MESSAGES,
    row=MessageOut,
    summary=_("Messages of an endpoint"),
)
def list_messages(request: HttpRequest, uid: UUID) -> dict[str, Any]:
    """The newest first."""
    sent = queries.deliveries(_endpoint(request, uid))
    return page(request, MESSAGES, sent, lambda row: MessageOut(**_message(row)))


@routes.create(
    "/webhooks/{uuid:uid}/replay",
    scope="webhooks:write",
    response=CountOut,
    summary=_("Send again what failed"),
    status=200,
    is_single=False,
)
def replay_messages(request: HttpRequest, uid: UUID, body: SinceIn) -> CountOut:
    """Everything written since then that failed for good, under the old ids."""
    count = services.replay_failed(
        endpoint=_endpoint(request, uid), since=body.since, now=clock.now()
    )
    return CountOut(messages=count)


@routes.show(
    "/webhook-messages/{uid}",
    scope="webhooks:read",
    response=FullMessageOut,
    summary=_("A message"),
)
def get_message(request: HttpRequest, uid: str) -> FullMessageOut:
    """What is sent and what came back."""
    row = _delivery(request, uid)
    return FullMessageOut(
        **_message(row),
        payload=json.loads(row.body),
        answer=row.answer,
        endpoint=row.endpoint.uid,
        took_ms=row.took_ms,
    )


@routes.create(
    "/webhook-messages/{uid}/replay",
    scope="webhooks:write",
    response=MessageOut,
    summary=_("Send a message again"),
    status=200,
)
def replay_message(request: HttpRequest, uid: str) -> MessageOut:
    """Under its own id, with all its attempts before it."""
    again = services.replay(delivery=_delivery(request, uid), now=clock.now())
    return MessageOut(**_message(again))
