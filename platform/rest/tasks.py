from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from rest import services


@shared_task(name="rest.tidy", acks_late=True)
def tidy(**_future: object) -> None:
    """Forget answers whose time is over; safe to run any number of times."""
    with platform_wide():
        services.forget_answers(now=clock.now())
