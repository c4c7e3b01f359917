"""Offers of goods in bond when everybody presses the button at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from accounts.models import Company, User
from core.errors import DomainError
from core.walls import inside, platform_wide
from procurement.queries.charging import balance
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.selling import on_hand
from warehouse.models import Lot, StockTransfer, TransferConsent
from warehouse.queries.proving import prove_stock
from warehouse.rules.transferring import NotThatMuchToOffer, Offer, OfferIsOver
from warehouse.services import (
    accept_offer,
    accept_orders,
    offer_stock,
    refuse_offer,
    withdraw_offer,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture(autouse=True)
def _proved() -> Iterator[None]:
    with platform_wide():
        PlatformCompanyFactory.create()
    yield
    with platform_wide():
        assert prove_stock() == []


@pytest.fixture
def sides() -> tuple[Company, Company, User]:
    with platform_wide():
        anna, ben = SellerFactory.create(), SellerFactory.create()
        product = ProductFactory.create(sku="MILK")
        received_stock({anna: 10}, product=product)
        return anna, ben, UserFactory.create()


def all_at_once(act: Callable[[int], str]) -> Counter[str]:
    gate = Barrier(THREADS)

    def one(n: int) -> str:
        try:
            gate.wait(timeout=30)
            return act(n)
        except DomainError as refused:
            return refused.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return Counter(pool.map(one, range(THREADS)))


def offered(anna: Company, ben: Company, person: User, units: int) -> StockTransfer:
    with platform_wide():
        lot = Lot.objects.get().number
    with inside(anna.pk):
        return offer_stock(
            giver=anna,
            taker=ben.code,
            lot=lot,
            offer=Offer(units, 100, date(2026, 8, 5)),
            offered_by=person,
            now=SELLS,
        )


def test_of_many_who_accept_refuse_and_withdraw_one_is_first(
    sides: tuple[Company, Company, User],
) -> None:
    anna, ben, person = sides
    made = offered(anna, ben, person, 6)

    def act(n: int) -> str:
        if n % 4 == 3:
            with inside(anna.pk):
                return withdraw_offer(
                    transfer=made, company=anna, withdrawn_by=person, now=SELLS
                ).state
        with inside(ben.pk):
            if n % 4 == 2:
                return refuse_offer(transfer=made, company=ben, refused_by=person, now=SELLS).state
            return accept_offer(transfer=made, company=ben, accepted_by=person, now=SELLS).state

    told = all_at_once(act)

    assert told.pop(OfferIsOver.code) == THREADS - 1
    (state,) = told
    with platform_wide():
        assert TransferConsent.objects.exclude(step="offered").get().step == state
        taken = 6 if state == "accepted" else 0
        assert sum(on_hand(ben)) == taken
        assert sum(on_hand(anna)) == 10 - taken
        assert (balance(ben), balance(anna)) == (taken * 100, -taken * 100)


def test_units_are_offered_or_sold_and_never_both(sides: tuple[Company, Company, User]) -> None:
    """Ten units: every other thread sells three to a consumer, the rest offer three."""
    anna, ben, person = sides

    def act(n: int) -> str:
        if n % 2:
            return "offered" if offered(anna, ben, person, 3).pk else ""
        with inside(anna.pk):
            order = an_incoming_order("MILK", 3, number=f"T-{n}")
            return accept_orders(seller=anna, orders=[order], now=SELLS)[0].outcome.value

    told = all_at_once(act)

    assert told["offered"] + told["accepted"] == 3
    assert told["refused"] + told[NotThatMuchToOffer.code] == THREADS - 3
    with platform_wide():
        assert on_hand(anna) == [1]
        assert sum(on_hand(anna, "offered")) == 3 * told["offered"]
        assert sum(on_hand(anna, "reserved")) == 3 * told["accepted"]


def test_the_taker_sells_while_it_takes(sides: tuple[Company, Company, User]) -> None:
    anna, ben, person = sides
    made = [offered(anna, ben, person, 1) for _ in range(THREADS // 2)]

    def act(n: int) -> str:
        with inside(ben.pk):
            if n % 2:
                return accept_offer(
                    transfer=made[n // 2], company=ben, accepted_by=person, now=SELLS
                ).state
            order = an_incoming_order("MILK", 1, number=f"B-{n}")
            return accept_orders(seller=ben, orders=[order], now=SELLS)[0].outcome.value

    told = all_at_once(act)

    # One value is told by both: an offer and an order are both accepted.
    assert sum(told.values()) == THREADS
    sold = told["accepted"] - len(made)
    with platform_wide():
        assert sum(on_hand(ben)) == len(made) - sold
        assert sum(on_hand(ben, "reserved")) == sold
        assert on_hand(anna) == [10 - len(made)]
