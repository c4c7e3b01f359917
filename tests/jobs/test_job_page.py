"""The page of a job that runs: it looks again by itself, and whoever reads it keeps the place."""

from __future__ import annotations

import pytest

from accounts.models import Membership, Role
from core.walls import platform_wide
from jobs.models import Job, JobKind, JobState
from tests.jobs.doing import NOON, client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def test_a_page_that_looks_again_gets_what_counts_and_at_the_end_the_whole(
    seller: Membership,
) -> None:
    with platform_wide():
        job = Job.objects.create(
            kind=JobKind.EXPORT,
            table="retail-orders",
            owner=seller.company,
            user=seller.user,
            role=Role.SELLER,
            state=JobState.RUNNING,
            queued_at=NOON,
            due_at=NOON,
            done=59,
            total=100,
        )
    client, there = client_of(seller), f"/jobs/{job.public_id}/"

    opened = client.get(there).content.decode()
    with platform_wide():
        Job.objects.update(state=JobState.DONE, done=100)
    polled = client.get(there, headers={"HX-Request": "true", "HX-Target": "job-poll"})
    whole = client.get(there, headers={"HX-Request": "true", "HX-Target": "job"})

    said = 'id="job-said" role="status" aria-live="polite">'
    assert f"{said}running, 40 %</p>" in opened, "in steps, not each per cent"
    assert 'hx-select="#job-poll"' in opened
    assert 'hx-trigger="every 1s"' in opened
    assert "aria-busy" not in opened
    assert 'hx-trigger="load" hx-target="#job"' in polled.content.decode()
    assert "hx-trigger" not in whole.content.decode().partition('id="job"')[2]
    assert f"{said}done</p>" in whole.content.decode()
