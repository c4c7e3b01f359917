"""The way out: rows are the queue, workers take them gateway by gateway.

Exactly once towards the authority by the number that was fixed when the row was made: whoever is
killed between handing over and saying so is followed by one who hands over the same bytes under
the same name.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Thread
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import get_default_timezone

from accounts.models import User
from core.errors import DomainError
from core.queue import claim, put_back, ring
from core.walls import platform_wide
from customs.gateways import GatewayAway, carry, zips_for_zone
from customs.gateways.signers import signer_of
from customs.models import Gateway, MessageRetry, MessageState, OutgoingMessage
from customs.rules import sending as rules
from customs.rules.ceb.envelope import Envelope, write_envelope
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.signing import signed_bytes
from customs.rules.ceb.zipped import zipped
from customs.rules.sending import MessageEmptied, MessageNotFailed, MessageToldAnew
from customs.services.telling_messages import tell_away, tell_failed

log = logging.getLogger(__name__)

T = TypeVar("T")

BELL = "customs.messages"
#: A worker goes on with messages so long, and waits so long for the throttle; then others' work
#: is heard again.
TURN_SECONDS, PATIENCE_SECONDS = 20.0, 2.0
#: Messages emptied at one bell.
EMPTIED = 1_000


@dataclass(frozen=True, slots=True)
class Clocks:
    """``now`` is the house's time, which stands in the rows; ``tick`` the machine's own, by which
    a gateway's throttle runs."""

    now: Callable[[], datetime]
    tick: Callable[[], datetime]
    wait: Callable[[float], None] = time.sleep


def send_due(clocks: Clocks) -> int:
    """Send what is due, by whichever gateway is free first; safe beside itself and after a crash.

    Returns how many left. Ends when nothing is due, when the throttles let nothing through for a
    while, or when its turn is over: then it rings for the next one.
    """
    ends = time.monotonic() + TURN_SECONDS
    sent = 0
    while time.monotonic() < ends:
        gateway = _next_gateway(clocks)
        if gateway is None:
            return sent
        pause = ((gateway.next_at or clocks.tick()) - clocks.tick()).total_seconds()
        if pause > PATIENCE_SECONDS:
            return sent
        if pause > 0:
            clocks.wait(pause)
        if not _take_slot(gateway, clocks.tick()):
            continue
        taken = claim(
            OutgoingMessage, now=clocks.now(), among=Q(gateway=gateway), given_up=_told(clocks)
        )
        for message in taken:
            sent += _send(message, gateway, clocks)
    ring(BELL)
    return sent


def _next_gateway(clocks: Clocks) -> Gateway | None:
    """The open gateway with something due whose throttle lets the next through first."""
    now = clocks.now()
    due = Q(state=MessageState.QUEUED, due_at__lte=now)
    left = Q(state=MessageState.SENDING, leased_until__lt=now)
    waiting = OutgoingMessage.objects.filter(due | left, gateway=OuterRef("pk"))
    return (
        Gateway.objects.filter(
            Exists(waiting),
            Q(paused_until__isnull=True) | Q(paused_until__lte=clocks.tick()),
            is_open=True,
        )
        .order_by(F("next_at").asc(nulls_first=True), "pk")
        .first()
    )


def _take_slot(gateway: Gateway, tick: datetime) -> bool:
    """One document more, whoever was faster; no minute has more than the gateway lets through."""
    free = Gateway.objects.filter(Q(next_at__isnull=True) | Q(next_at__lte=tick), pk=gateway.pk)
    return bool(free.update(next_at=tick + rules.spacing(gateway.per_minute)))


def _send(message: OutgoingMessage, gateway: Gateway, clocks: Clocks) -> int:
    """Sign, hand over, say so: three steps, with no transaction open between them."""
    try:
        if not message.signed_at and not _sign(message, gateway, clocks):
            return 0
        name, file = _file(message, gateway)
        _in_time(lambda: carry(gateway, name=name, data=file))
    except GatewayAway as error:
        _leave_alone(gateway, message, error, clocks)
        return 0
    # A message that cannot be sent must not stop the others; the reason is kept.
    except Exception as error:
        log.exception("message %s could not be sent", message.number)
        put_back(
            message,
            error,
            now=clocks.now(),
            given_up=_told(clocks),
            for_good=isinstance(error, DomainError),
        )
        return 0
    mine = _mine(message).update(
        state=MessageState.SENT, sent_at=clocks.now(), leased_until=None, last_error=""
    )
    Gateway.objects.filter(pk=gateway.pk).update(
        failures=0, last_error="", paused_until=None, last_sent_at=clocks.tick()
    )
    return mine


def _mine(message: OutgoingMessage) -> QuerySet[OutgoingMessage]:
    found: QuerySet[OutgoingMessage] = OutgoingMessage.objects.filter(
        pk=message.pk, state=MessageState.SENDING, leased_until=message.leased_until
    )
    return found


