from __future__ import annotations

from celery import shared_task

from core import clock
from core.faults import each_of
from core.walls import platform_wide
from notices import services


@shared_task(name="notices.mails", acks_late=True)
def send_mails(**_future: object) -> None:
    """Send due mails; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.send_due(now=clock.now)


@shared_task(name="notices.hooks", acks_late=True)
def deliver_hooks(**_future: object) -> None:
    """Deliver due webhooks; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.deliver_due(now=clock.now)


@shared_task(name="notices.timed", acks_late=True)
def look_at_the_clock(**_future: object) -> None:
    """What is due because of the time; safe to run any number of times."""
    with platform_wide():
        now = clock.now()
        looks = (services.gather, services.gather_digests, services.forget)
        each_of(looks, lambda look: look(now=now))


@shared_task(name="notices.admissions", acks_late=True)
def tell_admissions(**_future: object) -> None:
    """Tell of the steps of admissions; safe to run twice, beside itself, or after a crash."""
    with platform_wide():
        services.tell_steps(now=clock.now())
