"""The account book beside the stock and its owners, on paper, and on its pages."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.translation import override
from pypdf import PdfReader

from accounts.models import Company, Role, User
from core.walls import inside
from customs.book_papers import _sums
from customs.models import AccountBook, BookReceipt, BookRow, RetailList
from customs.queries import book_sources as sources
from customs.queries.book import beside, outside, quarter_report
from customs.queries.book_proof import prove_books
from customs.rules.book import (
    BookBelowZero,
    Columns,
    Kind,
    QuarterNotBegun,
)
from customs.rules.squaring import Reason
from customs.services import (
    Booked,
    book_due,
    report_books,
)
from customs.services.book import NewReceipt, Told, post_receipts
from customs.tables_book import paper_of, sheet_of
from notices.models import Notice
from tests.customs.booked import (
    ARRIVES,
    agree,
    anna,
    clerk,
    columns,
    counted,
    handed_over,
    released,
    sold,
    wide,
)
from tests.factories.accounts import (
    MembershipFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS
from warehouse.models import Holding
from warehouse.rules import posting
from warehouse.rules.posting import Account, Leg, Posting, Status
from warehouse.rules.posting import Kind as Moves
from warehouse.services.posting import post

__all__ = ["anna", "clerk", "wide"]

ANNOUNCED = "Retail lists announced"
#: The third quarter is over.
AFTER = SELLS + timedelta(days=100)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide")]


def test_of_a_batch_that_is_refused_each_is_posted_that_can_be(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row = BookRow.objects.get()
    loss = NewReceipt(Kind.COUNTED, "CN-X", SELLS, [Told(row.pk, -58)])
    post_receipts(book=row.book, receipts=[loss], now=SELLS)
    sold(anna, 2, 1)

    _first, second = RetailList.objects.order_by("pk")
    assert book_due(now=SELLS) == Booked(1, ((second.number, BookBelowZero.code),))
    assert columns() == (0, 2, 60, 58)
    assert not BookReceipt.objects.filter(document=second.number).exists()
    assert report_books(now=SELLS) == 1
    told = Notice.objects.get(event="book.differs").facts
    assert told == {"differences": 1, "first": f"{second.number}: {BookBelowZero.code}"}
    (late,) = prove_books(now=SELLS + timedelta(hours=25))
    assert (late.what, late.stands) == ("counted", 58), "a loss that nobody counted"


def test_what_waits_for_its_receipt_explains_a_difference_for_a_day(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row, held = BookRow.objects.get(), Holding.objects.get()
    post(
        postings=[
            Posting(
                key="count:1",
                kind=Moves.COUNTED,
                document="CN-1",
                owner=anna.pk,
                keeper=row.keeper_id,
                moved_at=SELLS,
                legs=(
                    Leg(Account.ADJUSTMENT, held.lot_id, 2),
                    Leg(Account.STOCK, held.lot_id, -2, held.location_id, Status.AVAILABLE),
                ),
            )
        ],
        now=SELLS,
    )

    told = beside([row.pk])[row.pk]
    assert list(told.waiting()) == [(Reason.COUNTED, -2)]
    assert (told.stock, told.unexplained(row.on_hand)) == (58, 0)
    assert prove_books(now=SELLS) == []
    late = [(one.what, one.stands) for one in prove_books(now=SELLS + timedelta(hours=25))]
    assert late == [("counted", -2)]

    assert book_due(now=SELLS) == Booked(1, ())
    assert columns() == (0, 0, 60, 2)
    agree()


def test_a_count_of_two_lots_waits_until_both_are_in_a_book(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    counted(released(anna, "310520261000000025"), clerk)
    legs = [
        leg
        for held in Holding.objects.order_by("pk")
        for leg in posting.counted(held.lot_id, held.location_id, -2, status=Status.AVAILABLE)
    ]
    keeper = BookRow.objects.get().keeper_id
    post(
        postings=[
            Posting("count:2", Moves.COUNTED, "CN-2", anna.pk, keeper, SELLS, legs),
        ],
        now=SELLS,
    )

    assert sources.squared(ARRIVES) == []
    assert book_due(now=SELLS, everything=True) == Booked(3, ())
    assert list(BookRow.objects.order_by("pk").values_list("actl_redc", flat=True)) == [2, 2]
    agree()


def test_goods_that_came_by_no_list_are_in_no_book(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    number = AccountBook.objects.count()

    assert number == 0
    ledger = Holding.objects.get().lot.warehouse.ledger_number
    assert outside(until=SELLS) == {ledger: 60}
    found = [(one.book, one.item, one.what, one.stands) for one in prove_books(now=SELLS)]
    assert found == [(ledger, 0, "outside", 60)]


def test_the_proof_finds_what_no_receipt_says_and_the_operators_hear_of_it(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    out = StringIO()
    call_command("prove_book", stdout=out)
    assert "agree (2 lines)" in out.getvalue()
    number = AccountBook.objects.get().number

    BookRow.objects.update(actl_inc=61)

    found = [(one.what, one.says, one.stands) for one in prove_books(now=SELLS)]
    assert found == [("actl_inc", 60, 61), ("unexplained", 0, 1)]
    out, error = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("prove_book", stdout=out, stderr=error)
    assert f"Book {number}, item 1, actl_inc: 60, and it stands at 61" in out.getvalue()
    assert error.getvalue().strip() == "2 differences"
    assert report_books(now=SELLS) == 2
    assert report_books(now=SELLS) == 0, "looked at today"
    told = Notice.objects.get(event="book.differs").facts
    assert told == {"differences": 2, "first": f"{number}/1 actl_inc: 60 ≠ 61"}


def test_a_quarter_is_reported_on_paper_and_for_a_spreadsheet(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    (order, _other) = sold(anna, 2, 3)
    handed_over(order, clerk)
    book_due(now=SELLS)
    book = AccountBook.objects.get()

    (told,) = quarter_report(book, "2026-Q3")
    (later,) = quarter_report(book, "2026-Q4")

    assert (told.opening, told.moved) == (0, Columns(0, 3, 60, 2))
    assert (told.closing, told.closing.on_hand) == (Columns(0, 3, 60, 2), 58)
    assert told.by_kind == {
        Kind.APPROVED_IN: 60,
        Kind.POSTED_IN: 60,
        Kind.APPROVED_OUT: 5,
        Kind.POSTED_OUT: 2,
    }
    assert (later.opening, later.moved, later.closing.on_hand) == (58, Columns(), 58)
    assert quarter_report(book, "2026-Q2") == []
    for language in ("zh-hans", "en"):
        with override(language):
            paper = paper_of(book, "2026-Q3", now=AFTER)
            assert paper.startswith(b"%PDF")
            assert paper == paper_of(book, "2026-Q3", now=AFTER)
    head, row = csv.reader(StringIO(sheet_of(book, "2026-Q3", now=AFTER).decode("utf-8-sig")))
    sheet = dict(zip(head, row, strict=True))
    assert [sheet[name] for name in ("Account book", "Quarter", "Item", "Opening", "Increase")] == [
        *(book.number, "2026-Q3", "1", "0", "60")
    ]
    names = (
        "Decrease",
        "Closing",
        "Pre-dec. left",
        "Retail lists posted",
        ANNOUNCED,
    )
    assert [sheet[name] for name in names] == ["2", "58", "3", "2", "5"]


@pytest.mark.parametrize(
    ("language", "standing"),
    [("en", "provisional, as of 2026-08-01"), ("zh-hans", "暂定，截至 2026-08-01")],
)
def test_a_running_quarter_says_that_it_is_provisional_and_a_future_one_is_refused(
    anna: Company, clerk: User, language: str, standing: str
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    book = AccountBook.objects.get()

    with override(language):
        paper = paper_of(book, "2026-Q3", now=SELLS)
        (_head, row) = csv.reader(
            StringIO(sheet_of(book, "2026-Q3", now=SELLS).decode("utf-8-sig"))
        )
        (_head, last) = csv.reader(
            StringIO(sheet_of(book, "2026-Q3", now=AFTER).decode("utf-8-sig"))
        )
        for made in (paper_of, sheet_of):
            with pytest.raises(QuarterNotBegun):
                made(book, "2026-Q4", now=SELLS)

    assert standing in "".join(PdfReader(BytesIO(paper)).pages[0].extract_text().split("\n"))
    assert (row[2], last[2]) == (standing, "final" if language == "en" else "终稿")


def test_an_item_is_reported_until_the_quarter_in_which_the_last_of_it_goes(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row = BookRow.objects.select_related("book").get()
    in_november = SELLS + timedelta(days=100)
    gone = NewReceipt(Kind.DESTROYED, "D-1", in_november, [Told(row.pk, 60)])
    post_receipts(book=row.book, receipts=[gone], now=in_november)

    (last,) = quarter_report(row.book, "2026-Q4")
    assert (last.opening, last.closing.on_hand) == (60, 0)
    assert quarter_report(row.book, "2027-Q1") == []


@pytest.mark.parametrize(
    ("unit", "sums"), [("122", ["120", "0", "0", "120", "0", "0"]), ("035", [""] * 6)]
)
def test_units_of_two_kinds_make_no_sum(
    anna: Company, clerk: User, unit: str, sums: list[str]
) -> None:
    counted(released(anna), clerk)
    other = ProductFactory.create(declared_unit=unit)
    counted(released(anna, "310520261000000025", other), clerk)
    book_due(now=ARRIVES)
    book = AccountBook.objects.get()

    assert _sums(quarter_report(book, "2026-Q4")) == sums


def test_a_book_is_seen_by_its_keeper_alone(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    (row,) = BookRow.objects.all()

    with inside(anna.pk):
        assert not BookRow.objects.exists()
        assert not AccountBook.objects.exists()
    with inside(row.keeper_id, keeper=True):
        told = beside([row.pk])[row.pk]
        assert (told.stock, told.owned, told.owners) == (60, 60, 1)


def test_the_pages_say_it_all(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    book = AccountBook.objects.get()
    client = Client(headers={"accept-language": "en", "accept": "text/html"})
    client.force_login(MembershipFactory.create(company=book.keeper, role=Role.WAREHOUSE).user)

    page = client.get(f"/customs/books/{book.number}/").content.decode()
    receipts = client.get(f"/customs/books/{book.number}/receipts/").content.decode()
    paper = client.get(f"/customs/books/{book.number}/2026-Q3.pdf")
    sheet = client.get(f"/customs/books/{book.number}/2026-Q3.csv")

    assert "unexplained" not in page
    assert "1 owner" in page
    assert "import list posted" in receipts
    assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")
    assert (
        sheet.headers["Content-Disposition"] == f'attachment; filename="{book.number}-2026-Q3.csv"'
    )
    chosen = {"action": "reports", "row": [book.pk]}
    packed = client.post("/lists/account-books/act/", chosen)
    with ZipFile(BytesIO(packed.content)) as box:
        (name,) = box.namelist()
        assert name.startswith(f"{book.number}-20")
        assert box.read(name)[:5] == b"%PDF-"
    BookRow.objects.update(actl_redc=1)
    assert "unexplained" in client.get(f"/customs/books/{book.number}/").content.decode()
    wrong = client.get(f"/customs/books/{book.number}/2026-Q9.pdf")
    assert (wrong.status_code, "quarter" in wrong.content.decode()) == (422, True)
