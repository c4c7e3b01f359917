"""Twenty people at one lot: never oversold, whoever comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.models import F

from accounts.models import Company
from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import Holding, Reservation, RetailOrder, StockMovement, StockPosting
from warehouse.queries.proving import prove_stock
from warehouse.queries.retail import shelves_of, stock_for
from warehouse.rules.fulfilling import Take, plan_take
from warehouse.rules.order_way import OrderCancelled
from warehouse.rules.posting import Status
from warehouse.services import accept_orders, cancel_order, cancel_orders, change_stock

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 20


@pytest.fixture
def anna() -> Company:
    with platform_wide():
        return SellerFactory.create()


@pytest.fixture(autouse=True)
def _proved() -> Iterator[None]:
    yield
    with platform_wide():
        assert prove_stock() == []


def all_at_once(act: Callable[[int], str]) -> Counter[str]:
    """Twenty threads, each with a connection of its own, let go at the same moment."""
    gate = Barrier(THREADS)

    def one(n: int) -> str:
        try:
            gate.wait(timeout=30)
            return act(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def test_twenty_threads_at_seven_units_sell_exactly_seven(anna: Company) -> None:
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 7}, product=product)

    def sell(n: int) -> str:
        with inside(anna.pk):
            order = an_incoming_order(product.sku, 1, number=f"T-{n}")
            return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value

    assert all_at_once(sell) == {"accepted": 7, "refused": 13}
    with platform_wide():
        assert (on_hand(anna), on_hand(anna, "reserved")) == ([0], [7])
        assert RetailOrder.objects.count() == 7
        assert sum(Reservation.objects.values_list("quantity", flat=True)) == 7


def test_without_the_lock_the_database_refuses_what_would_go_below_zero(anna: Company) -> None:
    """The control: look and plan, then take, with no lock between. The rule sells one unit twenty
    times; the CHECK holds."""
    with platform_wide():
        received_stock({anna: 1})
        sku = Holding.objects.get().lot.product.sku
    all_have_looked = Barrier(THREADS)

    def take_unlocked(n: int) -> str:
        with inside(anna.pk):
            shelf = stock_for(anna, [sku]).get()
            takes = plan_take(shelves_of([shelf])[sku], 1, today=SELLS.date())
            assert takes == [Take(shelf.pk, shelf.lot_id, 1)], "the rule gives it to everybody"
            all_have_looked.wait(timeout=30)
            try:
                with transaction.atomic():
                    _take(shelf, n)
            except IntegrityError as refused:
                return "holding_not_negative" if "holding_not_negative" in str(refused) else "?"
            return "taken"

    assert all_at_once(take_unlocked) == {"taken": 1, "holding_not_negative": 19}
    with platform_wide():
        assert on_hand(anna) == [0]


def _take(shelf: Holding, n: int) -> None:
    """One unit, found too many in a count, with no look at what is there."""
    Holding.objects.filter(pk=shelf.pk).update(on_hand=F("on_hand") - 1)
    told = {
        "owner_id": shelf.owner_id,
        "keeper_id": shelf.keeper_id,
        "kind": "counted",
        "document": "control",
        "moved_at": SELLS,
    }
    posting = StockPosting.objects.create(key=f"control:{n}", booked_at=SELLS, **told)
    leg = {"posting": posting, "lot_id": shelf.lot_id, **told}
    StockMovement.objects.bulk_create(
        [
            StockMovement(account="adjustment", quantity=1, **leg),
            StockMovement(
                account="stock",
                quantity=-1,
                location_id=shelf.location_id,
                status=shelf.status,
                **leg,
            ),
        ]
    )


def test_the_same_order_sent_by_twenty_threads_is_taken_once(anna: Company) -> None:
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 50}, product=product)

    def send(_n: int) -> str:
        with inside(anna.pk):
            order = an_incoming_order(product.sku, 2)
            return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value

    assert all_at_once(send) == {"accepted": 1, "already_taken": 19}
    with platform_wide():
        assert on_hand(anna) == [48]


def test_orders_that_want_the_same_lots_in_opposite_order_do_not_deadlock(anna: Company) -> None:
    with platform_wide():
        one, other = ProductFactory.create(), ProductFactory.create()
        received_stock({anna: 100}, product=one)
        received_stock({anna: 100}, product=other)

    def sell(n: int) -> str:
        first, second = (one, other) if n % 2 else (other, one)
        with inside(anna.pk):
            orders = [
                an_incoming_order(first.sku, 1, number=f"A-{n}"),
                an_incoming_order(second.sku, 1, number=f"B-{n}"),
            ]
            return ",".join(
                result.outcome for result in accept_orders(seller=anna, orders=orders, now=SELLS)
            )

    assert all_at_once(sell) == {"accepted,accepted": THREADS}
    with platform_wide():
        assert (on_hand(anna), on_hand(anna, "reserved")) == ([80, 80], [20, 20])


def test_an_order_cancelled_by_twenty_threads_gives_its_stock_back_once(anna: Company) -> None:
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 5}, product=product)
        accept_orders(seller=anna, orders=[an_incoming_order(product.sku, 3)], now=SELLS)
        order = RetailOrder.objects.get()

    def cancel(_n: int) -> str:
        with inside(anna.pk):
            try:
                return cancel_order(order=order, now=SELLS).state
            except OrderCancelled:
                return "refused"

    assert all_at_once(cancel) == {"cancelled": 1, "refused": 19}
    with platform_wide():
        assert on_hand(anna) == [5]


def test_cancelling_many_orders_and_selling_do_not_wait_for_each_other(anna: Company) -> None:
    """Both lock all their holdings by pk; locked order by order, they met in a deadlock."""
    with platform_wide():
        products = [ProductFactory.create() for _ in range(2)]
        for product in products:
            received_stock({anna: 500}, product=product)
        # The earlier orders take the later holding.
        taken = [
            accept_orders(
                seller=anna,
                orders=[an_incoming_order(product.sku, 1, number=f"C-{n}-{product.sku}")],
                now=SELLS,
            )[0].number
            for n in range(THREADS)
            for product in reversed(products)
        ]

    def act(n: int) -> str:
        with inside(anna.pk):
            if n % 2:
                mine = RetailOrder.objects.filter(number__in=taken[2 * n : 2 * n + 2])
                cancel_orders(orders=list(mine), now=SELLS)
                return "cancelled"
            both = an_incoming_order(products[0].sku, 1, number=f"N-{n}")
            lines = tuple(replace(both.lines[0], sku=product.sku) for product in products)
            told = accept_orders(seller=anna, orders=[replace(both, lines=lines)], now=SELLS)
            return told[0].outcome.value

    assert all_at_once(act) == {"cancelled": 10, "accepted": 10}


def test_selling_setting_aside_and_freeing_do_not_wait_for_each_other(anna: Company) -> None:
    """They take the same holdings from both ends; each locks what is for sale first."""
    with platform_wide():
        product = ProductFactory.create()
        received_stock({anna: 100}, product=product)
        free = Holding.objects.select_related("keeper").get()
        clerk = UserFactory.create()

        def change(holding: Holding, after: Status, units: int) -> None:
            change_stock(
                holding=holding,
                keeper=free.keeper,
                after=after,
                changed_by=clerk,
                units=units,
                now=SELLS,
            )

        change(free, Status.QUARANTINE, 40)
        aside = Holding.objects.get(status="quarantine")

    def act(n: int) -> str:
        if n % 2:
            with inside(anna.pk):
                order = an_incoming_order(product.sku, 1, number=f"W-{n}")
                return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value
        with inside(free.keeper_id, keeper=True):
            if n % 4:
                change(aside, Status.AVAILABLE, 2)
                return "freed"
            change(free, Status.QUARANTINE, 3)
            return "set aside"

    assert all_at_once(act) == {"accepted": 10, "freed": 5, "set aside": 5}
    with platform_wide():
        stands = [on_hand(anna, status) for status in ("available", "quarantine", "reserved")]
    assert stands == [[60 + 10 - 15 - 10], [40 - 10 + 15], [10]]
