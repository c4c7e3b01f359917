"""The warehouse sets goods aside and frees them; each time with a record, and the owner hears."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from accounts.models import Company, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import inside, platform_wide
from notices.models import Notice
from tests.factories.accounts import UserFactory, WarehouseOperatorFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from traceability.models import TraceEvent
from warehouse.models import Holding, StockChange, StockMovement, StockPosting
from warehouse.queries.proving import prove_stock
from warehouse.rules.changing import NotExpiredYet, NothingLiesThere
from warehouse.rules.fulfilling import NotEnoughStock
from warehouse.rules.posting import NotToBeDestroyed, Status, StatusDoesNotFollow, StockShort
from warehouse.services import accept_orders, change_stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def lying(status: Status = Status.AVAILABLE) -> Holding:
    found: Holding = Holding.objects.select_related("keeper").get(status=status)
    return found


def change(
    clerk: User,
    after: Status | None,
    *,
    before: Status = Status.AVAILABLE,
    units: int | None = None,
) -> StockChange:
    held = lying(before)
    return change_stock(
        holding=held, keeper=held.keeper, after=after, changed_by=clerk, now=SELLS, units=units
    )


def test_goods_in_quarantine_are_not_sold_and_leave_a_record(
    milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)

    made = change(clerk, Status.QUARANTINE, units=4)

    assert (on_hand(anna), on_hand(anna, Status.QUARANTINE)) == ([1], [4])
    (order,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 2)], now=SELLS)
    assert isinstance(order.refusal, NotEnoughStock)
    assert order.refusal.facts["available"] == 1
    told = (made.number, made.before, made.after, made.quantity, made.changed_by, made.owner)
    assert told == ("SC-2026-000001", "available", "quarantine", 4, clerk, anna)
    posting = StockPosting.objects.get(document=made.number)
    assert (posting.kind, posting.booked_by) == ("changed", clerk)
    notice = Notice.objects.get(event="stock.set_aside")
    assert notice.company == anna
    assert notice.facts == {"number": made.number, "lot": made.lot.number, "units": 4}
    assert prove_stock() == []


def test_what_is_freed_can_be_sold_again(milk: Product, anna: Company, clerk: User) -> None:
    received_stock({anna: 5}, product=milk)
    change(clerk, Status.QUARANTINE)

    change(clerk, Status.AVAILABLE, before=Status.QUARANTINE)

    (order,) = accept_orders(seller=anna, orders=[an_incoming_order("MILK", 5)], now=SELLS)
    assert order.outcome == "accepted"
    assert Notice.objects.get(event="stock.freed").facts["units"] == 5
    assert prove_stock() == []


def test_what_is_destroyed_is_gone_and_told_to_the_trace(
    milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)
    change(clerk, Status.DAMAGED, units=2)

    made = change(clerk, None, before=Status.DAMAGED)

    assert (on_hand(anna), on_hand(anna, Status.DAMAGED)) == ([3], [0])
    legs = StockMovement.objects.filter(document=made.number).values_list("account", "quantity")
    assert sorted(legs) == [("destroyed", 2), ("stock", -2)]
    event = TraceEvent.objects.get(biz_step="destroying")
    assert (event.disposition, event.asserted_by_id) == ("destroyed", made.keeper_id)
    assert anna.code not in f"{event.keys}{event.details}"
    assert Notice.objects.get(event="stock.destroyed").facts["number"] == made.number
    assert prove_stock() == []


def test_a_lot_expires_on_its_day_and_not_before(milk: Product, anna: Company, clerk: User) -> None:
    received_stock({anna: 5}, product=milk, expires_on=date(2026, 8, 2))
    held = lying()

    def expire(now: datetime) -> StockChange:
        return change_stock(
            holding=held, keeper=held.keeper, after=Status.EXPIRED, changed_by=clerk, now=now
        )

    with pytest.raises(NotExpiredYet):
        expire(SELLS)
    expire(SELLS + timedelta(days=1))

    assert on_hand(anna, Status.EXPIRED) == [5]


@pytest.mark.parametrize(
    ("after", "units", "error"),
    [
        (None, 1, NotToBeDestroyed),
        (Status.AVAILABLE, 1, StatusDoesNotFollow),
        (Status.PICKED, 1, StatusDoesNotFollow),
        (Status.DAMAGED, 6, StockShort),
        (Status.DAMAGED, 0, NothingLiesThere),
        (Status.DAMAGED, -1, NothingLiesThere),
        (Status.EXPIRED, 1, NotExpiredYet),
    ],
)
def test_what_is_refused_writes_nothing(
    milk: Product,
    anna: Company,
    clerk: User,
    after: Status | None,
    units: int,
    error: type[DomainError],
) -> None:
    received_stock({anna: 5}, product=milk, expires_on=None)

    with pytest.raises(error):
        change(clerk, after, units=units)

    assert list(Holding.objects.values_list("status", "on_hand")) == [("available", 5)]
    assert not StockChange.objects.exists()
    assert StockPosting.objects.count() == 1
    assert not Notice.objects.filter(event="stock.set_aside").exists()


def test_what_is_promised_is_not_set_aside(milk: Product, anna: Company, clerk: User) -> None:
    received_stock({anna: 5}, product=milk)
    accept_orders(seller=anna, orders=[an_incoming_order("MILK", 5)], now=SELLS)

    with pytest.raises(StatusDoesNotFollow):
        change(clerk, Status.RECALLED, before=Status.RESERVED)
    with pytest.raises(NothingLiesThere):
        change(clerk, Status.RECALLED)


def test_another_warehouse_changes_nothing(milk: Product, anna: Company, clerk: User) -> None:
    received_stock({anna: 5}, product=milk)
    held = lying()

    with pytest.raises(Holding.DoesNotExist):
        change_stock(
            holding=held,
            keeper=WarehouseOperatorFactory.create(),
            after=Status.DAMAGED,
            changed_by=clerk,
            now=SELLS,
        )


def test_a_warehouse_changes_stock_from_inside_its_own_walls(
    milk: Product, anna: Company, clerk: User
) -> None:
    received_stock({anna: 5}, product=milk)
    held = lying()

    with inside(held.keeper_id, keeper=True):
        change_stock(
            holding=held, keeper=held.keeper, after=Status.DAMAGED, changed_by=clerk, now=SELLS
        )
        assert StockChange.objects.get().quantity == 5
    with inside(anna.pk):
        assert StockChange.objects.count() == 1, "an owner sees what became of its goods"
