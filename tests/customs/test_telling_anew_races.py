"""Many press at once, and a message that failed is tried again meanwhile: it is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from time import monotonic

import pytest
from django.db import connection, connections, transaction

from accounts.models import User
from core.errors import DomainError
from core.numbers import next_number
from core.walls import inside, platform_wide
from customs.models import (
    MessageState,
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    RetailList,
    RetailParties,
)
from customs.services import retry_message, tell_all_anew, tell_anew
from customs.services.telling_parcels import tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from tests.warehouse.test_races import all_at_once
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("wide", "gateways")]

LATER = SELLS + timedelta(hours=1)


def test_whoever_presses_first_tells_it_and_nobody_tells_it_twice(
    parties: RetailParties, orders: list[RetailOrder], clerk: User
) -> None:
    tell_parcels(now=SELLS)
    listed = RetailList.objects.get(order=orders[0])
    refused = OutgoingElement.objects.get(retail_list=listed, kind="CEB511")
    answered(refused, "100", at=SELLS)

    def press(_n: int) -> str:
        try:
            with inside(listed.seller_id):
                return f"{tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LATER)}"
        except DomainError as refusal:
            return refusal.code

    found = all_at_once(press)

    assert found == {
        "TellingDone(told=1, queued=0, missing=0)": 1,
        "customs.nothing_refused": 19,
    }
    (again,) = OutgoingElement.objects.filter(kind="CEB511", turn=2)
    assert again.again == refused
    failed = OutgoingElement.objects.get(retail_list=listed, kind="CEB311").message
    OutgoingMessage.objects.filter(pk=failed.pk).update(state=MessageState.FAILED)

    def press_or_try(n: int) -> str:
        try:
            if n % 2:
                with platform_wide():
                    retry_message(message=failed, by=clerk, now=LATER)
            else:
                with inside(listed.seller_id):
                    tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LATER)
        except DomainError as refusal:
            return refusal.code
        return "won"

    found = all_at_once(press_or_try)

    assert found["won"] == 1
    failed.refresh_from_db()
    is_anew = OutgoingElement.objects.filter(kind="CEB311", turn=2).exists()
    assert is_anew == (failed.state == MessageState.FAILED)


def test_who_tells_anew_and_the_worker_that_follows_up_wait_for_each_other(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    tell_parcels(now=SELLS)
    first, other = RetailList.objects.order_by("pk")
    for one in OutgoingElement.objects.filter(kind__in=("CEB311", "CEB511")):
        answered(one, "120", at=SELLS)
    assert tell_parcels(now=SELLS).queued == 2
    # Its list came back, and its order was told anew and accepted since: both may tell it now.
    order = OutgoingElement.objects.get(retail_list=first, kind="CEB311")
    answered(OutgoingElement.objects.get(retail_list=first, kind="CEB621"), "100", at=SELLS)
    answered(order, "100", at=LATER)
    with inside(first.seller_id):
        tell_anew(listed=first, now=LATER)
    answered(OutgoingElement.objects.get(retail_list=first, turn=2), "120", at=LATER)
    assert MissingPaper.objects.count() == 0
    answered(OutgoingElement.objects.get(retail_list=other, kind="CEB621"), "100", at=LATER)
    came: list[str] = []

    def worker() -> None:
        with platform_wide():
            came.append(f"worker {tell_parcels(now=LATER).queued}")

    def person() -> None:
        with inside(first.seller_id):
            try:
                done = tell_all_anew(lists=[first, other], now=LATER)
            except DomainError as refusal:
                came.append(refusal.code)
            else:
                came.append(f"person {done.done.queued} {len(done.refused)}")

    # Whoever holds the numbers of messages keeps both where they wait for one.
    with transaction.atomic():
        next_number("MS", LATER.year)
        threads = [behind(worker), behind(person)]
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(came) == ["person 1 1", "worker 1"]
    for listed in (first, other):
        assert OutgoingElement.objects.filter(retail_list=listed, kind="CEB621").count() == 2


def behind(act: Callable[[], None]) -> Thread:
    """Start it, and go on once it waits for somebody."""
    waiting = (
        "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid "
        "FROM pg_locks JOIN pg_database AS one ON one.oid = database "
        "WHERE datname = current_database())"
    )

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            return int(cursor.fetchone()[0])

    def run() -> None:
        try:
            act()
        finally:
            connections.close_all()

    before, thread = count(), Thread(target=run)
    thread.start()
    end = monotonic() + 20
    while count() == before and monotonic() < end:
        thread.join(timeout=0.02)
    assert count() == before + 1
    return thread
