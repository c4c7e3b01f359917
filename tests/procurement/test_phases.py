"""A round's phases, the category it is for, the tolerance of its lines, and what comes too late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from core.errors import DomainError
from procurement import services
from procurement.models import Forecast, ForecastLine, PoolRound
from procurement.queries import counting, forecasts, offers
from procurement.rules import forecasting, ordering
from procurement.rules.forecasting import Phase
from procurement.rules.ordering import RoundPolicy
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import (
    AFTER,
    CUTOFF,
    DURING,
    OPENS,
    PoolRoundFactory,
    PriceBreakFactory,
    SupplierOfferFactory,
    scored,
)
from tests.procurement.conftest import Market

FILLING = CUTOFF + timedelta(hours=1)
FILLED = CUTOFF + timedelta(days=2)


def file(market: Market, lines: dict[int, int], now: Any = DURING, **told: Any) -> Forecast:
    return services.file_forecast(
        round=told.pop("round", market.round),
        seller=told.pop("seller", market.anna),
        lines=lines,
        filed_by=None,
        now=now,
        **told,
    )


def refusals(refusal: DomainError) -> list[tuple[int, str, str]]:
    rows: Any = refusal.facts["rows"]
    return [(one.row, one.field, str(one.message)) for one in rows]


@pytest.mark.parametrize(
    ("now", "phase"),
    [
        (OPENS - timedelta(seconds=1), Phase.ANNOUNCED),
        (OPENS, Phase.OPEN),
        (CUTOFF - timedelta(seconds=1), Phase.OPEN),
        (CUTOFF, Phase.FILLING),
        (FILLED, Phase.ENDED),
    ],
)
def test_each_moment_belongs_to_the_phase_that_begins_with_it(now: Any, phase: Phase) -> None:
    told: dict[str, Any] = {"opens_at": OPENS, "cutoff_at": CUTOFF, "fill_until": FILLED}

    assert forecasting.phase(**told, is_closed=False, now=now) == phase
    assert forecasting.phase(**told, is_closed=True, now=now) == Phase.CLOSED


def test_a_round_is_announced_with_its_policy(db: None) -> None:
    ProductFactory.create(category="toys & games")
    policy = RoundPolicy(
        fill_until=FILLED,
        deposit_due_at=FILLED + timedelta(days=3),
        deposit_percent=30,
        shortage_rule="pro_rata",
        tolerance_limit_percent=20,
        budget_minor=1_000_00,
        is_credit_applied=True,
    )

    held = services.open_round(
        quarter="2026-Q4",
        category="toys & games",
        opens_at=OPENS,
        cutoff_at=CUTOFF,
        policy=policy,
    )

    held.refresh_from_db()
    assert held.code == "2026-Q4-toys-games"
    assert (held.fill_until, held.deposit_percent, held.budget_minor) == (FILLED, 30, 1_000_00)
    assert (held.shortage_rule, held.tolerance_limit_percent) == ("pro_rata", 20)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"fill_until": CUTOFF - timedelta(1)}, ordering.PhasesOutOfOrder),
        (
            {"fill_until": FILLED, "deposit_due_at": CUTOFF, "deposit_percent": 9},
            ordering.PhasesOutOfOrder,
        ),
        ({"deposit_percent": 30}, ordering.DepositIncomplete),
        ({"deposit_due_at": FILLED}, ordering.DepositIncomplete),
        ({"deposit_percent": 101, "deposit_due_at": FILLED}, ordering.PolicyOutOfRange),
        ({"tolerance_limit_percent": 101}, ordering.PolicyOutOfRange),
        ({"tolerance_limit_percent": -1}, ordering.PolicyOutOfRange),
        ({"budget_minor": 0}, ordering.PolicyOutOfRange),
    ],
)
def test_a_policy_that_cannot_be_is_refused(
    db: None, told: dict[str, Any], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        services.open_round(
            quarter="2026-Q4", opens_at=OPENS, cutoff_at=CUTOFF, policy=RoundPolicy(**told)
        )

    assert not PoolRound.objects.exists()


@pytest.mark.parametrize(
    "told",
    [
        {"fill_until": CUTOFF - timedelta(1)},
        {"deposit_due_at": CUTOFF - timedelta(1)},
        {"deposit_percent": 101},
        {"tolerance_limit_percent": 101},
        {"budget_minor": 0},
    ],
)
def test_the_database_refuses_such_a_policy_as_well(db: None, told: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PoolRoundFactory.create(**told)


def test_a_quarter_has_one_round_of_each_category_and_one_of_all(market: Market) -> None:
    told: dict[str, Any] = {"opens_at": OPENS, "cutoff_at": CUTOFF}
    ProductFactory.create(category="tea")
    services.open_round(quarter="2026-Q3", category="tea", **told)

    with pytest.raises(ordering.RoundExists):
        services.open_round(quarter="2026-Q3", category="tea", **told)
    with pytest.raises(ordering.RoundExists):
        services.open_round(quarter="2026-Q3", **told)
    with pytest.raises(ordering.CategoryNotKnown):
        services.open_round(quarter="2026-Q3", category="no such", **told)

    assert sorted(PoolRound.objects.values_list("code", flat=True)) == ["2026-Q3", "2026-Q3-tea"]


def test_what_was_filed_in_the_round_of_all_gets_no_round_of_its_own(market: Market) -> None:
    file(market, {market.milk.pk: 12})

    with pytest.raises(ordering.CategoryFiledAlready):
        services.open_round(
            quarter="2026-Q3",
            category=market.milk.category,
            opens_at=OPENS,
            cutoff_at=CUTOFF,
        )

    assert PoolRound.objects.count() == 1


def test_a_category_is_pooled_in_its_own_round_only(market: Market) -> None:
    tea = ProductFactory.create(sku="TEA", category="tea")
    PriceBreakFactory.create(offer=SupplierOfferFactory.create(product=tea))
    of_tea = services.open_round(
        quarter="2026-Q3", category="tea", opens_at=OPENS, cutoff_at=CUTOFF
    )

    assert [one.sku for one in offers.forecastable(of_tea)] == ["TEA"]
    assert sorted(one.sku for one in offers.forecastable(market.round)) == ["MILK", "SOAP"]
    for held, product, reason in (
        (market.round, tea, "The product TEA is pooled in the round 2026-Q3-tea."),
        (of_tea, market.milk, "The product MILK is not of this round's category."),
    ):
        with override("en"), pytest.raises(forecasting.ForecastRefused) as refused:
            file(market, {product.pk: 6}, round=held)
        assert refusals(refused.value) == [(1, "sku", reason)]
    assert not Forecast.objects.exists()


def test_a_line_has_a_firm_part_and_a_tolerance(market: Market) -> None:
    filed = file(
        market,
        {market.milk.pk: 100, market.soap.pk: 10},
        tolerances={market.milk.pk: (20, 30)},
    )

    filed.refresh_from_db()
    assert forecasts.wanted(filed)[market.milk.pk] == (100, 20, 30)
    standing = forecasts.standing(market.round)
    assert (standing.units, standing.firm, standing.most) == (110, 90, 140)
    frame = counting.demand_frame(market.round).sort_values("product_id")
    assert frame[["quantity", "less", "more", "filed_order"]].to_numpy().tolist() == [
        [100, 20, 30, 0],
        [10, 0, 0, 0],
    ]


@pytest.mark.parametrize(
    ("units", "less", "more", "field"),
    [
        (100, 21, 0, "less"),
        (100, 0, 21, "more"),
        (0, 0, 5, "more"),
        (100, -1, 0, "less"),
        (10**9, 0, 0, "units"),
        (-1, 0, 0, "units"),
    ],
)
def test_a_tolerance_over_the_limit_is_refused_with_row_and_field(
    market: Market, units: int, less: int, more: int, field: str
) -> None:
    PoolRound.objects.update(tolerance_limit_percent=20)

    with pytest.raises(forecasting.ForecastRefused) as refused:
        file(market, {market.milk.pk: units}, tolerances={market.milk.pk: (less, more)})

    assert [found[:2] for found in refusals(refused.value)] == [(1, field)]
    assert not Forecast.objects.exists()


def test_nobody_does_without_more_than_it_wants(market: Market) -> None:
    filed = file(market, {market.milk.pk: 100})

    with pytest.raises(IntegrityError), transaction.atomic():
        ForecastLine.objects.create(
            forecast=filed, seller=market.anna, product=market.soap, quantity=1, less=2
        )


def test_a_version_that_wants_nothing_counts_and_orders_nothing(market: Market) -> None:
    file(market, {market.milk.pk: 100})
    file(market, {market.milk.pk: 0, market.soap.pk: 0})

    made = services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )

    assert made == []
    assert forecasts.counting(market.round).get().version == 2


#: Of a pack of six: what all want and would take on top before and after a late change.
BOX_FILL = [
    ((3, 0), (2, 0), False),
    ((2, 1), (2, 2), True),
    ((7, 0), (6, 0), True),
    ((7, 0), (1, 0), False),
    ((4, 2), (6, 0), True),
]


def two_others_with_whole_packs(market: Market) -> None:
    for seller in (market.bela, SellerFactory.create()):
        file(market, {market.milk.pk: 6}, seller=seller)


@pytest.mark.parametrize(("before", "after", "is_taken"), BOX_FILL)
def test_after_the_cutoff_only_a_better_fill_of_packs_is_taken(
    market: Market, before: tuple[int, int], after: tuple[int, int], is_taken: bool
) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    scored((market.anna, "A"))
    milk = market.milk.pk
    two_others_with_whole_packs(market)
    file(market, {milk: before[0]}, tolerances={milk: (0, before[1])})

    if is_taken:
        file(market, {milk: after[0]}, FILLING, tolerances={milk: (0, after[1])})
    else:
        with pytest.raises(forecasting.FillNotImproved) as refused:
            file(market, {milk: after[0]}, FILLING, tolerances={milk: (0, after[1])})
        assert refused.value.facts["products"] == "MILK"

    assert Forecast.objects.filter(seller=market.anna).count() == 1 + is_taken


def test_the_fill_is_that_of_all_sellers_together(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    milk = market.milk.pk
    file(market, {milk: 8})
    file(market, {milk: 5}, seller=market.bela)
    file(market, {milk: 6}, seller=SellerFactory.create())

    market.round.refresh_from_db()
    # 19 in packs of six begin a fourth pack; without the one too many there are three whole.
    file(market, {milk: 7}, FILLING)
    with pytest.raises(forecasting.FillNotImproved):
        file(market, {milk: 6}, FILLING)

    assert forecasts.frozen(market.round).get(seller=market.anna).version == 1
    assert forecasts.counting(market.round).get(seller=market.anna).version == 2


def test_what_one_would_do_without_only_falls_after_the_cutoff(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    milk = market.milk.pk
    two_others_with_whole_packs(market)
    file(market, {milk: 12}, tolerances={milk: (3, 0)})

    with pytest.raises(forecasting.FillNotImproved):
        file(market, {milk: 12}, FILLING, tolerances={milk: (4, 0)})
    file(market, {milk: 12}, FILLING, tolerances={milk: (0, 0)})

    assert Forecast.objects.filter(seller=market.anna).count() == 2


def test_a_round_closes_when_its_packs_are_filled(market: Market) -> None:
    PoolRound.objects.update(fill_until=FILLED)
    told: dict[str, Any] = {"buyer": market.buyer, "platform": market.platform}

    with pytest.raises(ordering.CutoffNotReached):
        services.close_round(round=market.round, now=FILLING, **told)
    services.close_round(round=market.round, now=FILLED, **told)

    assert PoolRound.objects.get().closed_at == FILLED
