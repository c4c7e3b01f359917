"""A seller's channels over the API: what the pages do."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core import clock
from rest.calling import Caller, caller_of
from rest.fields import Body, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse import services
from warehouse.models import Channel, ChannelDelivery, ChannelKind, DeliveryStage
from warehouse.queries import channels as asked
from warehouse.queries.listings_of_channels import CHANNEL_DELIVERIES, CHANNELS

routes = Routes(tags=["sellers"])

_UID = "6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"
_DELIVERY = "dlv_1374631420854e198b3df0bb1a8adb65"
OUTCOMES = (
    *("accepted", "already_taken", "refused", "waiting"),
    *("cancelled", "not_cancelled", "nothing_to_cancel", "cancelled_before"),
    "merged",
)


class ChannelOut(Schema):
    """A shop that sends its orders by itself, without its secret."""

    uid: UUID = Field(examples=[_UID])
    name: str = Field(description="Its orders carry it", examples=["TMALL-GLOBAL"])
    kind: str = Field(json_schema_extra=one_of(*ChannelKind.values), examples=["woocommerce"])
    active: bool = Field(examples=[True])
    address: str = Field(
        description="Where the shop sends to", examples=[f"/api/v1/channels/{_UID}/orders"]
    )
    buyer_id_field: str = Field(
        description="The shop's field of the identity number; empty for the usual one",
        examples=["_buyer_id_number"],
    )
    two_secrets_until: datetime | None = Field(examples=[None])
    created_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    waiting: int = Field(description="Deliveries not yet worked off", examples=[0])
    trouble: int = Field(description="Deliveries that were not taken", examples=[0])


class ChannelIn(Body):
    """A shop, and in whose words it tells of its orders."""

    name: str = Field(min_length=1, max_length=32, examples=["TMALL-GLOBAL"])
    kind: Literal["signed", "woocommerce", "shopify"] = Field(examples=["woocommerce"])
    buyer_id_field: str = Field("", max_length=60, examples=["_buyer_id_number"])
    secret: str = Field(
        "", max_length=200, description="Shopify's own; empty for the others", examples=[""]
    )


class ChannelChangeIn(Body):
    buyer_id_field: str = Field("", max_length=60, examples=["_buyer_id_number"])


class ChannelSecretIn(Body):
    secret: str = Field(
        "", max_length=200, description="Shopify's own; empty for the others", examples=[""]
    )


class ChannelSecretOut(Schema):
    """The only time the secret is shown."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class ChannelDeliveryOut(Schema):
    """Something a shop sent."""

    uid: str = Field(examples=[_DELIVERY])
    delivery_id: str = Field(description="The shop's own id of it", examples=["36e520ebabc2fa72"])
    topic: str = Field(examples=["order.created"])
    state: str = Field(json_schema_extra=one_of(*DeliveryStage.values), examples=["done"])
    received_at: datetime = Field(examples=["2026-07-14T04:00:00Z"])
    worked_at: datetime | None = Field(examples=["2026-07-14T04:00:02Z"])
    order_numbers: list[str] = Field(examples=[["2026080100017"]])
    attempts: int = Field(examples=[1])


class ChannelOutcomeOut(Schema):
    """What became of one order in it."""

    order_number: str = Field(examples=["2026080100017"])
    outcome: str = Field(json_schema_extra=one_of(*OUTCOMES), examples=["refused"])
    number: str = Field(description="Ours; empty when refused", examples=[""])
    code: str = Field(description="The rule", examples=["warehouse.product_unknown"])
    detail: str = Field(examples=["The catalogue has no product under this SKU or GTIN."])
    field: str = Field(examples=["product"])
    facts: dict[str, Any] = Field(examples=[{"product": "MILK-X"}])


class FullChannelDeliveryOut(ChannelDeliveryOut):
    """With what became of each order; the orders themselves are not shown."""

    outcomes: list[ChannelOutcomeOut]


def _channel(one: Any) -> ChannelOut:
    return ChannelOut(
        uid=one.uid,
        name=one.name,
        kind=one.kind,
        active=one.is_active,
        address=f"/api/v1/channels/{one.uid}/orders",
        buyer_id_field=one.buyer_id_field,
        two_secrets_until=one.previous_until,
        created_at=one.created_at,
        waiting=one.waiting,
        trouble=one.trouble,
    )


def _delivery(one: ChannelDelivery) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "delivery_id": one.delivery_id,
        "topic": one.topic,
        "state": one.state,
        "received_at": one.received_at,
        "worked_at": one.worked_at,
        "order_numbers": one.order_numbers,
        "attempts": one.attempts,
    }


def _outcome(told: dict[str, Any]) -> ChannelOutcomeOut:
    return ChannelOutcomeOut(
        order_number=told["order_number"],
        outcome=told["outcome"],
        number=told["number"],
        code=told.get("code", ""),
        detail=gettext(told["rule"]) if told.get("rule") else "",
        field=told.get("field", ""),
        facts=told.get("facts", {}),
    )