def _sign(message: OutgoingMessage, gateway: Gateway, clocks: Clocks) -> bool:
    """Have a message signed and keep what came of it before anybody outside sees it: not every
    key gives the same signature twice. False where somebody else has the message meanwhile."""
    if message.kind not in KINDS:
        # The zone's own messages are signed by the client that imports them.
        return True
    signer = signer_of(gateway)
    if signer is None:
        return True
    data = rules.unsqueezed(message.body)
    made = _in_time(lambda: signed_bytes(data, signer))
    message.body, message.signed_at = rules.squeezed(made), clocks.now()
    message.sha256 = hashlib.sha256(made).hexdigest()
    return bool(
        _mine(message)
        .filter(signed_at__isnull=True)
        .update(body=message.body, sha256=message.sha256, signed_at=message.signed_at)
    )


def _file(message: OutgoingMessage, gateway: Gateway) -> tuple[str, bytes]:
    """The message in its envelope, and what the file is called; its time is that of the row.
    Raises EnvelopeInvalid and MessageEmptied."""
    if not message.body:
        raise MessageEmptied(number=message.number)
    data = rules.unsqueezed(message.body)
    name = f"{message.number}.xml"
    made_at = message.queued_at.astimezone(get_default_timezone())
    if message.kind not in KINDS:
        # The zone's own messages have an envelope in themselves; most of its clients want a ZIP.
        if zips_for_zone(gateway):
            return f"{message.number}.zip", zipped(name, data, at=made_at)
        return name, data
    envelope = Envelope(
        message.number,
        gateway.sender_id,
        tuple(gateway.receiver_ids),
        made_at.strftime("%Y-%m-%dT%H:%M:%S"),
        KINDS[message.kind].root,
        data,
        name,
    )
    return name, write_envelope(envelope)


def _in_time(act: Callable[[], T]) -> T:
    """Do it, for so long as a gateway may take. Raises GatewayAway when it takes longer.

    A folder that hangs cannot be called back: it keeps its thread, and the worker goes on. What
    comes of it later is the same file under the same name.
    """
    done: list[T] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            done.append(act())
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            failed.append(error)

    thread = Thread(target=run, name="gateway", daemon=True)
    thread.start()
    thread.join(settings.BONDPOOL_GATEWAY_SECONDS)
    if failed:
        raise failed[0]
    if not done:
        raise GatewayAway(f"no answer in {settings.BONDPOOL_GATEWAY_SECONDS:g} seconds")
    return done[0]


def _leave_alone(
    gateway: Gateway, message: OutgoingMessage, error: GatewayAway, clocks: Clocks
) -> None:
    """The way is not open: nothing goes by it for a while, and no message is to blame."""
    log.warning("gateway %s: %s", gateway.code, error)
    tick = clocks.tick()
    fresh = Gateway.objects.values_list("failures", flat=True).get(pk=gateway.pk) + 1
    Gateway.objects.filter(pk=gateway.pk).update(
        failures=fresh,
        last_error=str(error)[:2000],
        paused_until=tick + rules.pause_after(fresh),
    )
    _mine(message).update(state=MessageState.QUEUED, attempts=F("attempts") - 1, leased_until=None)
    if fresh == rules.FAILURES_TOLD:
        tell_away(gateway, now=clocks.now())


def _told(clocks: Clocks) -> Callable[[OutgoingMessage], None]:
    return lambda message: tell_failed(message, now=clocks.now())


def empty_sent(*, now: datetime) -> int:
    """Empty what was sent long ago: it names buyers, and nobody sends it again. What is left says
    which number left when, with the digest of its bytes. Safe to run twice. Returns how many."""
    old = OutgoingMessage.objects.filter(
        state=MessageState.SENT, sent_at__lt=now - timedelta(days=rules.KEPT_DAYS)
    ).exclude(body="")
    some = list(old.order_by("sent_at", "pk").values_list("pk", flat=True)[:EMPTIED])
    return int(OutgoingMessage.objects.filter(pk__in=some).update(body=""))


@transaction.atomic
def retry_message(*, message: OutgoingMessage, by: User | None, now: datetime) -> OutgoingMessage:
    """Let a message be tried again that had failed: the same one, under its number.

    Raises MessageNotFailed and MessageToldAnew; then nothing has been written.
    """
    fresh: OutgoingMessage = OutgoingMessage.objects.select_for_update().get(pk=message.pk)
    if fresh.state != MessageState.FAILED:
        raise MessageNotFailed(number=fresh.number, state=fresh.state)
    with platform_wide():
        is_told_anew = fresh.elements.filter(told_anew__isnull=False).exists()
    if is_told_anew:
        raise MessageToldAnew(number=fresh.number)
    MessageRetry.objects.create(
        message=fresh,
        company_id=fresh.company_id,
        trouble=fresh.last_error,
        retried_at=now,
        retried_by=by,
    )
    fresh.state, fresh.attempts, fresh.due_at = MessageState.QUEUED, 0, now
    fresh.save(update_fields=["state", "attempts", "due_at"])
    # A person has looked at it: it is not left alone any longer.
    Gateway.objects.filter(pk=fresh.gateway_id).update(paused_until=None)
    ring(BELL)
    return fresh
