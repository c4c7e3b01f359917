from __future__ import annotations

from celery import shared_task

from core import clock
from core.walls import platform_wide
from procurement.services import work_bills
from warehouse import services
from warehouse.queries import drawing


@shared_task(name="warehouse.reminders", acks_late=True)
def remind(**_future: object) -> None:
    """What is due because of the time: stock near its expiry, files and deliveries nobody took,
    offers that are over, what was drawn in the last quarter, what storage cost, the proofs; safe
    to run any number of times."""
    with platform_wide():
        now = clock.now()
        services.remind(now=now)
        services.forget_uploads(now=now)
        while services.end_offers(now=now):
            pass
        services.forget_deliveries(now=now)
        services.erase_old_buyers(now=now)
        services.report_drawn(now=now)
        services.report_differences(now=now)
        services.charge_due(now=now)
        services.report_storage(now=now)


@shared_task(name="warehouse.bills", acks_late=True)
def bill_again(**_future: object) -> None:
    """Bill rounds again of which something changed. It stands here because who was sold what is
    known here; safe to run any number of times."""
    with platform_wide():
        work_bills(now=clock.now, sold=drawing.sold)


@shared_task(name="warehouse.back_orders", acks_late=True)
def serve_back_orders(**_future: object) -> None:
    """Set aside what sellers back-ordered and is there now; safe to run any number of times."""
    with platform_wide():
        services.serve_back_orders(now=clock.now())


@shared_task(name="warehouse.unpaid", acks_late=True)
def expire_unpaid(**_future: object) -> None:
    """Give back what was set aside for orders nobody paid in time; safe to run any number of
    times."""
    with platform_wide():
        services.expire_unpaid(now=clock.now())
