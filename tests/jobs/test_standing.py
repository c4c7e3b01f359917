"""A company suspended while its work waited: nothing is done for it, nothing handed out."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Company, CompanyStatus, Membership
from core.walls import platform_wide
from jobs.models import JobOutcome, JobPart, JobState
from jobs.services import exporting, working
from tests.factories.catalog import ProductFactory
from tests.jobs.doing import (
    LATER,
    cancel_all,
    client_of,
    content_of,
    read_again,
    start,
    worked,
)
from warehouse.models import RetailOrder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]

SENTENCE = "The company is suspended: its people may read what is its own"


def suspend(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(status=CompanyStatus.SUSPENDED)


def admit(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(status=CompanyStatus.ADMITTED)


def test_a_queued_export_of_a_suspended_company_is_refused_in_words(seller: Membership) -> None:
    ProductFactory.create(sku="MILK")
    job = start(seller)
    suspend(seller.company)

    assert worked() == 1

    job = read_again(job)
    assert (job.state, job.result_name, job.result_bytes) == (JobState.FAILED, "", 0)
    assert content_of(job) == b""
    page = client_of(seller).get(reverse("job", args=[job.public_id]))
    assert page.status_code == 200, "that it was refused may be read"
    assert SENTENCE in page.content.decode()


def test_a_bulk_action_of_a_suspended_company_touches_no_row(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    job = cancel_all(seller, orders)
    suspend(seller.company)

    worked()

    job = read_again(job)
    assert (job.state, job.done) == (JobState.FAILED, 0)
    with platform_wide():
        assert not JobOutcome.objects.exists()
        assert sorted(RetailOrder.objects.values_list("state", flat=True)) == [
            "allocated",
            "allocated",
            "listed",
        ]


def test_a_company_suspended_while_its_export_runs_gets_no_file(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "STEP", 1)
    for _n in range(3):
        ProductFactory.create()
    job = start(seller)
    still_mine = working._still_mine

    def suspended_meanwhile(job: Any, now: datetime, **progress: Any) -> None:
        still_mine(job, now, **progress)
        if progress["done"] == 2:
            suspend(seller.company)

    monkeypatch.setattr(working, "_still_mine", suspended_meanwhile)
    worked()

    assert read_again(job).state == JobState.FAILED
    with platform_wide():
        assert not JobPart.objects.exists()


def test_a_file_made_before_is_not_served_to_a_suspended_company(seller: Membership) -> None:
    ProductFactory.create(sku="MILK")
    job = start(seller)
    worked()
    client, address = client_of(seller), reverse("job_file", args=[job.public_id])
    assert b"MILK" in b"".join(client.get(address))

    suspend(seller.company)
    answer = client.get(address)

    assert answer.status_code == 409
    assert SENTENCE in answer.content.decode()
    assert b"MILK" not in answer.content
    admit(seller.company)
    assert b"MILK" in b"".join(client.get(address)), "it was only withheld"


def test_an_admitted_company_has_its_job_done_after_a_suspension_is_lifted(
    seller: Membership, tmp_path: Path
) -> None:
    ProductFactory.create(sku="MILK")
    suspend(seller.company)
    job = start(seller)
    admit(seller.company)

    assert worked(LATER) == 1

    assert read_again(job).state == JobState.DONE
