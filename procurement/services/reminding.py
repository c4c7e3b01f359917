"""What sellers hear because of the time: a round has opened, a round will close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from notices.services import once
from procurement.models import PoolRound, RoundState
from procurement.services import telling

#: So long before the cut-off sellers are reminded of it.
CLOSING = timedelta(days=3)


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell of rounds that have opened and of those that close within three days, each once.

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
    return told
