"""Stock is booked once, in whole, and never below zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import Company
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.warehouse import SELLS, BondedWarehouseFactory, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import Holding, Location, Lot, StockMovement, StockPosting, Zone
from warehouse.queries.proving import prove_stock
from warehouse.rules import posting as rules
from warehouse.rules.posting import Kind, Leg, Place, Posting, PostingConflict, Status, StockShort
from warehouse.services.posting import post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def lot(anna: Company) -> Lot:
    """Five units of Anna's at the gate."""
    found: Lot = received_stock({anna: 5}).lines.get().lot
    return found


def a_posting(
    lot: Lot, owner: Company, legs: Sequence[Leg], *, key: str = "test", kind: Kind = Kind.CHANGED
) -> Posting:
    return Posting(
        key=key,
        kind=kind,
        document="T-1",
        owner=owner.pk,
        keeper=lot.warehouse.operator_id,
        moved_at=SELLS,
        legs=legs,
    )


def held(lot: Lot, units: int) -> tuple[Leg, ...]:
    gate = Location.objects.get(warehouse=lot.warehouse)
    return rules.changed(lot.pk, gate.pk, units, before=Status.AVAILABLE, after=Status.QUARANTINE)


def test_a_receipt_is_a_posting_of_who_counted(lot: Lot, anna: Company) -> None:
    posting = StockPosting.objects.get()

    assert (posting.kind, posting.owner, posting.document) == (
        "received",
        anna,
        lot.receipt_line.receipt.number,
    )
    assert posting.booked_by == lot.receipt_line.receipt.received_by
    legs = posting.legs.order_by("pk").values_list("account", "quantity", "location__code")
    assert list(legs) == [("stock", 5, "GATE"), ("supplier", -5, None)]


def test_a_posting_moves_holdings_and_leaves_its_legs(lot: Lot, anna: Company) -> None:
    ids = post(postings=[a_posting(lot, anna, held(lot, 2))], now=SELLS)

    assert (on_hand(anna), on_hand(anna, Status.QUARANTINE)) == ([3], [2])
    gate = Location.objects.get()
    assert ids == {
        Place(lot.pk, anna.pk, gate.pk, Status(one.status)): one.pk for one in Holding.objects.all()
    }
    legs = StockMovement.objects.filter(document="T-1").values_list("quantity", "status")
    assert sorted(legs) == [(-2, "available"), (2, "quarantine")]
    assert prove_stock() == []


def test_the_same_posting_is_booked_once(lot: Lot, anna: Company) -> None:
    first = post(postings=[a_posting(lot, anna, held(lot, 2))], now=SELLS)

    again = post(postings=[a_posting(lot, anna, held(lot, 2))], now=SELLS)

    assert again == first
    assert on_hand(anna) == [3]
    assert StockPosting.objects.filter(key="test").count() == 1


def test_the_same_key_for_something_else_is_refused(lot: Lot, anna: Company) -> None:
    post(postings=[a_posting(lot, anna, held(lot, 2))], now=SELLS)

    for other in (
        a_posting(lot, anna, held(lot, 1)),
        a_posting(lot, SellerFactory.create(), held(lot, 2)),
        a_posting(lot, anna, held(lot, 2), kind=Kind.COUNTED),
    ):
        with pytest.raises(PostingConflict):
            post(postings=[other], now=SELLS)
    twice = [a_posting(lot, anna, held(lot, 1), key="new") for _ in range(2)]
    with pytest.raises(PostingConflict):
        post(postings=twice, now=SELLS)
    assert on_hand(anna) == [3]
    assert not StockPosting.objects.filter(key="new").exists()


