"""What is suggested to whom, and how good it would have been."""

from __future__ import annotations

import gzip
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules import suggesting
from procurement.rules.suggesting import SALES

NEWEST = 8072
DEMAND = Path(__file__).resolve().parents[3] / "shared/data/demand/history.csv.gz"


def sales(*rows: tuple[int, int, int, int], out: tuple[int, ...] = ()) -> pd.DataFrame:
    """Seller, product, quarters before the newest, units; rows that ran out of stock by place."""
    told = [(s, p, NEWEST - age, units, at in out) for at, (s, p, age, units) in enumerate(rows)]
    return pd.DataFrame(told, columns=list(SALES))


def steady(seller: int, product: int, units: int, quarters: int) -> list[tuple[int, int, int, int]]:
    return [(seller, product, age, units) for age in range(quarters)]


def test_who_sold_the_same_for_six_quarters_is_suggested_the_same() -> None:
    told = suggesting.suggest(sales(*steady(1, 10, 40, 6)), newest=NEWEST)

    assert (told.seller_id, told.product_id) == ([1], [10])
    assert told.units == [40]
    assert told.own_quarters == [6]
    assert told.market_percent == [4]  # 0.25 / (0.25 + 6)
    assert told.low[0] <= 40 <= told.high[0]


def test_beside_few_own_quarters_the_market_weighs_more() -> None:
    told = suggesting.suggest(sales(*steady(1, 10, 100, 6), *steady(2, 10, 10, 1)), newest=NEWEST)

    assert told.own_quarters == [6, 1]
    assert told.market_percent == [4, 20]


def test_a_market_of_four_quarters_is_smoothed_and_a_shorter_one_is_not() -> None:
    long = [(1, 10, 3, 20), (1, 10, 2, 30), (1, 10, 1, 40), (1, 10, 0, 50)]
    told = suggesting.suggest(sales(*long, *steady(1, 11, 7, 3)), newest=NEWEST)

    assert told.fitted_quarters == [4, 0]


def test_a_steady_market_is_smoothed_to_itself() -> None:
    assert suggesting.smoothed([12, 12.5, 11.5, 12, 12]) == pytest.approx(12, abs=0.3)


def test_a_quarter_without_stock_does_not_lower_what_is_suggested() -> None:
    rows = (*steady(1, 10, 50, 5)[1:], (1, 10, 0, 5))
    ran_out = suggesting.suggest(sales(*rows, out=(4,)), newest=NEWEST)
    sold_less = suggesting.suggest(sales(*rows), newest=NEWEST)

    assert ran_out.units[0] > 40
    assert sold_less.units[0] < 20


def test_nothing_known_is_nothing_suggested() -> None:
    told = suggesting.suggest(sales(), newest=NEWEST)

    assert told.units == []


def test_sales_after_the_newest_quarter_are_not_looked_at() -> None:
    known = steady(1, 10, 40, 6)

    told = suggesting.suggest(sales(*known, (1, 10, -1, 9999)), newest=NEWEST)

    assert told.units == [40]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2), st.integers(0, 10**9)),
        max_size=20,
    ),
    st.randoms(use_true_random=False),
)
def test_suggestions_stand_between_their_bounds_and_do_not_hang_on_the_order_of_rows(
    rows: list[tuple[int, int, int, int]], random: Random
) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)

    told = suggesting.suggest(sales(*rows), newest=NEWEST)

    assert told == suggesting.suggest(sales(*shuffled), newest=NEWEST)
    for units, low, high in zip(told.units, told.low, told.high, strict=True):
        assert 0 <= low <= units <= high


def test_a_backtest_knows_only_what_was_known_then() -> None:
    rows = [*steady(1, 10, 40, 3), (2, 10, 0, 20)]
    filed = sales((1, 10, 0, 70), (1, 10, 1, 40))

    first, second = suggesting.backtest(sales(*rows), filed)

    assert (first.quarter, first.sold, first.suggested, first.naive, first.filed) == (
        *(NEWEST - 1, 40),
        *(0, 0, 0),
    )
    # Twenty units of sixty nobody could know of; 30 + 20 of sixty were filed wrong.
    assert (second.sold, second.suggested, second.naive, second.filed) == (60, 3333, 3333, 8333)


@pytest.mark.skipif(not DEMAND.exists(), reason="needs ../shared/data/demand/history.csv.gz")
def test_on_real_sales_the_suggestion_errs_less_than_what_was_filed() -> None:
    with gzip.open(DEMAND) as file:
        told = pd.read_csv(file)
    told["quarter"] = told["quarter"].str[:4].astype(int) * 4 + told["quarter"].str[-1].astype(int)
    told["quarter"] -= 1
    told["seller_id"], told["product_id"] = (pd.factorize(told[n])[0] for n in ("seller", "sku"))
    told["is_censored"] = False
    sold = told.rename(columns={"actual_units": "units"})
    filed = told.rename(columns={"forecast_units": "units"})

    tried = suggesting.backtest(sold, filed)

    assert len(tried) == 3
    assert all(one.filed and one.suggested < one.filed for one in tried)
    assert all(one.covered >= 80 for one in tried)
    # Against the same quarter again: no worse where one quarter is known, better afterwards.
    assert tried[0].suggested == tried[0].naive
    assert tried[1].suggested < tried[1].naive
    assert tried[2].suggested < tried[2].naive
