"""Work for later: a row and a bell. The only door from a service to Celery.

No broker alone keeps a declaration or a payment safe, so the message carries nothing: it
says "there is work". The worker drains rows that are due; a sweeper rings every bell at a
steady rate, and whatever the broker loses is found again by the next ring.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError

from core.models import QueuedDocument, QueuedWork
from core.ringing import pass_on

log = logging.getLogger(__name__)

W = TypeVar("W", bound=QueuedWork)
D = TypeVar("D", bound=QueuedDocument)


@dataclass(frozen=True, slots=True)
class MadeFile:
    """What a maker gives back: the bytes and how many pages they have."""

    content: bytes
    page_count: int = 1


def ring(name: str) -> None:
    """Tell the workers, once the transaction is committed, that ``name`` has work.

    Never fails the caller: a broker that is away costs time, not work.
    """
    transaction.on_commit(lambda: pass_on(name, _send), robust=True)


def ring_all() -> None:
    """Ring every bell of the house; the sweeper's one act."""
    for name in settings.BONDPOOL_BELLS:
        _send(name)


def _send(name: str) -> None:
    try:
        # A hint that waits longer than the sweeper's rate is worth nothing.
        current_app.send_task(name, expires=60, retry=False)
    except OperationalError:
        log.warning("the broker did not take the bell %s; the sweeper will ring again", name)


def claim(
    model: type[W],
    *,
    now: datetime,
    limit: int = 1,
    among: Q | None = None,
    given_up: Callable[[W], None] | None = None,
) -> list[W]:
    """Take due rows: queued ones, and those whose worker let its lease run out.

    One UPDATE with SKIP LOCKED, so many workers take different rows. Rows that were tried
    too often become failed here and wait for a person; ``given_up`` hears of each. ``among``
    names those that may be taken, if not all.
    """
    steps = model.steps
    lease = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
    due = Q(state=steps.queued, due_at__lte=now) | Q(state=steps.busy, leased_until__lt=now)
    with transaction.atomic():
        rows = list(
            model._default_manager.select_for_update(skip_locked=True)
            .filter(due if among is None else among & due)
            .order_by("due_at", "pk")[:limit]
        )
        taken: list[W] = []
        for row in rows:
            if row.attempts >= settings.BONDPOOL_MAX_ATTEMPTS:
                row.state, row.leased_until = steps.failed, None
                row.last_error = row.last_error or "The worker ended without an answer each time."
            else:
                row.state, row.leased_until = steps.busy, lease
                row.attempts += 1
                taken.append(row)
            row.save(update_fields=["state", "leased_until", "attempts", "last_error"])
            if given_up and row.state == steps.failed:
                given_up(row)
    return taken


def drain(
    model: type[D],
    make: Callable[[D], MadeFile],
    *,
    now: Callable[[], datetime],
    at_most: int | None = None,
    started: Callable[[D], None] | None = None,
    finished: Callable[[D], None] | None = None,
    given_up: Callable[[D], None] | None = None,
) -> int:
    """Make the due documents of one table, one by one, until none is due or ``at_most`` were taken.

    ``make`` runs with no transaction open. ``started`` runs after the row is taken,
    ``finished`` in the transaction that stores the file, ``given_up`` in the one that leaves
    the row to a person. A file whose lease was lost in
    the meantime is thrown away: the other worker's is the one. Returns how many were stored.
    """
    stored = taken = 0
    while (at_most is None or taken < at_most) and (
        rows := claim(model, now=now(), given_up=given_up)
    ):
        taken += len(rows)
        for row in rows:
            if started:
                started(row)
            try:
                made = make(row)
            # A document that cannot be made must not stop the others; the reason is kept.
            except Exception as error:
                log.exception("document %s could not be made", row.number)
                put_back(row, error, now=now(), given_up=given_up)
                continue
            with transaction.atomic():
                mine = model._default_manager.filter(
                    pk=row.pk, state=model.steps.busy, leased_until=row.leased_until
                ).update(
                    state=model.steps.done,
                    content=made.content,
                    sha256=hashlib.sha256(made.content).hexdigest(),
                    page_count=made.page_count,
                    made_at=now(),
                    leased_until=None,
                    last_error="",
                )
                if mine and finished:
                    finished(row)
            stored += mine
    return stored


@transaction.atomic
def put_back(
    row: W,
    error: Exception,
    *,
    now: datetime,
    given_up: Callable[[W], None] | None = None,
    for_good: bool = False,
) -> None:
    """Let work that failed be tried again later, each time twice as late; too often, or where it
    would fail ``for_good``, it waits for a person. Nothing where somebody else has it meanwhile."""
    steps = row.steps
    final = for_good or row.attempts >= settings.BONDPOOL_MAX_ATTEMPTS
    wait = timedelta(seconds=min(2**row.attempts, 600))
    mine = type(row)._default_manager.filter(
        pk=row.pk, state=steps.busy, leased_until=row.leased_until
    )
    gone_back = mine.update(
        state=steps.failed if final else steps.queued,
        due_at=now + wait,
        leased_until=None,
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )
    if gone_back and final and given_up:
        given_up(row)
