"""The page of a job that runs: it looks again by itself, and whoever reads it keeps the place."""

from __future__ import annotations

import re

import pytest

from accounts.models import Membership, Role
from core.walls import platform_wide
from jobs.models import Job, JobKind, JobOutcome, JobState
from tests.factories.accounts import MembershipFactory
from tests.jobs.doing import NOON, client_of, csv_rows

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


@pytest.fixture
def large(seller: Membership) -> Job:
    """Of 300 orders 260 could not be cancelled."""
    with platform_wide():
        job = Job.objects.create(
            kind=JobKind.ACT,
            table="retail-orders",
            action="cancel",
            owner=seller.company,
            user=seller.user,
            role=Role.SELLER,
            state=JobState.DONE,
            queued_at=NOON,
            due_at=NOON,
            done=300,
            total=300,
            refused=260,
        )
        JobOutcome.objects.bulk_create(
            JobOutcome(
                job=job,
                owner=seller.company,
                row=number,
                name=f"RO-{number:03}",
                is_done=number < 40,
                rule="" if number < 40 else "This order is not held any more; it is on its way.",
                facts={} if number < 40 else {"state": f"<{number}>"},
            )
            for number in range(300)
        )
    return job


def test_every_row_of_a_large_job_is_reached_and_those_refused_come_first(
    seller: Membership, large: Job
) -> None:
    client, there = client_of(seller), f"/jobs/{large.public_id}/"

    seen: list[str] = []
    address = "?limit=200"
    while address:
        page = client.get(there + address).text
        seen += re.findall(r"RO-\d{3}", page)
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""

    assert seen[:260] == [f"RO-{number:03}" for number in range(40, 300)]
    assert seen[260:] == [f"RO-{number:03}" for number in range(40)]
    one = client.get(f"{there}?q=RO-299").text
    assert "This order is not held any more; it is on its way." in one
    assert "state: &lt;299&gt;" in one
    only_done = client.get(f"{there}?done=yes&limit=200").text
    assert len(re.findall(r"RO-\d{3}", only_done)) == 40


def test_what_became_of_the_rows_is_had_as_a_file(seller: Membership, large: Job) -> None:
    address = f"/lists/job-outcomes/file/?job={large.public_id}"

    rows = csv_rows(client_of(seller).post(address, {"kind": "csv"}).content)

    assert rows[0] == ["Row", "State", "Reason", "Details"]
    assert len(rows) == 301
    assert rows[1] == [
        "RO-040",
        "refused",
        "This order is not held any more; it is on its way.",
        "state: <40>",
    ]
    assert rows[-1] == ["RO-039", "done", "", ""]
    colleague = MembershipFactory.create(company=seller.company, role=Role.SELLER)
    assert client_of(colleague).post(address, {"kind": "csv"}).status_code == 404
    assert client_of(colleague).get(f"/jobs/{large.public_id}/").status_code == 404
