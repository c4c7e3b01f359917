"""Ways to the authority, and messages that are in them."""

from __future__ import annotations

from datetime import UTC, datetime

import factory

from customs.models import (
    Gateway,
    MessageKind,
    MessageState,
    OutgoingElement,
    OutgoingMessage,
)

from .accounts import ImporterFactory

#: A Saturday noon in China.
SENDS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


class GatewayFactory(factory.django.DjangoModelFactory[Gateway]):
    """The e-port client of an importer in Ningbo."""

    class Meta:
        model = Gateway

    code = factory.Sequence(lambda n: f"ningbo-{n}")
    company = factory.SubFactory(ImporterFactory)
    cop_code = "3302961HZ6"
    cop_name = "示例宁波进口有限公司"
    dxp_id = "DXPENT0000012345"
    sender_id = "DXPENT0000012345"
    receiver_ids = ("DXPEDCCEB0000002",)
    opened_at = SENDS


class OutgoingMessageFactory(factory.django.DjangoModelFactory[OutgoingMessage]):
    """A message of one element that waits for its turn; its bytes are nobody's business."""

    class Meta:
        model = OutgoingMessage

    gateway = factory.SubFactory(GatewayFactory)
    company = factory.SelfAttribute("gateway.company")
    kind = MessageKind.RETAIL_LIST
    number = factory.Sequence(lambda n: f"CEB621-3302961HZ6-{n:08d}")
    guid = factory.Sequence(lambda n: f"CEB621-{n:029d}")
    state = MessageState.QUEUED
    count = 1
    body = ""
    sha256 = "0" * 64
    queued_at = SENDS
    due_at = SENDS


class OutgoingElementFactory(factory.django.DjangoModelFactory[OutgoingElement]):
    """Its only element."""

    class Meta:
        model = OutgoingElement

    message = factory.SubFactory(OutgoingMessageFactory)
    company = factory.SelfAttribute("message.company")
    seller = factory.SelfAttribute("message.seller")
    kind = factory.SelfAttribute("message.kind")
    position = 1
    guid = factory.Sequence(lambda n: f"ELEMENT-{n:028d}")
    key = factory.Sequence(lambda n: f"RL-2026-{n:06d}")
