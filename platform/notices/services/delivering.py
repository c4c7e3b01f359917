"""Webhooks on their way: claim, call with no transaction open, note what came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from notices import receiver
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WhyDisabled
from notices.receiver import Answer
from notices.rules import MOST_ATTEMPTS, PERSISTENT, REST, TOLD_AFTER, signature, wait
from notices.services.telling import tell

#: Endpoints called beside each other, so that one that hangs holds up few.
_SIDE_BY_SIDE = 8
#: Of these, one company has at most so many.
_PLACES_OF_ONE = 2
#: Endpoints among which the next ones are found; a company has ten at most.
_LOOKED_AT = 200
#: A bell works this long at most; the sweeper rings again.
_LONGEST_SHIFT = timedelta(seconds=60)
_GONE = 410


def deliver_due(*, now: Callable[[], datetime]) -> int:
    """Send what is due, one message of each endpoint at a time; safe beside itself and after a
    crash. Returns how many were taken by their receivers.

    A place that is free is given away at once: a receiver that takes its time holds up itself.
    """
    taken, began = 0, now()
    under_way: dict[Future[Answer], WebhookDelivery] = {}
    with ThreadPoolExecutor(max_workers=_SIDE_BY_SIDE) as callers:
        while True:
            # The time first: a message that is claimed and not called has lost an attempt.
            if now() - began < _LONGEST_SHIFT:
                for delivery in _claim(now(), beside=under_way.values()):
                    under_way[callers.submit(_call, delivery, now())] = delivery
            if not under_way:
                return taken
            # Only the calls run beside each other; the rows are read and written here.
            for answered in wait_for(under_way, return_when=FIRST_COMPLETED).done:
                taken += _note(under_way.pop(answered), answered.result(), now())


@transaction.atomic
def _claim(now: datetime, *, beside: Collection[WebhookDelivery] = ()) -> list[WebhookDelivery]:
    """The oldest due message of each endpoint that has one and need not rest, for the places that
    are left ``beside`` those under way.

    Whoever was called longest ago comes first, and no company has more than a few places: however
    much one has to be told, all others are called in their turn.
    """
    due = Q(state=DeliveryState.PENDING, due_at__lte=now) | Q(
        state=DeliveryState.SENDING, leased_until__lt=now
    )
    called = Q(state=DeliveryState.SENDING, leased_until__gte=now)
    own = WebhookDelivery.objects.filter(endpoint=OuterRef("pk"))
    waiting = (
        WebhookEndpoint.objects.filter(Exists(own.filter(due)), is_enabled=True)
        .exclude(Exists(own.filter(called)))
        .exclude(rests_until__gt=now)
        .order_by(F("called_at").asc(nulls_first=True), "pk")
    )
    chosen = _in_turn(
        waiting.values_list("pk", "company_id")[:_LOOKED_AT],
        places=_SIDE_BY_SIDE - len(beside),
        held=Counter(one.company_id for one in beside),
    )
    if not chosen:
        return []
    # One after the other: who holds an endpoint's row is the one to call it.
    endpoints = list(
        WebhookEndpoint.objects.select_for_update(skip_locked=True)
        .filter(pk__in=chosen)
        .order_by("pk")
    )
    lease = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
    claimed = []
    for endpoint in endpoints:
        # Looked at again behind the lock: another worker may have been here in between.
        is_free = endpoint.is_enabled and not endpoint.deliveries.filter(called).exists()
        delivery = endpoint.deliveries.filter(due).order_by("due_at", "pk").first()
        if is_free and delivery is not None:
            endpoint.called_at = now
            endpoint.save(update_fields=["called_at"])
            delivery.endpoint = endpoint
            delivery.state, delivery.leased_until = DeliveryState.SENDING, lease
            delivery.attempts += 1
            delivery.save(update_fields=["state", "leased_until", "attempts"])
            claimed.append(delivery)
    return claimed


def _in_turn(waiting: Iterable[tuple[int, int]], *, places: int, held: Counter[int]) -> list[int]:
    """The endpoints that get the places; ``held`` are those each company has already."""
    chosen: list[int] = []
    for endpoint, company in waiting:
        if len(chosen) >= places:
            break
        if held[company] < _PLACES_OF_ONE:
            held[company] += 1
            chosen.append(endpoint)
    return chosen


def _call(delivery: WebhookDelivery, at: datetime) -> Answer:
    endpoint = delivery.endpoint
    secrets = [endpoint.secret, *endpoint.still_signing(at)]
    return receiver.call(
        endpoint.url,
        body=delivery.body,
        headers={
            "User-Agent": "Bondpool-Webhooks/1",
            "webhook-id": delivery.uid,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature(secrets, uid=delivery.uid, at=at, body=delivery.body),
        },
        production=settings.PRODUCTION,
    )


@transaction.atomic
def _note(delivery: WebhookDelivery, answer: Answer, now: datetime) -> int:
    """Compare-and-set what came back; returns 1 when the receiver took it.

    A message whose lease was lost is another worker's, and its answer is the one that counts.
    """
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    again = None if answer.is_taken else wait(delivery.uid, delivery.attempts)
    if answer.is_taken:
        state = DeliveryState.DELIVERED
    else:
        # Of one that was removed meanwhile nothing waits any more.
        is_over = again is None or endpoint.has_ended
        state = DeliveryState.FAILED if is_over else DeliveryState.PENDING
    mine = WebhookDelivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.SENDING, leased_until=delivery.leased_until
    ).update(
        state=state,
        leased_until=None,
        called_at=now,
        delivered_at=now if answer.is_taken else None,
        due_at=now + again if again else delivery.due_at,
        status_code=answer.status,
        answer=answer.snippet,
        error=answer.error,
        took_ms=answer.took_ms,
    )
    if not mine:
        return 0
    if endpoint.has_ended:
        return int(answer.is_taken)
    if answer.is_taken:
        endpoint.failing_since = endpoint.rests_until = None
    else:
        endpoint.failing_since = endpoint.failing_since or now
        endpoint.rests_until = now + REST
        _judge(endpoint, delivery, answer, now)
    endpoint.save(
        update_fields=[
            *("failing_since", "rests_until", "is_enabled", "disabled_at", "disabled_because")
        ]
    )
    return int(answer.is_taken)


def _judge(
    endpoint: WebhookEndpoint, delivery: WebhookDelivery, answer: Answer, now: datetime
) -> None:
    """Tell of an endpoint that goes on failing, and in the end switch it off."""
    since = endpoint.failing_since or now
    facts = {"uid": endpoint.uid, "url": endpoint.url}
    given_up = delivery.attempts >= MOST_ATTEMPTS and now - since >= PERSISTENT
    if answer.status == _GONE or given_up:
        endpoint.is_enabled, endpoint.disabled_at = False, now
        gone = answer.status == _GONE
        endpoint.disabled_because = WhyDisabled.GONE if gone else WhyDisabled.FAILING
        tell(
            "webhook.disabled",
            subject=f"{endpoint.uid} {now.isoformat()}",
            facts=facts,
            companies=[endpoint.company_id],
            now=now,
        )
    elif delivery.attempts == TOLD_AFTER:
        tell(
            "webhook.failing",
            subject=f"{endpoint.uid} {since.isoformat()}",
            facts={**facts, "since": since},
            companies=[endpoint.company_id],
            now=now,
        )
