"""Scores and suggestions for all sellers, from what they filed and sold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override

from accounts.models import Company
from catalog.models import Product
from notices.models import Notice
from procurement import services
from procurement.models import (
    CreditRun,
    Deposit,
    DepositEvent,
    DepositStep,
    ForecastScore,
    PoolRound,
    RoundState,
    RunKind,
    RunState,
    SellerSales,
)
from procurement.queries import credit, suggestions
from procurement.rules import crediting, quarters
from procurement.rules.selling import Drawn, Told
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import (
    ForecastFactory,
    ForecastLineFactory,
    OrderShareFactory,
    PoolRoundFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
)

from .conftest import Market

#: The third quarter is over.
NOW = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)
Q3 = quarters.number_of("2026-Q3")


def filed(round: PoolRound, seller: Company, **units: int) -> None:
    """One version, filed before the cut-off."""
    version = ForecastFactory.create(round=round, seller=seller)
    for sku, quantity in units.items():
        ForecastLineFactory.create(
            forecast=version, product=Product.objects.get(sku=sku.upper()), quantity=quantity
        )


def sold(seller: Company, quarter: str, **units: int) -> None:
    drawn(seller, quarter, is_out=False, **units)


def drawn(seller: Company, quarter: str, *, is_out: bool, **units: int) -> None:
    services.record_drawn(
        drawn=[
            Drawn(seller.pk, Product.objects.get(sku=sku.upper()).pk, quarter, quantity, is_out)
            for sku, quantity in units.items()
        ],
        now=NOW,
    )


def worked(kind: RunKind, quarter: str, now: datetime = NOW) -> CreditRun:
    run = services.ask_run(kind=kind, quarter=quarter, now=now)
    services.work_runs(now=lambda: now)
    run.refresh_from_db()
    return run


def test_a_score_is_stored_with_the_numbers_it_was_made_of(market: Market) -> None:
    filed(market.round, market.anna, milk=100, soap=50)
    filed(market.round, market.bela, milk=150)
    carl = SellerFactory.create()
    filed(market.round, carl, milk=50)
    sold(market.anna, "2026-Q3", milk=80, soap=60)
    sold(market.bela, "2026-Q3", milk=60)
    sold(carl, "2026-Q3", milk=40)

    run = worked(RunKind.SCORE, "2026-Q3")

    assert (run.state, run.sellers) == (RunState.DONE, 3)
    anna = ForecastScore.objects.get(seller=market.anna)
    assert (anna.forecast_milli, anna.actual_milli, anna.error_milli) == (150_000, 140_000, 30_000)
    # The market sold 240 of 350: 0.6857. f = (140 + 20 x 0.6857) / (150 + 20)
    assert (anna.market_ratio, anna.factor) == (6857, 9042)
    assert anna.pasts == [
        {
            "quarter": "2026-Q3",
            "weight": 1000,
            "forecast": 150,
            "actual": 140,
            "error": 30,
            "lines": 2,
            "censored": 0,
        }
    ]
    assert credit.credit_of(market.anna, NOW.date()).factor == 9042


def test_an_earlier_quarter_that_is_worked_out_again_says_nothing_of_today(market: Market) -> None:
    filed(market.round, market.anna, milk=100, soap=50)
    sold(market.anna, "2026-Q3", milk=80, soap=60)
    newest = worked(RunKind.SCORE, "2026-Q3")

    earlier = worked(RunKind.SCORE, "2026-Q2")

    assert (earlier.state, earlier.pk > newest.pk) == (RunState.DONE, True)
    assert credit.last_run(RunKind.SCORE) == newest
    score = credit.score_of(market.anna)
    assert score is not None
    assert score.run == newest
    assert credit.credit_of(market.anna, NOW.date()).factor == score.factor


def test_the_version_at_the_cutoff_is_scored_and_no_later_one(market: Market) -> None:
    filed(market.round, market.anna, milk=100)
    late = ForecastFactory.create(
        round=market.round, seller=market.anna, version=2, filed_at=market.round.cutoff_at
    )
    ForecastLineFactory.create(forecast=late, product=market.milk, quantity=60)
    sold(market.anna, "2026-Q3", milk=60)

    worked(RunKind.SCORE, "2026-Q3")

    assert ForecastScore.objects.get().forecast_milli == 100_000


def test_quarters_nobody_knows_sales_of_and_products_nobody_forecast_do_not_count(
    market: Market,
) -> None:
    filed(market.round, market.anna, milk=100)
    filed(market.round, market.bela, milk=100)
    sold(market.anna, "2026-Q3", milk=90, soap=500)

    worked(RunKind.SCORE, "2026-Q3")

    only = ForecastScore.objects.get()
    assert only.seller_id == market.anna.pk
    assert (only.forecast_milli, only.actual_milli) == (100_000, 90_000)


@pytest.mark.parametrize(
    ("forecast", "actual", "got", "is_out"),
    [
        (100, 40, 40, False),
        (100, 30, 40, False),
        (100, 100, 100, True),
        (100, 60, 100, True),
        (100, 60, None, True),
        (100, 60, None, False),
        (100, 0, 0, False),
    ],
)
def test_the_database_leaves_out_the_lines_that_the_rule_leaves_out(
    market: Market, forecast: int, actual: int, got: int | None, is_out: bool
) -> None:
    filed(market.round, market.anna, milk=forecast)
    drawn(market.anna, "2026-Q3", is_out=is_out, milk=actual)
    if got is not None:
        PoolRound.objects.update(state=RoundState.CLOSED, closed_at=NOW)
        order = PurchaseOrderFactory.create(round=market.round)
        line = PurchaseOrderLineFactory.create(order=order, product=market.milk)
        if got:
            OrderShareFactory.create(line=line, owner=market.anna, quantity=got)

    told = credit.quarters_frame(Q3)

    expected = crediting.censored(
        forecast=forecast,
        actual=actual,
        got=got,
        is_seen_out=is_out,
        is_ordered=got is not None,
    )
    assert told["censored"].tolist() == [int(expected)]
    assert told["lines"].tolist() == [int(not expected)]


@pytest.mark.parametrize("got", [None, 100])
def test_what_a_seller_says_of_its_stock_hides_no_wrong_forecast(
    market: Market, got: int | None
) -> None:
    """100 forecast, 300 sold or 20: whatever it says of its stock, the line counts."""
    filed(market.round, market.anna, milk=100)
    if got is not None:
        PoolRound.objects.update(state=RoundState.CLOSED, closed_at=NOW)
        order = PurchaseOrderFactory.create(round=market.round)
        line = PurchaseOrderLineFactory.create(order=order, product=market.milk)
        OrderShareFactory.create(line=line, owner=market.anna, quantity=got)

    for units in (300, 20):
        services.report_sales(
            seller=market.anna,
            rows=[Told(1, "2026-Q3", "MILK", str(units), "yes")],
            sent_by=None,
            now=NOW,
        )
        told = credit.quarters_frame(Q3)
        assert told[["forecast", "actual", "lines", "censored"]].to_numpy().tolist() == [
            [100, units, 1, 0]
        ]


@pytest.mark.parametrize("is_paid_late", [True, False])
@pytest.mark.parametrize("is_out", [True, False])
def test_who_did_not_pay_in_time_is_scored_by_what_it_forecast(
    market: Market, is_paid_late: bool, is_out: bool
) -> None:
    """10,000 forecast, the deposit a day late or never: nothing was ordered, and none of it is
    left out, whatever its own file says of its stock."""
    filed(market.round, market.anna, milk=10_000)
    deposit = Deposit.objects.create(
        round=market.round,
        seller=market.anna,
        number="D-1",
        holder=market.platform,
        band="C",
        base_percent=20,
        percent=20,
        basis_minor=5_000,
        amount_minor=1_000,
        made_at=NOW,
        due_at=NOW,
    )
    if is_paid_late:
        DepositEvent.objects.create(
            deposit=deposit,
            seller=market.anna,
            step=DepositStep.PAID,
            amount_minor=1_000,
            value_date=NOW.date() + timedelta(days=1),
            reference="B-1",
            noted_at=NOW,
        )
    PoolRound.objects.update(state=RoundState.CLOSED, closed_at=NOW)
    drawn(market.anna, "2026-Q3", is_out=is_out, milk=40)

    told = credit.quarters_frame(Q3)

    assert told[["forecast", "actual", "lines", "censored"]].to_numpy().tolist() == [
        [10_000, 40, 1, 0]
    ]


def test_what_was_drawn_from_bond_counts_before_what_is_reported(market: Market) -> None:
    filed(market.round, market.anna, milk=100)
    sold(market.anna, "2026-Q3", milk=50)
    services.report_sales(
        seller=market.anna,
        rows=[Told(1, "2026-Q3", "MILK", "100")],
        sent_by=None,
        now=NOW,
    )

    told = credit.quarters_frame(Q3)

    assert told["actual"].tolist() == [50]


def test_drawn_again_the_same_is_written_once_and_a_correction_as_a_new_row(
    market: Market,
) -> None:
    for units in (50, 50, 45):
        sold(market.anna, "2026-Q3", milk=units)

    assert list(SellerSales.objects.order_by("pk").values_list("units", flat=True)) == [50, 45]


def test_who_comes_into_another_band_hears_of_it_once(market: Market) -> None:
    filed(market.round, market.anna, milk=100)
    sold(market.anna, "2026-Q3", milk=100)
    worked(RunKind.SCORE, "2026-Q3")
    assert not Notice.objects.filter(event="credit.band").exists()

    sold(market.anna, "2026-Q3", milk=10)
    for minute in (1, 2):
        worked(RunKind.SCORE, "2026-Q3", NOW + timedelta(minutes=minute))

    told = Notice.objects.get(event="credit.band")
    assert told.company_id == market.anna.pk
    assert (told.facts["before"], told.facts["band"], told.facts["score"]) == ("A", "D", 0)


def test_what_is_due_is_asked_for_once(market: Market) -> None:
    during = market.round.cutoff_at - timedelta(days=1)

    asked = [services.ask_due(now=during), services.ask_due(now=during)]

    assert asked == [2, 0]
    assert sorted(CreditRun.objects.values_list("kind", "quarter")) == [
        ("score", "2026-Q1"),
        ("suggest", "2026-Q3"),
    ]


def test_a_working_out_that_fails_each_time_is_given_up_and_leaves_nothing(
    market: Market,
) -> None:
    run = services.ask_run(kind=RunKind.SCORE, quarter="2026-Q3", now=NOW)
    CreditRun.objects.update(attempts=5)

    assert services.work_runs(now=lambda: NOW) == 0

    run.refresh_from_db()
    assert run.state == RunState.FAILED
    assert not ForecastScore.objects.exists()


def test_suggestions_are_stored_and_found_for_a_round(market: Market) -> None:
    later = PoolRoundFactory.create(
        quarter="2026-Q4", code="2026-Q4", opens_at=NOW, cutoff_at=NOW + timedelta(days=30)
    )
    for age in range(6):
        sold(market.anna, quarters.named(Q3 - age), milk=40)
    sold(market.bela, "2026-Q3", milk=10)

    run = worked(RunKind.SUGGEST, "2026-Q4")

    assert (run.sellers, run.rows, run.facts["newest"]) == (2, 2, "2026-Q3")
    found = suggestions.for_lines(later, market.anna)
    assert list(found) == [market.milk.pk]
    one = found[market.milk.pk]
    assert (one.units, one.own_quarters, one.market_percent, one.fitted_quarters) == (40, 6, 4, 6)
    with override("en"):
        told = suggestions.method_of(one)
    assert told == (
        "exponential smoothing on 6 own quarters, 4 % weight on the market (ETS over 6 quarters)"
    )
    assert suggestions.for_lines(market.round, market.anna) == {}
