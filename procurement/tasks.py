from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from procurement import services


@shared_task(name="procurement.documents", acks_late=True)
def make_documents(**_future: object) -> None:
    """Make due papers; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.make_due_documents(now=clock.now)


@shared_task(name="procurement.reminders", acks_late=True)
def remind(**_future: object) -> None:
    """What the clock makes people hear of; safe to run any number of times."""
    with platform_wide():
        now = clock.now()
        services.remind(now=now)
        services.remind_deposits(now=now)
        services.remind_bills(now=now)
        services.remind_late(now=now)


@shared_task(name="procurement.credit", acks_late=True)
def work_credit(**_future: object) -> None:
    """Scores and suggestions that are asked for or due; safe to run any number of times."""
    with platform_wide():
        services.ask_due(now=clock.now())
        services.work_runs(now=clock.now)