def _caller(request: HttpRequest) -> Caller:
    """Raises Http404 when it is in the name of somebody who is no administrator."""
    caller = caller_of(request)
    if not asked.may_manage(caller.membership):
        raise Http404
    return caller


def _own(request: HttpRequest, uid: UUID) -> Channel:
    found = asked.channel_of(_caller(request).company, uid)
    if found is None:
        raise Http404
    return found


def _own_delivery(request: HttpRequest, uid: str) -> ChannelDelivery:
    found = asked.delivery_of(_caller(request).company, uid)
    if found is None:
        raise Http404
    return found


@routes.rows(
    "/channels",
    scope="channels:read",
    listing=CHANNELS,
    row=ChannelOut,
    summary=_("List the channels"),
)
def list_channels(request: HttpRequest) -> object:
    """The shops whose orders come in by themselves."""
    return page(request, CHANNELS, asked.channels(_caller(request).company), _channel)


@routes.create("/channels", scope="channels:write", response=ChannelOut, summary=_("Add a channel"))
def create_channel(request: HttpRequest, body: ChannelIn) -> ChannelOut:
    """Ask for its secret next: this answer is kept for its key, and a secret must not be."""
    caller = _caller(request)
    channel, _secret = services.add_channel(
        seller=caller.company,
        name=body.name,
        kind=body.kind,
        buyer_id_field=body.buyer_id_field,
        secret=body.secret,
        created_by=caller.user,
        now=clock.now(),
    )
    return get_channel(request, channel.uid)


@routes.show(
    "/channels/{uuid:uid}", scope="channels:read", response=ChannelOut, summary=_("A channel")
)
def get_channel(request: HttpRequest, uid: UUID) -> ChannelOut:
    """Its address, and how much waits or was not taken."""
    return _channel(_own(request, uid))


@routes.change(
    "/channels/{uuid:uid}",
    method="PUT",
    scope="channels:write",
    current=get_channel,
    response=ChannelOut,
    summary=_("Change a channel"),
)
def change_channel(request: HttpRequest, uid: UUID, body: ChannelChangeIn) -> ChannelOut:
    """Look for the buyer's identity number in another field."""
    services.change_channel(channel=_own(request, uid), buyer_id_field=body.buyer_id_field)
    return get_channel(request, uid)


@routes.change(
    "/channels/{uuid:uid}/enable",
    scope="channels:write",
    current=get_channel,
    response=ChannelOut,
    summary=_("Switch a channel on"),
)
def enable_channel(request: HttpRequest, uid: UUID) -> ChannelOut:
    """What the shop sends from now on is taken."""
    services.switch_channel(channel=_own(request, uid), on=True)
    return get_channel(request, uid)


@routes.change(
    "/channels/{uuid:uid}/disable",
    scope="channels:write",
    current=get_channel,
    response=ChannelOut,
    summary=_("Switch a channel off"),
)
def disable_channel(request: HttpRequest, uid: UUID) -> ChannelOut:
    """Nothing more is taken; what was taken before is worked off."""
    services.switch_channel(channel=_own(request, uid), on=False)
    return get_channel(request, uid)


@routes.ask(
    "/channels/{uuid:uid}/secret",
    scope="channels:write",
    response=ChannelSecretOut,
    summary=_("Change a channel's secret"),
)
def rotate_channel(request: HttpRequest, uid: UUID, body: ChannelSecretIn) -> ChannelSecretOut:
    """Shown this once; those before are taken beside it for 24 hours."""
    secret = services.rotate_channel(
        channel=_own(request, uid), secret=body.secret, now=clock.now()
    )
    return ChannelSecretOut(secret=secret)


@routes.rows(
    "/channels/{uuid:uid}/deliveries",
    scope="channels:read",
    listing=CHANNEL_DELIVERIES,
    row=ChannelDeliveryOut,
    summary=_("Deliveries of a channel"),
)
def list_channel_deliveries(request: HttpRequest, uid: UUID) -> object:
    """The newest first."""
    sent = asked.deliveries(_own(request, uid))
    return page(request, CHANNEL_DELIVERIES, sent, lambda one: ChannelDeliveryOut(**_delivery(one)))


@routes.show(
    "/channel-deliveries/{uid}",
    scope="channels:read",
    response=FullChannelDeliveryOut,
    summary=_("A delivery"),
)
def get_channel_delivery(request: HttpRequest, uid: str) -> FullChannelDeliveryOut:
    """What became of each order in it, and which field is wrong."""
    one = _own_delivery(request, uid)
    return FullChannelDeliveryOut(
        **_delivery(one), outcomes=[_outcome(told) for told in one.outcomes]
    )


@routes.create(
    "/channel-deliveries/{uid}/retry",
    scope="channels:write",
    response=ChannelDeliveryOut,
    summary=_("Try a delivery again"),
    status=200,
)
def retry_channel_delivery(request: HttpRequest, uid: str) -> ChannelDeliveryOut:
    """After the mapping was mended; what was taken before is known."""
    services.retry_delivery(delivery=_own_delivery(request, uid), now=clock.now())
    return ChannelDeliveryOut(**_delivery(_own_delivery(request, uid)))
