from __future__ import annotations

from collections.abc import Callable
from functools import partial

from celery import shared_task
from django.utils import timezone

from core import clock
from core.faults import each_of
from core.taking import if_free
from core.walls import platform_wide
from customs import services
from customs.services.guarantees import watch_guarantees
from customs.services.zone_lists import follow_lists
from warehouse.services import work_deliveries


@shared_task(name="customs.documents", acks_late=True)
def make_documents(**_future: object) -> None:
    """Make due papers; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.make_due_documents(now=clock.now)
        services.make_due_retail_papers(now=clock.now)
        services.make_due_collective_papers(now=clock.now)


@shared_task(name="customs.retail_lists", acks_late=True)
def draw_retail_lists(**_future: object) -> None:
    """Draw due retail lists; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.draw_retail_lists(now=clock.now())


@shared_task(name="warehouse.channels", acks_late=True)
def work_channels(**_future: object) -> None:
    """Work off what shops sent. It stands here because a list that was drawn is voided here; safe
    to run twice, beside itself, or after a crash."""
    with platform_wide():
        cancel = partial(services.cancel_order, by=None)
        work_deliveries(now=clock.now, cancel=cancel)


@shared_task(name="customs.book", acks_late=True)
def post_books(**_future: object) -> None:
    """Post into the account books what has happened, and prove them once a day; safe to run
    twice, beside itself, or after a crash."""
    with platform_wide(), if_free("account books") as is_free:
        if is_free:
            now = clock.now()
            services.book_due(now=now)
            services.report_books(now=now)


@shared_task(name="customs.receipts", acks_late=True)
def take_receipts(**_future: object) -> None:
    """Read what came from the authority, find what it is about, do what follows from it; safe to
    run twice, beside itself, or after a crash."""
    with platform_wide(), if_free("customs receipts") as is_free:
        if is_free:
            services.work_receipts(now=clock.now)


@shared_task(name="customs.messages", acks_late=True)
def send_messages(**_future: object) -> None:
    """Tell customs of what is complete, and send what is due, whatever of it fails; safe to run
    twice, beside itself, or after a crash."""
    with platform_wide():
        each_of([_tell_what_is_complete, _send_what_is_due], lambda step: step())


def _tell_what_is_complete() -> int:
    steps: list[Callable[..., object]] = [
        *(services.tell_parcels, services.follow_up, services.gather_daily, follow_lists)
    ]

    def tell(step: Callable[..., object]) -> int:
        step(now=clock.now())
        return 1

    with if_free("parcels told") as is_free:
        return each_of(steps, tell) if is_free else 0


def _send_what_is_due() -> int:
    sent = services.send_due(services.Clocks(now=clock.now, tick=timezone.now))
    services.empty_sent(now=clock.now())
    return sent


@shared_task(name="customs.deadlines", acks_late=True)
def watch_deadlines(**_future: object) -> None:
    """Work out deadlines and tell of what is near; safe to run twice, beside itself, or after a
    crash."""
    with platform_wide(), if_free("customs deadlines") as is_free:
        if is_free:
            services.watch_deadlines(now=clock.now())
            watch_guarantees(now=clock.now())
