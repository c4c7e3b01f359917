from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.walls import platform_wide
from settlement import rates
from settlement.queries import currencies_in_use


@shared_task(name="settlement.rates", acks_late=True)
def collect_rates(**_future: object) -> None:
    """Store today's rates of the currencies in use; safe to run twice or beside itself."""
    now = timezone.now()
    with platform_wide():
        rates.collect(currencies=currencies_in_use(), on=timezone.localdate(now), now=now)
