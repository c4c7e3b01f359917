from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from warehouse import services


@shared_task(name="warehouse.reminders", acks_late=True)
def remind(**_future: object) -> None:
    """Stock near its expiry; safe to run any number of times."""
    with platform_wide():
        services.remind(now=clock.now())
