from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.walls import platform_wide
from traceability import services


@shared_task(name="traceability.labels", acks_late=True)
def make_labels(**_future: object) -> None:
    """Print the next due label sheet; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.print_next_label_sheet(now=timezone.now)
