"""What people hear because of the time: a round has opened or will close, an order is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from notices.services import once
from procurement.models import OrderState, OrderStep, PoolRound, PurchaseOrder, RoundState
from procurement.services import telling
from procurement.services.holding import note

#: So long before the cut-off sellers are reminded of it.
CLOSING = timedelta(days=3)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell of rounds that have opened, that close within three days, or that fill packs, each once.

    Safe to run any number of times. Returns how many rounds were told of.
    """
    told = 0
    running = PoolRound.objects.filter(
        state=RoundState.OPEN, opens_at__lte=now, cutoff_at__gt=now
    ).order_by("pk")
    for round in running:
        if once("round.opened", round.code, now=now):
            telling.tell_opened(round, now)
            told += 1
        if round.cutoff_at - now <= CLOSING and once("round.closing", round.code, now=now):
            telling.tell_closing(round, now)
            told += 1
    # A round whose filling has begun has passed its cut-off.
    filling = PoolRound.objects.filter(
        state=RoundState.OPEN, cutoff_at__lte=now, fill_until__gt=now
    ).order_by("pk")
    for round in filling:
        if once("round.filling", round.code, now=now):
            telling.tell_filling(round, now)
            told += 1
    return told


@transaction.atomic
def remind_late(*, now: datetime) -> int:
    """Tell the operators of orders whose promised day has passed, each day promised once.

    Safe to run any number of times. Returns how many orders were told of.
    """
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    late = PurchaseOrder.objects.select_related("supplier__company").filter(
        state=OrderState.PLACED, promised_on__lt=today
    )
    told = 0
    for order in late.order_by("pk"):
        if once("order.late", f"{order.number} {order.promised_on}", now=now):
            telling.tell_late(order, now)
            note(order, OrderStep.LATE, now=now, document=f"{order.promised_on}")
            told += 1
    return told
