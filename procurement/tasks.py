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
    """Rounds that opened or will close; safe to run any number of times."""
    with platform_wide():
        services.remind(now=clock.now())
