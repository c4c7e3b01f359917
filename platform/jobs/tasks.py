from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from jobs import services


@shared_task(name="jobs.work", acks_late=True)
def work(**_future: object) -> None:
    """Do due jobs; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.work(now=clock.now)
