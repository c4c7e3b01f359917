"""Many rows are acted upon by a worker, each once and on its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Membership
from core.history import events_of
from core.walls import inside, platform_wide
from customs.tables import RETAIL_ORDERS
from jobs import services
from jobs.models import Job, JobOutcome, JobState
from jobs.services import working
from tests.jobs.doing import LATER, NOON, cancel_all, client_of, read_again, viewer_of, worked
from warehouse.models import Holding, RetailOrder
from web.tables import Action, Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def test_each_row_is_done_or_refused_on_its_own(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    job = cancel_all(seller, orders)

    worked()

    job = read_again(job)
    with platform_wide():
        states = [order.state for order in RetailOrder.objects.order_by("pk")]
        told = list(JobOutcome.objects.order_by("row").values_list("name", "is_done", "code"))
        on_hand = Holding.objects.get(owner=seller.company, status="available").on_hand
    assert states == ["cancelled", "listed", "cancelled"]
    assert on_hand == 28, "the refused order keeps its two units"
    assert (job.state, job.done, job.refused) == (JobState.DONE, 3, 1)
    assert told == [
        (orders[0].number, True, ""),
        (orders[1].number, False, "warehouse.retail_list_drawn"),
        (orders[2].number, True, ""),
    ]
    page = client_of(seller).get(reverse("job", args=[job.public_id])).content.decode()
    assert orders[1].number in page
    assert "Refused" in page


def test_a_worker_that_died_between_two_rows_is_followed_by_one_that_does_the_rest(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    act_on = working._act_on
    calls: list[int] = []

    def dies(job: Job, table: Any, action: Action, viewer: Viewer, key: int, now: Any) -> None:
        if calls:
            raise KeyboardInterrupt
        calls.append(key)
        act_on(job, table, action, viewer, key, now)

    monkeypatch.setattr(working, "_act_on", dies)
    with pytest.raises(KeyboardInterrupt):
        worked()
    monkeypatch.setattr(working, "_act_on", act_on)

    assert worked(NOON) == 0, "the lease is not over"
    assert worked(LATER) == 1

    job = read_again(job)
    with platform_wide():
        assert JobOutcome.objects.count() == 3
        assert Holding.objects.get(owner=seller.company, status="available").on_hand == 28
    assert (job.state, job.done, job.refused, job.attempts) == (JobState.DONE, 3, 1, 2)


def breaking_on(monkeypatch: pytest.MonkeyPatch, key: int, times: int) -> None:
    """The act itself breaks in a way that nobody foresaw, so many times."""
    (action,) = RETAIL_ORDERS.actions
    left = [True] * times

    def breaks(row: Any, viewer: Viewer, now: datetime) -> None:
        if row.pk == key and left:
            left.pop()
            raise ZeroDivisionError
        assert action.each is not None
        action.each(row, viewer, now)

    monkeypatch.setattr(working, "_each", lambda _action: breaks)


def test_a_row_that_breaks_twice_is_told_in_words_and_those_behind_it_are_done(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    breaking_on(monkeypatch, orders[0].pk, 2)

    assert worked() == 1

    job = read_again(job)
    with platform_wide():
        states = [order.state for order in RetailOrder.objects.order_by("pk")]
        fault = JobOutcome.objects.get(row=orders[0].pk)
    assert states == ["allocated", "listed", "cancelled"]
    assert (job.state, job.done, job.refused, job.attempts) == (JobState.DONE, 3, 2, 1)
    assert (fault.name, fault.is_done, fault.code) == (orders[0].number, False, "jobs.row_fault")
    page = client_of(seller).get(reverse("job", args=[job.public_id])).content.decode()
    assert "the fault is ours" in page


def test_a_row_that_breaks_once_is_done_after_the_others(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    breaking_on(monkeypatch, orders[0].pk, 1)

    assert worked() == 1

    job = read_again(job)
    assert (job.state, job.done, job.refused) == (JobState.DONE, 3, 1)


def test_a_stopped_bulk_action_says_how_many_rows_it_did(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    act_on = working._act_on
    monkeypatch.setattr(working, "STEP", 2)

    def cancelled_meanwhile(job: Job, *told: Any) -> None:
        act_on(job, *told)
        if told[3] == orders[1].pk:
            services.cancel(job=job, now=NOON)

    monkeypatch.setattr(working, "_act_on", cancelled_meanwhile)
    worked()

    job = read_again(job)
    assert (job.state, job.done, job.refused) == (JobState.CANCELLED, 2, 1)


def test_a_bulk_action_that_is_put_back_says_how_far_it_came(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    still_mine = working._still_mine
    monkeypatch.setattr(working, "_still_mine", lambda *_args, **_more: 1 / 0)

    worked()
    job = read_again(job)
    assert (job.state, job.done, job.refused) == (JobState.QUEUED, 3, 1)
    monkeypatch.setattr(working, "_still_mine", still_mine)
    worked(LATER)

    job = read_again(job)
    assert (job.state, job.done, job.refused) == (JobState.DONE, 3, 1)


def test_what_cannot_be_taken_back_is_confirmed_first(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    client = client_of(seller)

    asked = client.post(
        "/lists/retail-orders/act/?state=allocated", {"action": "cancel", "all": "yes"}
    )
    page = asked.content.decode()

    assert asked.status_code == 200
    assert "2 rows are chosen" in page
    assert orders[0].number in page
    assert orders[1].number not in page
    with platform_wide():
        assert not Job.objects.exists()

    sent = client.post(
        "/lists/retail-orders/act/?state=allocated",
        {"action": "cancel", "sure": "yes", "row": [orders[0].pk, orders[2].pk]},
    )
    assert sent.status_code == 302
    with platform_wide():
        assert Job.objects.get().params == {"ids": [orders[0].pk, orders[2].pk]}


def test_the_portal_tells_a_job_from_where_it_is_asked_for(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    asked = {"action": "cancel", "sure": "yes", "row": [orders[0].pk]}

    client_of(seller).post("/lists/retail-orders/act/", asked, REMOTE_ADDR="198.51.100.7")
    worked(LATER)

    with platform_wide():
        job = Job.objects.get()
        event = events_of(RetailOrder).objects.get(pgh_obj=orders[0].pk, pgh_label="update")
    where = {"address": "198.51.100.7", "method": "POST", "path": "/lists/retail-orders/act/"}
    assert job.asked == where
    assert event.pgh_context.items() >= where.items()
    assert event.pgh_context_id == job.request_id


def test_a_row_that_asks_outside_is_done_once_though_the_worker_lost_its_lease(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    cancel_all(seller, orders)
    done: list[int] = []
    monkeypatch.setattr(working, "_each", lambda _action: lambda row, *_more: done.append(row.pk))
    alone, key = replace(RETAIL_ORDERS.actions[0], is_alone=True), orders[0].pk
    with platform_wide():
        slow, quick = working._claim(NOON), working._claim(LATER)
    assert slow is not None
    assert quick is not None

    with inside(seller.company_id):
        with pytest.raises(working._Stopped):
            working._act_on(slow, RETAIL_ORDERS, alone, viewer_of(seller), key, LATER)
        assert done == []
        for _again in range(2):
            working._act_on(quick, RETAIL_ORDERS, alone, viewer_of(seller), key, LATER)

    assert done == [key]
    with platform_wide():
        assert JobOutcome.objects.get().row == key


def test_a_long_row_that_asks_outside_keeps_the_lease(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = cancel_all(seller, orders)
    alone = replace(RETAIL_ORDERS.actions[0], is_alone=True)
    monkeypatch.setattr(working, "_each", lambda _action: lambda *_told: None)
    with platform_wide():
        mine = working._claim(NOON)
    assert mine is not None

    with inside(seller.company_id):
        at = NOON + timedelta(seconds=100)
        working._act_on(mine, RETAIL_ORDERS, alone, viewer_of(seller), orders[0].pk, at)

    assert read_again(job).leased_until == at + timedelta(seconds=120)
