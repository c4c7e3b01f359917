"""Exports and bulk actions: asked for by a person, done by a worker, exactly once."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import Membership, Role
from catalog.models import Product
from catalog.tables import PRODUCTS
from core.listing import parse
from core.sheet_reader import FORMULA_SIGNS
from core.walls import inside, platform_wide
from jobs import services
from jobs.models import Job, JobKind, JobOutcome, JobPart, JobState
from jobs.refusals import JobIsOver, NothingChosen, TooManyChosen, TooManyJobs
from jobs.services import asking, exporting, working
from jobs.services.exporting import write
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.factories.catalog import ProductFactory, gtin
from tests.factories.procurement import PurchaseOrderFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import Holding, RetailOrder, RetailOrderState
from warehouse.services import accept_orders
from warehouse.tables import RETAIL_ORDERS
from web.tables import Action, Viewer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 8, 3, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture(autouse=True)
def story_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors' clock stands an hour after the jobs were asked for."""
    file = tmp_path / "clock"
    file.write_text(LATER.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))


@pytest.fixture
def seller() -> Membership:
    return MembershipFactory.create(role=Role.SELLER)


def client_of(membership: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(membership.user)
    return client


def viewer_of(membership: Membership) -> Viewer:
    return Viewer(
        membership.user, membership.company, str(membership.role), NOON.date(), NOON, NOON
    )


def worked(at: datetime = NOON) -> int:
    with platform_wide():
        return services.work(now=lambda: at)


def start(membership: Membership, kind: str = "csv", **params: list[str]) -> Job:
    with inside(membership.company_id):
        return services.start_export(
            viewer=viewer_of(membership), table=PRODUCTS, params=params, kind=kind, now=NOON
        )


def read_again(job: Job) -> Job:
    with platform_wide():
        return Job.objects.get(pk=job.pk)


def content_of(job: Job) -> bytes:
    with platform_wide():
        return b"".join(bytes(part.content) for part in job.parts.order_by("position"))


def csv_rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "a spreadsheet reads Chinese only with the mark"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


# Exports


def test_a_short_list_comes_at_once_as_it_is_filtered(seller: Membership) -> None:
    ProductFactory.create(sku="MILK", brand="Sternental", shelf_life_days=720)
    ProductFactory.create(sku="OIL", shelf_life_days=None)

    answer = client_of(seller).post("/lists/products/file/?expires=yes", {"kind": "csv"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="products-')
    assert answer["Cache-Control"] == "private, no-store"
    head, *rows = csv_rows(answer.content)
    assert head[:2] == ["Product", "SKU"]
    assert [(row[1], row[-1]) for row in rows] == [("MILK", "720")]
    assert not Job.objects.model._base_manager.exists()


def test_a_long_list_is_a_job_with_the_same_file(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "STEP", 2)
    for n in range(5):
        ProductFactory.create(sku=f"M-{n}")
    client = client_of(seller)
    at_once = client.post("/lists/products/file/", {"kind": "csv"}).content
    monkeypatch.setattr(exporting, "AT_ONCE", 4)

    sent = client.post("/lists/products/file/?sort=-sku", {"kind": "csv"}, follow=True)
    waiting = sent.content.decode()
    assert worked(LATER) == 1
    page = client.get(sent.redirect_chain[0][0]).content.decode()
    with platform_wide():
        job = Job.objects.get()
    file = b"".join(client.get(reverse("job_file", args=[job.public_id])))

    assert 'hx-trigger="every 1s"' in waiting
    assert "every 1s" not in page
    assert job.result_name in page
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert csv_rows(file)[0] == csv_rows(at_once)[0]
    assert csv_rows(file)[1:] == list(reversed(csv_rows(at_once)[1:]))
    assert job.result_bytes == len(file)


TEXTS = st.one_of(
    st.sampled_from(["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "'=1"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(names=st.lists(TEXTS, min_size=1, max_size=4))
def test_whatever_people_wrote_comes_out_as_text(seller: Membership, names: list[str]) -> None:
    Product.objects.all().delete()
    Product.objects.bulk_create(
        ProductFactory.build(sku=f"S-{n}", gtin=gtin(n), name_zh=name, name_en=name)
        for n, name in enumerate(names)
    )
    viewer = viewer_of(seller)
    listing = PRODUCTS.listing_for(viewer)
    xlsx, plain = io.BytesIO(), io.BytesIO()
    write(viewer, PRODUCTS, PRODUCTS.rows(viewer), listing, parse(listing, {}), "xlsx", xlsx)
    write(viewer, PRODUCTS, PRODUCTS.rows(viewer), listing, parse(listing, {}), "csv", plain)

    sheet = load_workbook(io.BytesIO(xlsx.getvalue())).worksheets[0]
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "d",
    }
    assert len(cells) == len(names)
    for row, name in zip(csv_rows(plain.getvalue())[1:], names, strict=True):
        # The mark of text in front is all that is added.
        assert row[0] in {name, f"'{name}"}
        if row[0].startswith(FORMULA_SIGNS):
            pytest.fail(f"{row[0]!r} would be read as a formula")


def test_amounts_are_numbers_beside_their_currency_and_days_are_days() -> None:
    finance = MembershipFactory.create(role=Role.FINANCE)
    with platform_wide():
        PurchaseOrderFactory.create(number="PO-2026-000001", currency="JPY", amount_minor=1234)
        PurchaseOrderFactory.create(number="PO-2026-000002", currency="EUR", amount_minor=-150)

    answer = client_of(finance).post("/lists/orders/file/?sort=number", {"kind": "xlsx"})

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    head, yen, euro = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[-2:] == ["Amount", "Amount (currency)"]
    assert yen[-2:] == [1234, "JPY"]
    assert euro[-2:] == [-1.5, "EUR"]
    assert isinstance(euro[head.index("Placed")], datetime)


@pytest.mark.parametrize("query", ["sort=secret", "limit=x", "storage=warm", "after=forged"])
def test_a_wrong_export_is_told_in_words_and_starts_nothing(seller: Membership, query: str) -> None:
    answer = client_of(seller).post(f"/lists/products/file/?{query}", {"kind": "csv"})

    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.content.decode()
    with platform_wide():
        assert not Job.objects.exists()


# Walls


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
    seller.delete()

    worked()

    job = read_again(job)
    assert job.state == JobState.FAILED
    assert job.error.startswith("The person who asked")
    assert content_of(job) == b""


# Orders are cancelled


@pytest.fixture
def orders(seller: Membership) -> list[RetailOrder]:
    """Two orders that can be cancelled and one whose retail list is drawn."""
    with platform_wide():
        product = ProductFactory.create(sku="MILK")
        received_stock({seller.company: 30}, product=product)
        accept_orders(
            seller=seller.company,
            orders=[
                an_incoming_order("MILK", 2, number=f"T-{n}", price_minor=5_000) for n in range(3)
            ],
            now=SELLS,
        )
        found = list(RetailOrder.objects.order_by("pk"))
        RetailOrder.objects.filter(pk=found[1].pk).update(state=RetailOrderState.LISTED)
    return found


def cancel_all(seller: Membership, orders: list[RetailOrder]) -> Job:
    (action,) = RETAIL_ORDERS.actions
    with inside(seller.company_id):
        return services.start_action(
            viewer=viewer_of(seller),
            table=RETAIL_ORDERS,
            action=action,
            chosen=[order.pk for order in orders],
            params={},
            is_every=False,
            now=NOON,
        )


def test_each_row_is_done_or_refused_on_its_own(
    seller: Membership, orders: list[RetailOrder]
) -> None:
    job = cancel_all(seller, orders)

    worked()

    job = read_again(job)
    with platform_wide():
        states = [order.state for order in RetailOrder.objects.order_by("pk")]
        told = list(JobOutcome.objects.order_by("row").values_list("name", "is_done", "code"))
        on_hand = Holding.objects.get(owner=seller.company).on_hand
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
        assert Holding.objects.get(owner=seller.company).on_hand == 28
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


def test_a_workbook_that_would_be_too_long_is_refused_before_a_row_is_written(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_XLSX_ROWS", 2)
    written: list[int] = []
    monkeypatch.setattr(exporting, "xlsx_into", lambda *_args: written.append(1))
    for _n in range(3):
        ProductFactory.create()
    job = start(seller, "xlsx")

    worked()

    job = read_again(job)
    assert (job.state, written) == (JobState.FAILED, [])
    assert "take CSV" in job.error


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


# Stopping


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


def test_a_file_is_kept_a_week(seller: Membership, tmp_path: Path) -> None:
    ProductFactory.create()
    job = start(seller)
    worked()
    assert content_of(job)

    worked(NOON + timedelta(days=8))

    assert content_of(job) == b""
    clock = tmp_path / "clock"
    clock.write_text((NOON + timedelta(days=8)).isoformat())
    answer = client_of(seller).get(reverse("job_file", args=[job.public_id]))
    assert answer.status_code == 409


def test_a_job_of_the_papers_holds_the_file_in_pieces(
    seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "PIECE", 10)
    ProductFactory.create()
    job = start(seller, "xlsx")

    worked()

    with platform_wide():
        assert JobPart.objects.count() == -(-read_again(job).result_bytes // 10)
    book = load_workbook(io.BytesIO(content_of(job)))
    assert book.worksheets[0].max_row == 2
    assert read_again(job).kind == JobKind.EXPORT


def test_a_script_in_a_row_is_shown_and_not_run(seller: Membership) -> None:
    ProductFactory.create(name_en="<script>alert(1)</script>", sku='"><img src=x>')

    page = client_of(seller).get("/products/?q=<script>").content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


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
