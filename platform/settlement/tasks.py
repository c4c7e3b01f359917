from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from core.clock import now
from settlement import rates
from settlement.models import RateQuote
from settlement.queries import currencies_in_use


@shared_task(name="settlement.rates", acks_late=True)
def collect_rates(**_future: object) -> None:
    """Store today's rates of the currencies in use; safe to run twice or beside itself."""
    at = now()
    today = timezone.localdate(at)
    # The bell rings every few seconds; a source is asked once a day.
    known = set(RateQuote.objects.filter(asked_for=today).values_list("base", flat=True))
    rates.collect(currencies=set(currencies_in_use()) - known, on=today, now=at)
