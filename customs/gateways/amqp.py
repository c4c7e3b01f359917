"""Handing over to a message queue (AMQP), as the exchange offers it.

Its address (``url``) and where in it (``exchange``, ``routing_key``) stand in the settings. The
broker confirms what it has taken: without that it would lose what it had in hand when it died.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from kombu import Connection, Queue
from kombu.exceptions import KombuError

from customs.gateways.away import GatewayAway


def carry_by_queue(*, code: str, name: str, data: bytes, secrets: Mapping[str, str]) -> None:
    """Publish one message that outlives the broker, and wait until the broker says it has it."""
    url = secrets.get("url")
    if not url:
        raise GatewayAway(f"no address is set for {code}")
    seconds = settings.BONDPOOL_GATEWAY_SECONDS
    try:
        with Connection(
            url,
            connect_timeout=seconds,
            transport_options={
                "confirm_publish": True,
                "read_timeout": seconds,
                "write_timeout": seconds,
                # The queue itself tries again, later and with others' messages in between.
                "max_retries": 1,
                "interval_start": 0,
            },
        ) as connection:
            key, exchange = secrets.get("routing_key") or code, secrets.get("exchange", "")
            connection.Producer(serializer=None).publish(
                data,
                exchange=exchange,
                routing_key=key,
                # To an exchange it is the other side's queues that are bound.
                declare=[] if exchange else [Queue(key, durable=True)],
                content_type="application/xml",
                content_encoding="binary",
                message_id=name,
                delivery_mode=2,
            )
    # The producer turns what its broker says into the one, the socket says the other.
    except (KombuError, OSError) as error:
        raise GatewayAway(f"{type(error).__name__}: the queue did not take it") from error
