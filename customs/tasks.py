from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from customs import services


@shared_task(name="customs.documents", acks_late=True)
def make_documents(**_future: object) -> None:
    """Make due papers; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.make_due_documents(now=clock.now)


@shared_task(name="customs.retail_lists", acks_late=True)
def draw_retail_lists(**_future: object) -> None:
    """Draw due retail lists; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.draw_retail_lists(now=clock.now())
