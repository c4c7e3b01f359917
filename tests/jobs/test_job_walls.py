"""A job is its person's own, and does no more than that person may."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from core.walls import platform_wide
from jobs.models import Job, JobState
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import ProductFactory
from tests.jobs.doing import client_of, content_of, read_again, start, worked
from warehouse.models import RetailOrder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


def test_a_job_is_its_persons_own_and_nobody_elses(seller: Membership) -> None:
    ProductFactory.create()
    job = start(seller)
    worked()
    colleague = MembershipFactory.create(company=seller.company, role=Role.SELLER)
    others = [
        MembershipFactory.create(role=role) for role in (Role.SELLER, Role.IMPORTER, Role.WAREHOUSE)
    ]
    pages = [reverse(name, args=[job.public_id]) for name in ("job", "job_file")]

    for person in (colleague, *others):
        client = client_of(person)
        assert [client.get(page).status_code for page in pages] == [404, 404]
        assert client.post(reverse("job_cancel", args=[job.public_id])).status_code == 404
        assert job.public_id not in client.get("/jobs/").content.decode()
    mine = client_of(seller)
    assert [mine.get(page).status_code for page in pages] == [200, 200]
    assert mine.get("/jobs/forged-id/").status_code == 404
    assert mine.get("/jobs/%2e%2e/").status_code == 404


def test_a_list_of_another_role_has_no_files_and_no_actions(seller: Membership) -> None:
    client = client_of(seller)

    for key in ("payables", "orders", "nothing"):
        assert client.post(f"/lists/{key}/file/", {"kind": "csv"}).status_code == 404
        assert client.post(f"/lists/{key}/act/", {"action": "place"}).status_code == 404
    assert client.post("/lists/products/file/", {"kind": "exe"}).status_code == 404
    assert client.post("/lists/retail-orders/act/", {"action": "place"}).status_code == 404


def test_whoever_lost_the_role_gets_nothing_made(seller: Membership) -> None:
    ProductFactory.create()
    job = start(seller)
    with platform_wide():
        seller.role = Role.IMPORTER
        seller.save()

    worked()

    job = read_again(job)
    assert job.state == JobState.FAILED
    assert job.error.startswith("The person who asked")
    assert content_of(job) == b""


def test_orders_of_another_seller_are_not_touched(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    stranger = MembershipFactory.create(role=Role.SELLER)
    told = {"action": "cancel", "row": [order.pk for order in orders], "sure": "yes"}

    answer = client_of(stranger).post("/lists/retail-orders/act/", told)

    assert answer.status_code == 422
    assert "Choose at least one row" in answer.content.decode()
    with platform_wide():
        assert not Job.objects.exists()
        assert set(RetailOrder.objects.values_list("state", flat=True)) == {"allocated", "listed"}


def test_a_script_in_a_row_is_shown_and_not_run(seller: Membership) -> None:
    ProductFactory.create(name_en="<script>alert(1)</script>", sku='"><img src=x>')

    page = client_of(seller).get("/products/?q=<script>").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page
