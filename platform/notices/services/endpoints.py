"""A company's endpoints, and what is sent to them again."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from accounts.models import Company, User
from accounts.rules.seen import check_unchanged, stamp
from core.queue import ring
from notices import rules
from notices.catalogue import hooked
from notices.models import DeliveryState, WebhookDelivery, WebhookEndpoint, WhyDisabled
from notices.services.telling import HOOKS, delivery

MOST_ENDPOINTS = 10
PING = "webhook.ping"


@transaction.atomic
def add_endpoint(
    *,
    company: Company,
    role: str,
    url: str,
    events: Iterable[str],
    description: str = "",
    created_by: User | None,
    now: datetime,
) -> tuple[WebhookEndpoint, str]:
    """Tell a company's own system of events from now on; gives back the secret, once.

    Raises EndpointAddressWrong, EndpointNotPublic, NoEventsChosen or TooManyEndpoints; then
    nothing has been written.
    """
    rules.check_url(url, production=settings.PRODUCTION)
    chosen = _chosen(role, events)
    # Of two who add at once the second waits here, so there are never eleven.
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    there = WebhookEndpoint.objects.filter(company=company)
    if there.exclude(disabled_because=WhyDisabled.ENDED).count() >= MOST_ENDPOINTS:
        raise rules.TooManyEndpoints(limit=MOST_ENDPOINTS)
    secret = _new_secret()
    endpoint = WebhookEndpoint.objects.create(
        uid=uuid4(),
        company=company,
        url=url,
        description=description,
        events=chosen,
        secret=secret,
        created_at=now,
        created_by=created_by,
    )
    return endpoint, secret


@transaction.atomic
def change_endpoint(
    *,
    endpoint: WebhookEndpoint,
    role: str,
    url: str,
    events: Iterable[str],
    description: str,
    seen: str = "",
) -> WebhookEndpoint:
    """Send to another address, or tell of other events. What is on its way keeps its body.

    Raises EndpointAddressWrong, EndpointNotPublic, NoEventsChosen, EndpointEnded, or
    ChangedMeanwhile for who saw (``seen_of``) something else; then nothing has been written.
    """
    rules.check_url(url, production=settings.PRODUCTION)
    chosen = _chosen(role, events)
    held = _lock_living(endpoint)
    check_unchanged(seen, url=held.url, description=held.description, events=held.events)
    held.url, held.events, held.description = url, chosen, description
    held.save(update_fields=["url", "events", "description"])
    return held


def seen_of(*, url: str, description: str, events: Iterable[str]) -> str:
    """Recognises what somebody saw of an endpoint before changing it."""
    return stamp(url, description, list(events))


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, now: datetime) -> str:
    """Make a new secret; those before sign beside it for a day. Gives it back, once.

    Raises TooManySecrets or EndpointEnded; then nothing has been written.
    """
    held = _lock_living(endpoint)
    before = [str(held.secret), *held.still_signing(now)]
    if len(before) > rules.MOST_BEFORE:
        raise rules.TooManySecrets(until=held.previous_until)
    held.previous_secret, held.previous_until = " ".join(before), now + rules.ROTATION
    held.secret = _new_secret()
    held.save(update_fields=["secret", "previous_secret", "previous_until"])
    return str(held.secret)


@transaction.atomic
def disable_endpoint(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Send nothing for now: what waits goes on waiting, and nothing new is written for it."""
    held = _lock(endpoint)
    if held.is_enabled:
        held.is_enabled, held.disabled_at = False, now
        held.disabled_because = WhyDisabled.PERSON
        held.save(update_fields=["is_enabled", "disabled_at", "disabled_because"])
    return held


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Go on: what waited is due, and what happens from now on is told again.

    Raises EndpointEnded; then nothing has been written.
    """
    held = _lock_living(endpoint)
    held.is_enabled, held.disabled_because, held.disabled_at = True, "", None
    held.failing_since = held.rests_until = None
    held.save(
        update_fields=[
            *("is_enabled", "disabled_because", "disabled_at", "failing_since", "rests_until")
        ]
    )
    ring(HOOKS)
    return held


@transaction.atomic
def end_endpoint(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookEndpoint:
    """Take it away for good and free its place; what waits is given up, and its log stays."""
    held = _lock(endpoint)
    if held.has_ended:
        return held
    held.is_enabled, held.disabled_at, held.disabled_because = False, now, WhyDisabled.ENDED
    held.failing_since = held.rests_until = None
    held.save(
        update_fields=[
            *("is_enabled", "disabled_because", "disabled_at", "failing_since", "rests_until")
        ]
    )
    held.deliveries.filter(state=DeliveryState.PENDING).update(state=DeliveryState.FAILED)
    return held


@transaction.atomic
def ping(*, endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Send a message that says nothing but that it came. Raises EndpointDisabled or
    EndpointEnded; then nothing has been written."""
    held = _lock_living(endpoint)
    if not held.is_enabled:
        raise rules.EndpointDisabled()
    row = delivery(held, PING, {"endpoint": str(held.uid)}, now)
    row.save()
    # Who presses the button does not want to wait until the endpoint has rested.
    held.rests_until = None
    held.save(update_fields=["rests_until"])
    ring(HOOKS)
    return row


@transaction.atomic
def replay(*, delivery: WebhookDelivery, now: datetime) -> WebhookDelivery:
    """Send a message again, under its own id, with all its attempts before it.

    Raises EndpointDisabled, EndpointEnded or DeliveryUnderWay; then nothing has been written.
    """
    endpoint = _lock_living(delivery.endpoint)
    if not endpoint.is_enabled:
        raise rules.EndpointDisabled()
    done = {DeliveryState.FAILED, DeliveryState.DELIVERED}
    again = WebhookDelivery.objects.filter(pk=delivery.pk, state__in=done).update(
        state=DeliveryState.PENDING, attempts=0, due_at=now, delivered_at=None
    )
    if not again:
        raise rules.DeliveryUnderWay(message=delivery.uid)
    ring(HOOKS)
    return WebhookDelivery.objects.get(pk=delivery.pk)


@transaction.atomic
def replay_failed(*, endpoint: WebhookEndpoint, since: datetime, now: datetime) -> int:
    """Send again whatever was written since then and failed for good. Returns how many.

    Raises EndpointDisabled or EndpointEnded; then nothing has been written.
    """
    held = _lock_living(endpoint)
    if not held.is_enabled:
        raise rules.EndpointDisabled()
    failed = held.deliveries.filter(state=DeliveryState.FAILED, created_at__gte=since)
    again = failed.update(state=DeliveryState.PENDING, attempts=0, due_at=now)
    ring(HOOKS)
    return int(again)


def _lock(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    held: WebhookEndpoint = WebhookEndpoint.objects.select_for_update(of=("self",)).get(
        pk=endpoint.pk
    )
    return held


def _lock_living(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """Raises EndpointEnded."""
    held = _lock(endpoint)
    if held.has_ended:
        raise rules.EndpointEnded()
    return held


def _chosen(role: str, events: Iterable[str]) -> list[str]:
    known = {event.code for event in hooked(role)}
    chosen = sorted(set(events))
    if not chosen or not known.issuperset(chosen):
        raise rules.NoEventsChosen(events=", ".join(set(chosen) - known))
    return chosen


def _new_secret() -> str:
    return rules.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
