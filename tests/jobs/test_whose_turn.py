"""Whose job is done next: short before long, and the companies in turn."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Membership, Role
from core.walls import platform_wide
from jobs.models import Job, JobOutcome
from jobs.services import asking, working
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import ProductFactory
from tests.jobs.doing import NOON, start, worked

pytestmark = pytest.mark.django_db


def order_of_work(minutes: int = 0) -> list[int]:
    """The jobs one after the other, each done before the next is taken."""
    taken = []
    at = NOON + timedelta(minutes=minutes)
    with platform_wide():
        while (job := working._claim(at)) is not None:
            taken.append(job.pk)
            Job.objects.filter(pk=job.pk).update(state="done", finished_at=at, leased_until=None)
            at += timedelta(seconds=1)
    return taken


def test_the_companies_are_served_in_turn_however_much_one_asks_for() -> None:
    ProductFactory.create()
    greedy, modest = (MembershipFactory.create(role=Role.SELLER) for _ in range(2))
    first = [start(greedy).pk for _n in range(4)]
    then = [start(modest).pk for _n in range(2)]

    assert order_of_work() == [first[0], then[0], first[1], then[1], first[2], first[3]]


def test_a_long_file_lets_short_ones_go_first_for_ten_minutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asking, "SHORT", 2)
    for _n in range(3):
        ProductFactory.create(shelf_life_days=None)
    ProductFactory.create(shelf_life_days=720)
    waits, other = (MembershipFactory.create(role=Role.SELLER) for _ in range(2))
    long, short = start(waits), start(other, expires=["yes"])

    assert (long.total, short.total) == (0, 1)
    assert order_of_work() == [short.pk, long.pk]
    with platform_wide():
        Job.objects.update(state="queued", finished_at=None, served_at=None)
    assert order_of_work(minutes=10) == [long.pk, short.pk]


def test_jobs_go_with_their_outcomes_after_the_days_that_notices_are_kept(
    seller: Membership,
) -> None:
    old, young = start(seller), start(seller)
    with platform_wide():
        for job, days in ((old, 401), (young, 399)):
            Job.objects.filter(pk=job.pk).update(
                state="failed", finished_at=NOON - timedelta(days=days)
            )
            JobOutcome.objects.create(job=job, owner=job.owner, row=1)

    worked()

    with platform_wide():
        assert list(Job.objects.all()) == [young]
        assert [one.job_id for one in JobOutcome.objects.all()] == [young.pk]
