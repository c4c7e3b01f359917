"""Goods of one parcel in two account books: customs' lists name one, and whoever waits is told."""

from __future__ import annotations

from typing import TypeVar

import pytest
from django.db import models
from django.urls import reverse

from accounts.models import Company, Role, User
from customs.gap_words import in_words
from customs.models import AccountBook, BookLot, BookRow, MissingPaper, RetailList, RetailParties
from customs.queries.exporting import NumbersWaiting, is_apart, numbers_waiting
from customs.rules.parties import GoodsApart
from customs.rules.sas.documents import read
from customs.rules.sending import unsqueezed
from customs.services import gather_exports
from customs.services.telling_parcels import TellingDone, tell_parcels
from notices.models import Notice
from tests.customs.booked import anna, clerk, counted, released, wide
from tests.customs.test_exporting import LATER, gathered, importer, lists
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from tests.warehouse.browsing import signed_in
from warehouse.models import BondedWarehouse, Holding, Lot, Reservation, RetailOrder

__all__ = ["anna", "clerk", "gateways", "importer", "lists", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

M = TypeVar("M", bound=models.Model)


def into_two_books(listed: RetailList, anna: Company, clerk: User) -> None:
    """A parcel gets a second line, whose tins lie in another book."""
    known = set(Lot.objects.values_list("pk", flat=True))
    counted(released(anna, "310520261000000018"), clerk)
    lot = Lot.objects.exclude(pk__in=known).get()
    first = BookRow.objects.earliest("pk")
    book = AccountBook.objects.create(
        number="T3105W000002", keeper=first.keeper, style=first.book.style, opened_at=SELLS
    )
    row = copied(first, book=book, product=lot.product)
    BookLot.objects.create(lot=lot, row=row, keeper=row.keeper)
    line = copied(listed.order.lines.get(), position=2, product=lot.product)
    copied(listed.lines.get(), order_line=line, position=2)
    holding = Holding.objects.filter(lot=lot).earliest("pk")
    reserved = Reservation.objects.get(line__order=listed.order)
    copied(reserved, line=line, holding=holding)


def copied(one: M, **facts: object) -> M:
    one = type(one)._base_manager.get(pk=one.pk)
    one.pk, one._state.adding = None, True
    for name, value in facts.items():
        setattr(one, name, value)
    one.save()
    return one


def test_a_parcel_of_two_books_stays_behind_and_that_is_said(
    lists: list[RetailList], importer: Company, clerk: User, anna: Company
) -> None:
    two_books = lists[0]
    into_two_books(two_books, anna, clerk)
    assert numbers_waiting(importer.pk) == NumbersWaiting(1, 1, (two_books.number,))
    assert is_apart(two_books)

    made = gathered(importer, clerk)

    assert made.parcels == 1
    assert made.lines.get().retail_list != two_books
    notice = Notice.objects.get(event="exports.apart")
    assert (notice.company, notice.facts) == (importer, {"parcels": 1})
    with pytest.raises(GoodsApart):
        gather_exports(importer=importer, by=clerk, now=LATER)
    page = signed_in(importer, Role.IMPORTER).get(reverse("export_lists"))
    assert two_books.number in page.content.decode()
    page = signed_in(anna, Role.SELLER).get(reverse("retail_list", args=[two_books.number]))
    assert "stands on no export list and does not leave" in page.content.decode()


def test_a_parcel_of_two_books_is_not_told_and_its_seller_hears_of_it(
    parties: RetailParties, orders: list[RetailOrder], anna: Company, clerk: User
) -> None:
    two_books = RetailList.objects.get(order=orders[0])
    into_two_books(two_books, anna, clerk)

    assert tell_parcels(now=LATER) == TellingDone(told=1, missing=1)

    (gap,) = in_words(MissingPaper.objects.get(retail_list=two_books).gaps)
    assert (gap.what, gap.code) == ("One account book for all goods of the parcel", GoodsApart.code)
    notice = Notice.objects.get(event="retail.goods_apart")
    assert (notice.company_id, notice.facts) == (two_books.seller_id, {"lists": 1})


def test_a_list_names_the_book_in_which_its_goods_lie(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    BondedWarehouse.objects.update(ledger_number="T3105W000009")

    made = gathered(importer, clerk)

    head = read(unsqueezed(made.element.message.body)).document.one("InvtHeadType")
    assert head["PutrecNo"] == "T3105W000001"
