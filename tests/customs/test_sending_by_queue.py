"""A message queue takes messages under their names, or it is away."""

from __future__ import annotations

from pathlib import Path

import pytest
from kombu import Connection
from pytest_django.fixtures import Settings

from customs.gateways import GatewayAway
from customs.gateways.amqp import carry_by_queue
from customs.models import GatewayKind
from customs.services import send_due
from tests.customs.test_sending import Time, queued, wide
from tests.customs.ways import a_gateway, gateways

__all__ = ["gateways", "wide"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_queue_takes_the_file_under_its_name(settings: Settings, gateways: Path) -> None:
    settings.BONDPOOL_GATEWAY_SECRETS = {"queued": {"url": "memory://", "routing_key": "to-dxp"}}
    gateway = a_gateway(code="queued", kind=GatewayKind.AMQP)
    (message,) = queued(gateway)

    assert send_due(Time().clocks) == 1

    with Connection("memory://") as there:
        queue = there.SimpleQueue("to-dxp")
        taken = queue.get(block=False)
        taken.ack()
    assert taken.properties["message_id"] == f"{message.number}.xml"
    assert f"<CopMsgId>{message.number}<" in str(taken.body)


def test_a_queue_without_an_address_or_an_answer_is_away() -> None:
    with pytest.raises(GatewayAway, match="no address"):
        carry_by_queue(code="x", name="x.xml", data=b"x", secrets={})
    with pytest.raises(GatewayAway, match="did not take it"):
        carry_by_queue(
            code="x", name="x.xml", data=b"x", secrets={"url": "amqp://guest@127.0.0.1:1//"}
        )
