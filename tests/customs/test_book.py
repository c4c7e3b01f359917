"""Goods go through the account book as they go through the warehouse, once each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company, User
from customs.models import AccountBook, BookReceipt, BookRow
from customs.queries.book_proof import prove_books
from customs.rules.book import (
    BookBelowZero,
    BookOfAnother,
    ItemDisagrees,
    ItemOfAnotherBook,
    Kind,
    ReceiptDiffers,
    ReceiptReversed,
)
from customs.services import (
    Booked,
    announce_return,
    answer_filing,
    ask_filing,
    book_due,
    cancel_order,
    draw_retail_lists,
    merge_orders,
    receive_return,
)
from customs.services.book import (
    NewReceipt,
    Told,
    book_of,
    open_items,
    post_receipts,
    reverse_receipt,
)
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
from tests.factories.catalog import ProductFactory
from tests.factories.customs import DECLARES, a_draft
from tests.factories.warehouse import SELLS, BondedWarehouseFactory
from tests.walls.rows import all_rows
from warehouse.models import Holding
from warehouse.rules.posting import Status
from warehouse.services import NewOrder, change_stock

__all__ = ["anna", "clerk", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide")]


def test_goods_go_through_the_book_from_their_release_to_the_carrier_and_back(
    anna: Company, clerk: User
) -> None:
    declaration = released(anna)
    assert (book_due(now=DECLARES), columns()) == (Booked(1, ()), (60, 0, 0, 0))
    counted(declaration, clerk, 58)
    assert (book_due(now=ARRIVES), columns()) == (Booked(2, ()), (0, 0, 58, 0))
    (order,) = sold(anna, 2)
    assert (book_due(now=SELLS), columns()) == (Booked(1, ()), (0, 2, 58, 0))
    handed_over(order, clerk)
    assert (book_due(now=SELLS), columns()) == (Booked(1, ()), (0, 0, 58, 2))
    assert book_due(now=SELLS, everything=True) == Booked(0, ())
    agree()

    order.refresh_from_db()
    back = announce_return(
        order=order, units={1: 1}, reason="dented", announced_by=clerk, now=SELLS
    )
    receive_return(
        back=back,
        keeper=declaration.warehouse.operator,
        counted={order.lines.get().reservations.get().pk: 1},
        received_by=clerk,
        now=SELLS,
    )
    assert (book_due(now=SELLS), columns()) == (Booked(1, ()), (0, 0, 59, 2))
    agree()

    told = BookReceipt.objects.order_by("pk").values_list("kind", "document")
    assert list(told) == [
        ("inv201_in", declaration.our_reference),
        ("changed_in", declaration.shipment.receipt.number),
        ("inv211_in", declaration.shipment.receipt.number),
        ("inv201_out", order.retail_list.number),
        ("inv211_out", order.retail_list.number),
        ("returned", back.number),
    ]


def test_what_comes_over_the_notice_is_announced_before_it_is_posted(
    anna: Company, clerk: User
) -> None:
    declaration = released(anna)
    type(declaration.warehouse).objects.update(over_percent=10)
    declaration.warehouse.refresh_from_db()
    book_due(now=DECLARES)
    counted(declaration, clerk, 63)

    assert book_due(now=ARRIVES) == Booked(2, ())

    assert columns() == (0, 0, 63, 0)
    kinds = BookReceipt.objects.order_by("pk").values_list("kind", "lines__quantity")
    assert list(kinds) == [("inv201_in", 60), ("inv201_in", 3), ("inv211_in", 63)]
    agree()


def test_a_receipt_that_comes_twice_or_out_of_order_does_nothing_twice(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row = BookRow.objects.get()
    posted = NewReceipt(Kind.POSTED_OUT, "L-1", SELLS, [Told(row.pk, 4)])
    approved = NewReceipt(Kind.APPROVED_OUT, "L-1", SELLS, [Told(row.pk, 4)])

    with pytest.raises(BookBelowZero):
        post_receipts(book=row.book, receipts=[posted], now=SELLS)
    assert columns() == (0, 0, 60, 0)
    assert len(post_receipts(book=row.book, receipts=[approved, approved], now=SELLS)) == 1
    assert len(post_receipts(book=row.book, receipts=[approved, posted], now=SELLS)) == 1
    assert post_receipts(book=row.book, receipts=[posted, approved], now=SELLS) == []

    assert columns() == (0, 0, 60, 4)
    with pytest.raises(ReceiptDiffers):
        post_receipts(book=row.book, receipts=[replace(posted, lines=[Told(row.pk, 5)])], now=SELLS)
    with pytest.raises(IntegrityError, match="a_receipt_is_posted_once"), transaction.atomic():
        BookReceipt.objects.create(
            number="BR-X",
            book=row.book,
            keeper=row.keeper,
            kind=Kind.POSTED_OUT.value,
            document="L-1",
            happened_at=SELLS,
            booked_at=SELLS,
        )
    found = [(one.what, one.says, one.stands) for one in prove_books(now=SELLS)]
    assert found == [("unexplained", 0, 4)], "nothing was handed over"


def test_the_worth_of_an_item_follows_its_units(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row = BookRow.objects.get()
    total = row.total_usd
    assert total is not None
    assert total > 600, "a euro was worth more than a dollar"

    held = Holding.objects.get()
    change_stock(
        holding=held, keeper=row.keeper, after=Status.DAMAGED, changed_by=clerk, units=15, now=SELLS
    )
    damaged = Holding.objects.get(status="damaged")
    change_stock(holding=damaged, keeper=row.keeper, after=None, changed_by=clerk, now=SELLS)
    assert book_due(now=SELLS) == Booked(1, ())

    row.refresh_from_db()
    assert columns() == (0, 0, 60, 15)
    assert row.total_usd == total - (total * 15 / 60).quantize(Decimal("0.00001"))
    agree()
    gone = NewReceipt(Kind.DESTROYED, "SC-X", SELLS, [Told(row.pk, 45)])
    back = NewReceipt(Kind.RETURNED, "RT-X", SELLS, [Told(row.pk, 9)])
    post_receipts(book=row.book, receipts=[gone, back], now=SELLS)
    row.refresh_from_db()
    assert row.total_usd == (total * 9 / 60).quantize(Decimal("0.00001")), "as they came"


def test_the_list_of_a_cancelled_order_is_taken_back(anna: Company, clerk: User) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    (order,) = sold(anna, 3)
    book_due(now=SELLS)
    assert columns() == (0, 3, 60, 0)

    cancel_order(order=order, by=None, now=SELLS)
    assert book_due(now=SELLS) == Booked(1, ())
    assert book_due(now=SELLS) == Booked(0, ())

    assert columns() == (0, 0, 60, 0)
    back = BookReceipt.objects.get(reverses__isnull=False)
    assert back.reverses is not None
    assert back.reverses.kind == back.kind == "inv201_out"
    for one in (back, back.reverses):
        with pytest.raises(ReceiptReversed):
            reverse_receipt(receipt=one, happened_at=SELLS, now=SELLS)
    agree()


def test_the_lists_of_merged_orders_are_taken_back_and_the_new_one_is_posted(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    orders = sold(anna, 3, 2)
    book_due(now=SELLS)
    assert columns() == (0, 5, 60, 0)

    told = NewOrder("M-1", SELLS)
    numbers = [one.number for one in orders]
    merge_orders(seller=anna, numbers=numbers, told=told, merged_by=clerk, now=SELLS)
    assert book_due(now=SELLS) == Booked(2, ())
    assert columns() == (0, 0, 60, 0)
    draw_retail_lists(now=SELLS)
    assert book_due(now=SELLS) == Booked(1, ())

    assert columns() == (0, 5, 60, 0)
    agree()


def test_what_would_bring_a_book_below_zero_is_refused_and_nothing_is_written(
    anna: Company, clerk: User
) -> None:
    counted(released(anna), clerk)
    book_due(now=ARRIVES)
    row = BookRow.objects.get()
    before = BookReceipt.objects.count()

    good = NewReceipt(Kind.RETURNED, "R", SELLS, [Told(row.pk, 1)])
    for kind, units in ((Kind.APPROVED_OUT, 62), (Kind.POSTED_OUT, 1), (Kind.COUNTED, -62)):
        bad = NewReceipt(kind, "R", SELLS, [Told(row.pk, units)])
        with pytest.raises(BookBelowZero) as refused:
            post_receipts(book=row.book, receipts=[good, bad], now=SELLS)
        assert refused.value.facts["item"] == f"{row.book.number}/1"
    with pytest.raises(ItemOfAnotherBook):
        post_receipts(
            book=row.book, receipts=[replace(good, lines=[Told(row.pk + 1, 1)])], now=SELLS
        )
    with pytest.raises(BookOfAnother):
        book_of(number=row.book.number, keeper=anna, now=SELLS)
    with pytest.raises(BookBelowZero):
        reverse_receipt(
            receipt=BookReceipt.objects.get(kind="inv201_in"), happened_at=SELLS, now=SELLS
        )

    assert BookReceipt.objects.count() == before
    assert columns() == (0, 0, 60, 0)
    with (
        pytest.raises(IntegrityError, match="an_account_book_is_never_below_zero"),
        transaction.atomic(),
    ):
        BookRow.objects.update(prevd_redc=61)


def test_a_ledger_that_files_goods_first_keeps_one_item_for_a_product(
    anna: Company, clerk: User
) -> None:
    house = BondedWarehouseFactory.create(ledger_number="L3105W000001")
    product = ProductFactory.create()
    for number in ("310520261000000017", "310520261000000025"):
        counted(released(anna, number, product), clerk)
    released(anna, "310520261000000033", item=2)
    book_due(now=ARRIVES)

    items = BookRow.objects.order_by("item").values_list("item", "prevd_inc", "actl_inc")
    assert list(items) == [(1, 0, 120), (2, 60, 0)]
    assert AccountBook.objects.get().keeper == house.operator
    agree()


def test_a_posting_ledger_makes_an_item_of_each_line(anna: Company, clerk: User) -> None:
    product = ProductFactory.create()
    for number in ("310520261000000017", "310520261000000025"):
        counted(released(anna, number, product), clerk)
    book_due(now=ARRIVES)

    assert list(BookRow.objects.order_by("item").values_list("item", flat=True)) == [1, 2]


def test_filed_goods_go_into_the_item_that_customs_gave_them(anna: Company, clerk: User) -> None:
    BondedWarehouseFactory.create(ledger_number="L3105B26A001")
    first, second = ProductFactory.create(), ProductFactory.create()
    released(anna, product=first, item=36)
    assert book_due(now=DECLARES) == Booked(1, ())
    assert [(row.item, row.product) for row in BookRow.objects.all()] == [(36, first)]

    wrong = released(anna, number="310520261000000018", product=second, item=36)
    before = all_rows()

    # In the book the item is of other goods: nothing is posted, and a person hears of it.
    refused = ((wrong.our_reference, ItemDisagrees.code),)
    assert book_due(now=DECLARES) == Booked(0, refused)
    assert all_rows() == before


def test_goods_that_lie_in_another_item_than_their_filings_are_refused(
    anna: Company, clerk: User
) -> None:
    house = BondedWarehouseFactory.create(ledger_number="L3105B26A001")
    line = a_draft().lines.select_related("declaration__importer", "product").get()
    book = book_of(number=house.ledger_number, keeper=house.operator, now=DECLARES)
    # From before goods were filed here: a number of the book's own.
    assert open_items(book=book, lines=[line], now=DECLARES)[line.pk].item == 1
    asked = ask_filing(
        product=line.product,
        warehouse=house,
        importer=line.declaration.importer,
        asked_by=clerk,
        now=DECLARES,
    )
    answer_filing(filing=asked, filed=True, item=36, recorded_by=clerk, now=DECLARES)
    before = all_rows()

    with pytest.raises(ItemDisagrees) as refusal:
        open_items(book=book, lines=[line], now=DECLARES)

    assert (refusal.value.facts["filed"], refusal.value.facts["item"]) == (36, 1)
    assert all_rows() == before
