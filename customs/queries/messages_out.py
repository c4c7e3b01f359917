"""Messages on their way to the authority, and the ways they take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404

from accounts.models import Company
from customs.models import Gateway, MessageState, OutgoingElement, OutgoingMessage
from customs.rules.sending import wait_of

_OPEN = Q(state__in=[MessageState.QUEUED, MessageState.SENDING])


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a queued message stands: its place, from 1, and how long the throttle makes it wait.

    ``paused_until``: its gateway is left alone until then, and the wait counts from there. No wait
    can be told where its gateway is closed: it leaves once that is opened, and by no other.
    """

    place: int
    wait: timedelta | None
    paused_until: datetime | None


def messages_of() -> QuerySet[OutgoingMessage]:
    """The messages in scope, newest first; without their bytes."""
    found: QuerySet[OutgoingMessage] = OutgoingMessage.objects.select_related("company", "gateway")
    return found.defer("body").order_by("-queued_at", "-pk")


def message_out(number: str) -> OutgoingMessage:
    """One message in scope; Http404 where there is none."""
    found = messages_of().filter(number=number).first()
    if found is None:
        raise Http404
    return found


def elements_of(message: OutgoingMessage) -> QuerySet[OutgoingElement]:
    """What is in it, in order."""
    found: QuerySet[OutgoingElement] = (
        OutgoingElement.objects.filter(message=message)
        .select_related(
            "retail_list",
            "declaration",
            "export_list",
            "truck_pass__export_list",
            "first__export_list",
        )
        .order_by("position")
    )
    return found


def turn_of(message: OutgoingMessage, *, now: datetime) -> Turn | None:
    """Its place in the queue of its gateway; None where it is not in it."""
    if message.state != MessageState.QUEUED:
        return None
    gateway = message.gateway
    ahead = (
        OutgoingMessage.objects.filter(_OPEN, gateway=gateway)
        .filter(Q(due_at__lt=message.due_at) | Q(due_at=message.due_at, pk__lt=message.pk))
        .count()
    )
    if not gateway.is_open:
        return Turn(ahead + 1, None, None)
    paused = gateway.paused_until
    begins = max(filter(None, (gateway.next_at, paused)), default=None)
    wait = max(wait_of(ahead, gateway.per_minute, begins, now), message.due_at - now)
    return Turn(ahead + 1, wait, paused if paused and paused > now else None)


def gateways_of() -> QuerySet[Gateway]:
    """The gateways in scope with what waits at each, and since when."""
    found: QuerySet[Gateway] = Gateway.objects.select_related("company")
    return found.annotate(
        waiting=Count("messages", filter=Q(messages__state__in=["queued", "sending"])),
        failed=Count("messages", filter=Q(messages__state=MessageState.FAILED)),
        oldest=Min("messages__queued_at", filter=Q(messages__state__in=["queued", "sending"])),
    ).order_by("code")


def gateway_of(code: str) -> Gateway:
    """One gateway in scope; Http404 where there is none."""
    found = gateways_of().filter(code=code).first()
    if found is None:
        raise Http404
    return found


def way_out(company: Company) -> Gateway | None:
    """The gateway by which a company sends: the first it opened that is open."""
    found: Gateway | None = (
        Gateway.objects.filter(company=company, is_open=True).order_by("pk").first()
    )
    return found
