"""Receipts in message queues (AMQP): taken out, written down, and only then acknowledged.

What cannot be read is kept with its reason, as from a folder, and acknowledged too: it would come
again for ever. What was delivered before is known by its bytes.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db.models import Q

from core.faults import each_of
from customs.gateways import GatewayAway, secrets_of
from customs.gateways.inbox import read_by_queue
from customs.models import Gateway, GatewayKind, ReceiptWay
from customs.rules.ceb.parsing import LARGEST_FILE, MessageTooLarge
from customs.services.receiving import Looked, keep, look

log = logging.getLogger(__name__)

#: Messages of one gateway at one bell; what is more waits for the next.
MOST = 500


def read_queues(*, now: Callable[[], datetime]) -> int:
    """Take what lies in the queues of all gateways that have one; a broker that is away does not
    stop the others, and is left alone as long as its gateway is. Safe to run any number of times.
    Call platform-wide, with no transaction open. Gives back how many messages were taken."""
    moment = now()
    open_now = Q(paused_until__isnull=True) | Q(paused_until__lte=moment)

    def read(gateway: Gateway) -> int:
        try:
            return read_by_queue(
                code=gateway.code,
                secrets=secrets_of(gateway),
                take=partial(_take, gateway, now),
                most=MOST,
            )
        except GatewayAway as error:
            log.warning("the receipts of gateway %s: %s", gateway.code, error)
            return 0

    return each_of(Gateway.objects.filter(open_now, kind=GatewayKind.AMQP).order_by("pk"), read)


def _take(gateway: Gateway, now: Callable[[], datetime], name: str, data: bytes) -> None:
    """The rows stand when it returns."""
    too_large = None
    if len(data) > LARGEST_FILE:
        looked = Looked([], MessageTooLarge(bytes=len(data), most=LARGEST_FILE))
        too_large = (hashlib.sha256(data).hexdigest(), len(data))
    else:
        looked = look(data, must_be_signed=settings.BONDPOOL_RECEIPTS_SIGNED)
    keep(
        data if too_large is None else b"",
        looked,
        name=name,
        way=ReceiptWay.QUEUE,
        now=now(),
        company=gateway.company,
        gateway=gateway,
        too_large=too_large,
    )
