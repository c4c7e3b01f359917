"""A list as a file: what stands in it, and what becomes of it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import Membership, Role
from catalog.models import Product
from catalog.tables import PRODUCTS
from core.listing import parse
from core.sheet_reader import FORMULA_SIGNS
from core.walls import platform_wide
from jobs.models import Job, JobKind, JobPart, JobState
from jobs.services import exporting, working
from jobs.services.exporting import write
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import ProductFactory, gtin
from tests.factories.procurement import PurchaseOrderFactory
from tests.jobs.doing import (
    LATER,
    NOON,
    client_of,
    content_of,
    csv_rows,
    read_again,
    start,
    viewer_of,
    worked,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story_time")]


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
        # The mark of text is all that is added.
        assert row[0].replace("'", "") == name.replace("'", "")
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


def test_the_currency_beside_an_amount_is_headed_in_the_readers_language() -> None:
    finance = MembershipFactory.create(role=Role.FINANCE)
    browser = client_of(finance)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"

    answer = browser.post("/lists/orders/file/", {"kind": "csv"})

    assert csv_rows(answer.content)[0][-2:] == ["金额", "金额（币种）"]


@pytest.mark.parametrize("query", ["sort=secret", "limit=x", "storage=warm", "after=forged"])
def test_a_wrong_export_is_told_in_words_and_starts_nothing(seller: Membership, query: str) -> None:
    answer = client_of(seller).post(f"/lists/products/file/?{query}", {"kind": "csv"})

    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.content.decode()
    with platform_wide():
        assert not Job.objects.exists()


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