def test_too_few_units_are_refused_by_name_and_nothing_is_written(lot: Lot, anna: Company) -> None:
    fits = a_posting(lot, anna, held(lot, 2), key="fits")
    short = a_posting(lot, anna, held(lot, 4), key="short")

    with pytest.raises(StockShort) as refused:
        post(postings=[fits, short], now=SELLS)

    assert refused.value.facts == {
        "lot": lot.number,
        "owner": anna.code,
        "status": "available",
        "wanted": 6,
        "available": 5,
    }
    assert list(Holding.objects.values_list("status", "on_hand")) == [("available", 5)]
    assert StockPosting.objects.count() == 1
    assert StockMovement.objects.count() == 2


def test_what_another_owner_has_is_not_there(lot: Lot) -> None:
    bert = SellerFactory.create()

    with pytest.raises(StockShort) as refused:
        post(postings=[a_posting(lot, bert, held(lot, 1))], now=SELLS)

    assert (refused.value.facts["owner"], refused.value.facts["available"]) == (bert.code, 0)


def test_the_database_refuses_legs_that_do_not_balance(lot: Lot, anna: Company) -> None:
    posting = StockPosting.objects.get()
    told = {
        "posting": posting,
        "lot": lot,
        "owner": anna,
        "keeper": lot.warehouse.operator,
        "kind": posting.kind,
        "document": posting.document,
        "moved_at": posting.moved_at,
    }
    into = {"account": "stock", "location": Location.objects.get(), "status": "available"}

    with pytest.raises(IntegrityError, match="is off by 1 units"), transaction.atomic():
        StockMovement.objects.create(quantity=1, **into, **told)
    other = told | {"document": "another"}
    with pytest.raises(IntegrityError, match="says something else"), transaction.atomic():
        StockMovement.objects.bulk_create(
            [
                StockMovement(quantity=1, **into, **other),
                StockMovement(quantity=-1, account="supplier", **other),
            ]
        )
    with pytest.raises(IntegrityError, match="stock_lies_somewhere"), transaction.atomic():
        StockMovement.objects.bulk_create(
            [
                StockMovement(quantity=1, account="stock", **told),
                StockMovement(quantity=-1, account="supplier", **told),
            ]
        )
    assert StockMovement.objects.count() == 2


def test_a_posting_without_legs_does_not_stand(lot: Lot, anna: Company) -> None:
    def book_nothing() -> None:
        StockPosting.objects.create(
            key="empty",
            kind="moved",
            document="T-1",
            owner=anna,
            keeper=lot.warehouse.operator,
            moved_at=SELLS,
            booked_at=SELLS,
        )
        with connection.cursor() as cursor:
            # What a commit asks.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="moves nothing"), transaction.atomic():
        book_nothing()


def test_nothing_booked_is_changed_or_taken_out(lot: Lot) -> None:
    for table in ("stockposting", "stockmovement", "location"):
        for statement in (
            f"UPDATE warehouse_{table} SET id = id",  # noqa: S608
            f"DELETE FROM warehouse_{table}",  # noqa: S608
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_lot_does_not_lie_in_another_warehouse(lot: Lot, anna: Company) -> None:
    elsewhere = BondedWarehouseFactory.create()
    far = Location.objects.create(warehouse=elsewhere, code="A-01", zone=Zone.STORAGE)
    gate = Location.objects.get(warehouse=lot.warehouse)
    legs = rules.moved(lot.pk, 1, status=Status.AVAILABLE, origin=gate.pk, destination=far.pk)

    with pytest.raises(IntegrityError, match="lies in another warehouse"), transaction.atomic():
        post(postings=[a_posting(lot, anna, legs, kind=Kind.MOVED)], now=SELLS)


def test_a_seller_books_its_own_and_nobody_elses(lot: Lot, anna: Company) -> None:
    bert = SellerFactory.create()
    mine, theirs = held(lot, 1), held(lot, 1)

    with inside(anna.pk):
        post(postings=[a_posting(lot, anna, mine)], now=SELLS)
    with (
        inside(bert.pk),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        post(postings=[a_posting(lot, anna, theirs, key="foreign")], now=SELLS)

    assert on_hand(anna) == [4]
