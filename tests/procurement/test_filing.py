"""Forecasts in versions, until the cut-off and not after it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Storage
from core.errors import DomainError
from core.sheets import RowError
from procurement import services
from procurement.models import Forecast, ForecastLine
from procurement.queries import counting, forecasts
from procurement.rules.forecasting import (
    ForecastRefused,
    NotASeller,
    NothingForecast,
    RoundClosed,
    RoundNotOpenYet,
    Wish,
)
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import AFTER, CUTOFF, DURING, OPENS, SupplierOfferFactory

from .conftest import Market


def nothing_was_written() -> bool:
    return not Forecast.objects.exists() and not ForecastLine.objects.exists()


def test_the_newest_version_counts(market: Market) -> None:
    for units in (10, 25):
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: units},
            filed_by=market.anna_person,
            now=DURING,
        )

    assert [f.version for f in Forecast.objects.order_by("version")] == [1, 2]
    current = forecasts.current(market.round, market.anna)
    assert forecasts.quantities(current) == {market.milk.pk: 25}
    assert counting.demand_frame(market.round)["quantity"].tolist() == [25]


def test_a_version_without_lines_says_that_nothing_is_wanted(market: Market) -> None:
    for lines in ({market.milk.pk: 10}, {market.milk.pk: 0}):
        services.file_forecast(
            round=market.round, seller=market.anna, lines=lines, filed_by=None, now=DURING
        )

    assert Forecast.objects.count() == 2
    assert counting.demand_frame(market.round).empty


def test_a_seller_with_only_zero_lines_is_refused_with_the_reason(market: Market) -> None:
    for lines in ({}, {market.milk.pk: 0}):
        with pytest.raises(NothingForecast) as alone:
            services.file_forecast(
                round=market.round, seller=market.anna, lines=lines, filed_by=None, now=DURING
            )
        assert alone.value.facts == {"sellers": market.anna.code, "count": 1}
    rows = [
        Wish(1, market.round.quarter, market.milk.sku, "12", market.anna.code),
        Wish(2, market.round.quarter, market.milk.sku, "0", market.bela.code),
    ]
    with pytest.raises(NothingForecast) as many:
        services.import_forecasts(round=market.round, rows=rows, filed_by=None, now=DURING)

    assert many.value.facts == {"sellers": market.bela.code, "count": 1}
    assert nothing_was_written()


def test_what_was_taken_back_is_not_taken_back_again(market: Market) -> None:
    for lines in ({market.milk.pk: 10}, {}):
        services.file_forecast(
            round=market.round, seller=market.anna, lines=lines, filed_by=None, now=DURING
        )

    with pytest.raises(NothingForecast):
        services.file_forecast(
            round=market.round, seller=market.anna, lines={}, filed_by=None, now=DURING
        )

    assert Forecast.objects.count() == 2


@pytest.mark.parametrize(
    ("now", "refusal"), [(CUTOFF, RoundClosed), (AFTER, RoundClosed), (None, RoundNotOpenYet)]
)
def test_outside_of_its_time_a_round_takes_nothing(
    market: Market, now: Any, refusal: type[DomainError]
) -> None:
    before = OPENS.replace(year=2025)

    with pytest.raises(refusal) as refused:
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 1},
            filed_by=None,
            now=now or before,
        )

    if refusal is RoundClosed:
        assert refused.value.facts == {"cutoff_at": CUTOFF}
    assert nothing_was_written()


@pytest.mark.parametrize("units", [-1, 1_000_001, 1.5, 2.0, "many", True, None])
def test_what_is_no_sensible_number_of_units_is_refused(market: Market, units: Any) -> None:
    with pytest.raises(ForecastRefused) as refused:
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.soap.pk: 5, market.milk.pk: units},
            filed_by=None,
            now=DURING,
        )

    assert [(error.row, error.field) for error in refused.value.facts["rows"]] == [(2, "units")]  # type: ignore[attr-defined]
    assert nothing_was_written()


def test_goods_that_spoil_or_that_nobody_offers_are_refused(market: Market) -> None:
    fish = ProductFactory.create(sku="FISH", storage=Storage.FROZEN)
    SupplierOfferFactory.create(product=fish)
    yoghurt = ProductFactory.create(sku="YOGHURT", shelf_life_days=179)
    SupplierOfferFactory.create(product=yoghurt)
    rare = ProductFactory.create(sku="RARE")

    with pytest.raises(ForecastRefused) as refused:
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={fish.pk: 1, yoghurt.pk: 1, rare.pk: 1, 10**6: 1},
            filed_by=None,
            now=DURING,
        )

    assert [error.row for error in refused.value.facts["rows"]] == [1, 2, 3, 4]  # type: ignore[attr-defined]
    assert nothing_was_written()


def test_only_a_seller_files(market: Market) -> None:
    with pytest.raises(NotASeller):
        services.file_forecast(
            round=market.round,
            seller=market.buyer,
            lines={market.milk.pk: 1},
            filed_by=None,
            now=DURING,
        )

    assert nothing_was_written()


def test_many_sellers_are_filed_at_once(market: Market) -> None:
    told: list[tuple[int, int]] = []

    filed = services.import_forecasts(
        round=market.round,
        rows=[
            Wish(2, "2026-Q3", "MILK", "10", "ANNA"),
            Wish(3, "2026-Q3", "MILK", "20", "BELA"),
            Wish(4, "2026-Q3", "SOAP", "30", "BELA"),
        ],
        filed_by=None,
        now=DURING,
        progress=lambda done, of: told.append((done, of)),
    )

    assert [(f.seller.code, f.version) for f in filed] == [("ANNA", 1), ("BELA", 1)]
    assert ForecastLine.objects.count() == 3
    assert forecasts.standing(market.round) == forecasts.Standing(2, 3, 60, DURING)
    assert told == [(3, 3)]


def test_an_import_with_any_wrong_row_files_nothing_and_names_each(market: Market) -> None:
    with pytest.raises(ForecastRefused) as refused:
        services.import_forecasts(
            round=market.round,
            rows=[
                Wish(2, "2026-Q3", "MILK", "10", "ANNA"),
                Wish(3, "2026-Q2", "MILK", "10", "BELA"),
                Wish(4, "2026-Q3", "COAL", "10", "BELA"),
                Wish(5, "2026-Q3", "SOAP", "-1", "BELA"),
                Wish(6, "2026-Q3", "SOAP", "1", "NOBODY"),
                Wish(7, "2026-Q3", "MILK", "11", "ANNA"),
            ],
            filed_by=None,
            now=DURING,
        )

    rows = refused.value.facts["rows"]
    assert isinstance(rows, list)
    assert [(error.row, error.field) for error in rows] == [
        (3, "quarter"),
        (4, "sku"),
        (5, "units"),
        (6, "seller"),
        (7, "sku"),
    ]
    assert all(isinstance(error, RowError) and error.message for error in rows)
    assert nothing_was_written()


def test_the_largest_import_takes_few_statements(
    market: Market, django_assert_max_num_queries: Any
) -> None:
    rows = [
        Wish(n, "2026-Q3", sku, "1", who)
        for n, (sku, who) in enumerate(
            [(sku, who) for sku in ("MILK", "SOAP") for who in ("ANNA", "BELA")], start=2
        )
    ]

    with django_assert_max_num_queries(20):
        services.import_forecasts(round=market.round, rows=rows, filed_by=None, now=DURING)

    assert ForecastLine.objects.count() == 4
