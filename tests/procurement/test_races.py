"""A forecast and the closing of its round at the same moment: one waits for the other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from accounts.models import Company
from core.walls import platform_wide
from procurement.models import (
    Deposit,
    Forecast,
    PoolRound,
    PriceBreak,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundPlan,
)
from procurement.rules.forecasting import RoundClosed
from procurement.rules.offering import OffersOverlap
from procurement.rules.ordering import CutoffNotReached, RoundAlreadyClosed
from procurement.rules.solving.solution import Solution, solve
from procurement.rules.solving.terms import Problem
from procurement.services import (
    NewOffer,
    add_offers,
    ask_for_deposits,
    close_round,
    end_offer,
    file_forecast,
    plan_ahead,
)
from procurement.services.planning import TURNS
from tests.factories.procurement import AFTER, DURING

from .conftest import Market


def test_no_forecast_slips_in_while_its_round_closes(committed_market: Market) -> None:
    market, told = committed_market, []
    closing = threading.Event()

    def file_late() -> None:
        # Its request began before the cut-off: the clock alone would let it in.
        closing.wait(timeout=10)
        try:
            with platform_wide():
                file_forecast(
                    round=market.round,
                    seller=market.bela,
                    lines={market.milk.pk: 50},
                    filed_by=None,
                    now=DURING,
                )
            told.append("filed")
        except RoundClosed:
            told.append("refused")
        finally:
            connection.close()

    late = threading.Thread(target=file_late)
    late.start()
    with platform_wide():
        file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 60},
            filed_by=None,
            now=DURING,
        )
        with transaction.atomic():
            close_round(round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER)
            closing.set()
            time.sleep(0.5)  # the other one comes to the lock, and waits
            assert told == []
    late.join(timeout=10)

    assert told == ["refused"]
    with platform_wide():
        assert Forecast.objects.count() == 1
        assert PurchaseOrderLine.objects.get().wanted == 60


def test_no_forecast_slips_in_while_deposits_are_asked_for(committed_market: Market) -> None:
    market, told = committed_market, []
    asking = threading.Event()
    with platform_wide():
        PoolRound.objects.update(deposit_percent=20, deposit_due_at=AFTER + timedelta(days=5))
        _file(market, market.anna, 60)

    def file_late() -> None:
        # Its request began before the cut-off: the clock alone would let it in.
        asking.wait(timeout=10)
        try:
            _file(market, market.bela, 46)
            told.append("filed")
        except RoundClosed:
            told.append("refused")

    late = threading.Thread(target=_alone, args=(file_late,))
    late.start()
    with platform_wide(), transaction.atomic():
        ask_for_deposits(round=market.round, platform=market.platform, now=AFTER)
        asking.set()
        time.sleep(0.5)  # the other one comes to the lock, and waits
        assert told == []
    late.join(timeout=10)

    assert told == ["refused"]
    with platform_wide():
        assert [one.seller for one in Deposit.objects.all()] == [market.anna]
        assert [one.seller for one in Forecast.objects.all()] == [market.anna]


def test_of_two_offers_of_the_same_terms_at_once_one_is_refused(committed_market: Market) -> None:
    """Neither sees the other while it is checked: the database keeps their days apart."""
    market, told = committed_market, []
    entered = threading.Event()
    with platform_wide():
        end_offer(offer=market.milk.offers.get(), ends_on=date(2026, 6, 30))

    def enter(begins: date) -> None:
        add_offers(
            offers=[
                NewOffer(
                    product=market.milk,
                    supplier=market.supplier,
                    currency="EUR",
                    pack_quantity=6,
                    breaks=[(1, 6000)],
                    valid_from=begins,
                )
            ]
        )

    def enter_second() -> None:
        entered.wait(timeout=10)
        try:
            enter(date(2026, 8, 1))
            told.append("entered")
        except OffersOverlap:
            told.append("refused")

    second = threading.Thread(target=_alone, args=(enter_second,))
    second.start()
    with platform_wide(), transaction.atomic():
        enter(date(2026, 7, 1))
        entered.set()
        time.sleep(0.5)  # the other one comes to the same days, and waits
        assert told == []
    second.join(timeout=10)

    assert told == ["refused"]
    with platform_wide():
        begun = market.milk.offers.order_by("valid_from").values_list("valid_from", flat=True)
        assert list(begun) == [date(2026, 1, 1), date(2026, 7, 1)]


def test_sellers_file_while_an_open_round_is_planned(committed_market: Market) -> None:
    market = committed_market
    with platform_wide():
        _file(market, market.anna, 60)

    def meanwhile(problem: Problem) -> Solution:
        # Another connection, which would wait for the lock as long as planning held it.
        _beside(lambda: _file(market, market.bela, 50))
        return solve(problem)

    with platform_wide():
        planned = plan_ahead(round=market.round, now=DURING, solver=meanwhile)

        assert planned.demand["quantity"].tolist() == [60]
        assert Forecast.objects.count() == 2
        assert plan_ahead(round=market.round, now=DURING).demand["quantity"].sum() == 110
        assert RoundPlan.objects.count() == 2


def test_terms_that_changed_while_they_were_solved_are_solved_again(
    committed_market: Market,
) -> None:
    market = committed_market
    solved: list[Problem] = []
    with platform_wide():
        _file(market, market.anna, 60)

    def dearer() -> None:
        PriceBreak.objects.filter(offer__product=market.milk, from_packs=10).update(
            pack_price_minor=6100
        )

    def meanwhile(problem: Problem) -> Solution:
        if not solved:
            _beside(dearer)
        solved.append(problem)
        return solve(problem)

    with platform_wide():
        (order,) = close_round(
            round=market.round,
            buyer=market.buyer,
            platform=market.platform,
            now=AFTER,
            solver=meanwhile,
        )

        assert len(solved) == 2
        assert order.amount_minor == 61_000
        assert RoundPlan.objects.count() == 1


def test_prices_that_never_rest_do_not_keep_a_round_from_closing(
    committed_market: Market,
) -> None:
    market = committed_market
    asked: list[int] = []
    with platform_wide():
        _file(market, market.anna, 60)

    def meanwhile(problem: Problem) -> Solution:
        asked.append(5990 - len(asked))
        _beside(
            lambda: PriceBreak.objects.filter(offer__product=market.milk, from_packs=10).update(
                pack_price_minor=asked[-1]
            )
        )
        return solve(problem)

    with platform_wide():
        (order,) = close_round(
            round=market.round,
            buyer=market.buyer,
            platform=market.platform,
            now=AFTER,
            solver=meanwhile,
        )

        assert order.amount_minor == 10 * asked[TURNS - 1]


def test_of_two_closings_at_once_one_wins(committed_market: Market) -> None:
    market, told = committed_market, []
    both = threading.Barrier(2, timeout=30)
    with platform_wide():
        _file(market, market.anna, 60)

    def together(problem: Problem) -> Solution:
        both.wait()
        return solve(problem)

    def close() -> None:
        try:
            close_round(
                round=market.round,
                buyer=market.buyer,
                platform=market.platform,
                now=AFTER,
                solver=together,
            )
            told.append("closed")
        except RoundAlreadyClosed:
            told.append("refused")

    second = threading.Thread(target=_alone, args=(close,))
    second.start()
    with platform_wide():
        close()
    second.join(timeout=30)

    assert sorted(told) == ["closed", "refused"]
    with platform_wide():
        assert PurchaseOrder.objects.count() == 1
        assert RoundPlan.objects.count() == 1


def test_a_refusal_after_the_solver_has_worked_leaves_nothing(committed_market: Market) -> None:
    market = committed_market
    with platform_wide():
        _file(market, market.anna, 60)

    def meanwhile(problem: Problem) -> Solution:
        _beside(
            lambda: PoolRound.objects.filter(pk=market.round.pk).update(
                cutoff_at=AFTER + timedelta(days=1)
            )
        )
        return solve(problem)

    with platform_wide(), pytest.raises(CutoffNotReached):
        close_round(
            round=market.round,
            buyer=market.buyer,
            platform=market.platform,
            now=AFTER,
            solver=meanwhile,
        )

    with platform_wide():
        assert not RoundPlan.objects.exists()
        assert not PurchaseOrder.objects.exists()


def _file(market: Market, seller: Company, units: int) -> None:
    file_forecast(
        round=market.round,
        seller=seller,
        lines={market.milk.pk: units},
        filed_by=None,
        now=DURING,
    )


def _alone(act: Callable[[], object]) -> None:
    try:
        with platform_wide():
            act()
    finally:
        connection.close()


def _beside(act: Callable[[], object]) -> None:
    """Over another connection, and done before this one goes on; waiting for a lock, it fails."""
    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(_alone, act).result(timeout=20)
