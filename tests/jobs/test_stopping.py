"""Jobs that wait, are stopped, lose their worker or fail each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from core.walls import inside, platform_wide
from jobs import services
from jobs.models import Job, JobState
from jobs.refusals import JobIsOver, NothingChosen, TooManyChosen, TooManyJobs
from jobs.services import asking, exporting, working
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.factories.catalog import ProductFactory
from tests.jobs.doing import (
    LATER,
    NOON,
    cancel_all,
    client_of,
    content_of,
    csv_rows,
    read_again,
    start,
    worked,
)
from warehouse.models import RetailOrder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def test_a_process_stays_free_for_mails_while_a_job_is_at_work(
    seller: Membership, settings: Any
) -> None:
    ProductFactory.create()
    busy, waits = start(seller), start(seller)
    with platform_wide():
        Job.objects.filter(pk=busy.pk).update(
            state=JobState.RUNNING, attempts=1, leased_until=NOON + timedelta(seconds=60)
        )

    assert worked() == 0
    assert read_again(waits).state == JobState.QUEUED
    settings.BONDPOOL_JOBS_AT_ONCE = 2
    assert worked() == 1
    assert read_again(waits).state == JobState.DONE


def test_a_waiting_job_is_cancelled_at_once_and_an_ended_one_not_at_all(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    job = cancel_all(seller, orders)

    with inside(seller.company_id):
        services.cancel(job=job, now=NOON)
    assert worked() == 0
    with inside(seller.company_id), pytest.raises(JobIsOver):
        services.cancel(job=job, now=NOON)

    with platform_wide():
        assert not RetailOrder.objects.filter(state="cancelled").exists()
    assert read_again(job).state == JobState.CANCELLED


def test_a_running_export_stops_between_two_pages(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "STEP", 1)
    for _n in range(3):
        ProductFactory.create()
    job = start(seller)
    seen: list[int] = []
    still_mine = working._still_mine

    def cancelled_meanwhile(job: Job, now: datetime, **progress: Any) -> None:
        still_mine(job, now, **progress)
        seen.append(progress["done"])
        if progress["done"] == 1:
            services.cancel(job=job, now=NOON)

    monkeypatch.setattr(working, "_still_mine", cancelled_meanwhile)
    worked()

    assert seen == [0, 1]
    job = read_again(job)
    assert (job.state, job.done, job.result_name) == (JobState.CANCELLED, 1, "")
    assert content_of(job) == b""


def test_a_worker_that_lost_its_lease_keeps_no_file(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProductFactory.create()
    job = start(seller)
    keep = working._keep

    def late(job: Job, *args: Any, **more: Any) -> None:
        # Meanwhile another worker took the job over.
        Job.objects.filter(pk=job.pk).update(attempts=job.attempts + 1)
        keep(job, *args, **more)

    monkeypatch.setattr(working, "_keep", late)
    worked()
    assert content_of(job) == b""
    monkeypatch.setattr(working, "_keep", keep)
    assert worked(LATER) == 1

    job = read_again(job)
    assert (job.state, job.attempts) == (JobState.DONE, 3)
    assert csv_rows(content_of(job))[0][0] != ""


def test_a_job_that_fails_each_time_ends_and_says_so(
    seller: Membership, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 2
    monkeypatch.setattr(working, "_export", lambda *_args: 1 / 0)
    job = start(seller)

    for turn in range(4):
        worked(NOON + timedelta(hours=turn))

    job = read_again(job)
    assert (job.state, job.attempts) == (JobState.FAILED, 2)
    assert "the fault is ours" in job.error
    assert job.last_error == "ZeroDivisionError: division by zero"


def test_nothing_chosen_too_many_and_too_many_jobs_start_nothing(
    seller: Membership, orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NothingChosen):
        cancel_all(seller, [])
    monkeypatch.setattr(asking, "MOST_ROWS", 2)
    with pytest.raises(TooManyChosen):
        cancel_all(seller, orders)
    monkeypatch.setattr(asking, "MOST_OPEN", 0)
    with pytest.raises(TooManyJobs):
        cancel_all(seller, orders[:1])

    with platform_wide():
        assert not Job.objects.exists()


def test_what_the_machine_said_of_a_failed_job_is_for_the_operator_alone(
    seller: Membership, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.BONDPOOL_MAX_ATTEMPTS = 1
    monkeypatch.setattr(working, "_export", lambda *_args: 1 / 0)
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    job, own = start(seller), start(operator)
    worked()
    address = reverse("jobs_failed")

    listed = client_of(operator).get(address).content.decode()
    mine = client_of(operator).get(reverse("job", args=[own.public_id])).content.decode()
    theirs = client_of(seller).get(reverse("job", args=[job.public_id])).content.decode()

    assert listed.count("ZeroDivisionError: division by zero") == 2
    assert seller.user.email in listed
    assert seller.company.code in listed
    assert "ZeroDivisionError: division by zero" in mine
    assert "the fault is ours" in theirs
    assert "ZeroDivisionError" not in theirs
    assert client_of(seller).get(address).status_code == 404
    answer = client_of(seller).post("/lists/failed-jobs/file/", {"kind": "csv"})
    assert answer.status_code == 404
