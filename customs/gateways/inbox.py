"""Taking what comes back out of a message queue (AMQP), as the exchange lays it there.

The queue (``receipts``) stands beside the address (``url``) in the settings; a gateway without one
has its receipts brought in another way. A message is acknowledged only after it was taken whole:
whoever dies in between has it delivered again, with the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress

from amqp.exceptions import AMQPError
from django.conf import settings
from kombu import Connection, Queue
from kombu.exceptions import KombuError

from customs.gateways.away import GatewayAway

#: Who reads asks again at the next bell: a broker that is away must not hold the others' receipts.
_MOST_SECONDS = 5.0


def read_by_queue(
    *, code: str, secrets: Mapping[str, str], take: Callable[[str, bytes], None], most: int
) -> int:
    """Give ``take`` the name and bytes of up to so many messages, one after the other, and
    acknowledge each as soon as it returns; gives back how many.

    What ``take`` raises is raised, and that message stays in the queue. Raises GatewayAway.
    """
    url, name = secrets.get("url"), secrets.get("receipts")
    if not url or not name:
        return 0
    seconds = min(settings.BONDPOOL_GATEWAY_SECONDS, _MOST_SECONDS)
    taken = 0
    try:
        with Connection(
            url,
            connect_timeout=seconds,
            transport_options={
                "read_timeout": seconds,
                "write_timeout": seconds,
                "max_retries": 1,
                "interval_start": 0,
            },
        ) as connection:
            # It is the exchange's own: what it is like is not for us to say.
            queue = Queue(name, channel=connection.default_channel, no_declare=True)
            while taken < most and (message := queue.get(no_ack=False)) is not None:
                body = message.body or b""
                data = body.encode() if isinstance(body, str) else bytes(body)
                named = message.properties.get("message_id")
                try:
                    take(str(named or hashlib.sha256(data).hexdigest()), data)
                except BaseException:
                    # Where the broker is gone as well, it gives it out again by itself.
                    with suppress(KombuError, OSError, AMQPError):
                        message.requeue()
                    raise
                message.ack()
                taken += 1
    # The last is what the broker itself refuses: a queue that is not there.
    except (KombuError, OSError, AMQPError) as error:
        raise GatewayAway(f"{type(error).__name__}: the queue gave nothing") from error
    return taken
