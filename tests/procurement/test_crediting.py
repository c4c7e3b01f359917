"""Score, band and factor of a seller, worked out by hand."""

from __future__ import annotations

from datetime import date
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules import crediting
from procurement.rules.crediting import HISTORY, Credit, Market, policy_on

POLICY = policy_on(date(2026, 11, 1))
NEWEST = 2026 * 4 + 2  # 2026-Q3


def history(*rows: tuple[int, int, int, int, int, bool]) -> pd.DataFrame:
    """Seller, product, quarters before the newest, forecast, sold, whether it is left out."""
    told = [(s, p, NEWEST - age, f, a, out) for s, p, age, f, a, out in rows]
    return pd.DataFrame(told, columns=list(HISTORY))


def only(rows: pd.DataFrame, seller: int = 1) -> crediting.Score:
    _market, scores = crediting.score(rows, newest=NEWEST, policy=POLICY)
    return next(one for one in scores if one.seller_id == seller)


def test_score_and_factor_come_to_what_pencil_and_paper_say() -> None:
    rows = history(
        (1, 10, 0, 100, 80, False),
        (1, 11, 0, 50, 60, False),
        (1, 10, 2, 40, 40, False),
        (2, 10, 0, 150, 50, False),
        (3, 10, 0, 50, 50, False),
    )

    market, scores = crediting.score(rows, newest=NEWEST, policy=POLICY)

    # Weighted sums, seller 1: forecast 150 + 20, sold 140 + 20, error 30 + 0.
    # Seller 2: 150, 50, 100; seller 3: 50, 50, 0. Market: 370, 260, 130.
    assert market == Market(ratio=7027, wape=5000, bias=4231)
    careful, boaster, _honest = scores
    assert (careful.forecast_milli, careful.actual_milli, careful.error_milli) == (
        170_000,
        160_000,
        30_000,
    )
    assert careful.wape == 2222  # (30 + 20 x 0.5) / (160 + 20)
    assert careful.bias == 1026  # (10 + 20 x 0.4231) / (160 + 20)
    assert careful.factor == 9161  # (160 + 20 x 0.7027) / (170 + 20)
    assert careful.score == 74  # 100 x 0.7778 x 0.9487 = 73.79
    assert careful.band == "A"
    assert boaster.wape == 15714  # (100 + 10) / 70
    assert boaster.bias == 15495  # (100 + 8.462) / 70
    assert boaster.factor == 3768  # (50 + 14.054) / 170
    assert boaster.score == 0  # its error is more than all it sold
    assert boaster.band == "D"


def test_a_quarter_weighs_half_of_one_two_quarters_newer() -> None:
    assert [crediting.WEIGHTS[age] for age in (0, 2, 4, 6)] == [1000, 500, 250, 125]
    rows = history((1, 10, 0, 100, 100, False), (1, 10, 2, 200, 100, False))

    assert only(rows).forecast_milli == 200_000


def test_only_the_last_eight_quarters_that_are_over_count() -> None:
    rows = history((1, 10, 7, 10, 10, False), (1, 10, 8, 999, 0, False), (1, 10, -1, 999, 0, False))

    told = only(rows)

    assert [past.quarter for past in told.pasts] == [NEWEST - 7]
    assert told.forecast_milli == 880


def test_a_line_that_is_left_out_counts_in_no_sum_and_is_told() -> None:
    with_it = history((1, 10, 0, 100, 90, False), (1, 11, 0, 500, 50, True))
    without = history((1, 10, 0, 100, 90, False))

    told = only(with_it)

    assert told.pasts[0].censored == 1
    assert told.pasts[0].lines == 1
    assert (told.score, told.factor) == (only(without).score, only(without).factor)


@pytest.mark.parametrize(
    ("forecast", "actual", "got", "stocked_out", "expected"),
    [
        (100, 40, 40, False, True),  # the pool gave less, and all of it went
        (100, 30, 40, False, False),  # the pool gave less, and even that stayed
        (100, 100, 100, True, True),  # it ran out of what it had asked for
        (100, 60, 100, True, False),  # a claim that its stock contradicts
        (100, 60, None, True, True),  # its bonded stock was empty
        (100, 60, None, False, False),
    ],
)
def test_what_was_sold_tells_nothing_where_stock_ran_out(
    forecast: int, actual: int, got: int | None, stocked_out: bool, expected: bool
) -> None:
    told = crediting.censored(
        forecast=forecast, actual=actual, got=got, is_seen_out=stocked_out, is_ordered=True
    )

    assert told is expected


def test_a_newcomer_stands_where_the_market_stands() -> None:
    rows = history(*((pk, 10, 0, 200, 100, False) for pk in (2, 3, 4)))

    market, scores = crediting.score(rows, newest=NEWEST, policy=POLICY, sellers=[1])

    newcomer = scores[0]
    assert market.ratio == 5000
    assert newcomer.is_new
    assert newcomer.factor == 5000
    assert newcomer.band == "C"


def test_of_two_sellers_neither_learns_the_others_history_from_the_market() -> None:
    """With its own figures and the market's it would know the rest; a third that sold nothing of
    nothing hides nobody."""
    found = []
    for others in ((200, 100), (900, 10)):
        rows = history(
            (1, 10, 0, 100, 80, False), (2, 10, 0, *others, False), (3, 10, 0, 0, 0, False)
        )
        market, scores = crediting.score(rows, newest=NEWEST, policy=POLICY)
        assert market == Market()
        found.append(scores[0])

    assert found[0] == found[1]


def test_without_any_history_the_market_is_taken_at_its_word() -> None:
    market, scores = crediting.score(history(), newest=NEWEST, policy=POLICY, sellers=[1])

    assert market == Market(ratio=10_000, wape=0, bias=0)
    assert (scores[0].factor, scores[0].band) == (10_000, "C")


def test_who_forecasts_twice_what_it_sells_is_entitled_to_less_than_the_honest() -> None:
    rows = history((1, 10, 0, 1000, 1000, False), (2, 10, 0, 2000, 1000, False))
    _market, (honest, liar) = crediting.score(rows, newest=NEWEST, policy=POLICY)

    entitled = [
        crediting.entitlement(
            quantity=wish, most=wish, factor=one.factor, band=POLICY.band(one.band), policy=POLICY
        )
        for one, wish in ((honest, 100), (liar, 200))
    ]

    assert (honest.factor, liar.factor) == (10_000, 5050)
    assert (honest.band, liar.band) == ("A", "D")
    assert entitled == [100, 71]


def test_tracking_signal_tells_who_errs_to_one_side() -> None:
    high = history(*((1, 10, age, 120, 100, False) for age in range(5)))
    both = history((1, 10, 0, 120, 100, False), (1, 10, 1, 80, 100, False))

    assert only(high).tracking == 500
    assert only(high).is_one_sided
    assert only(both).tracking == 0


def test_what_a_band_sets() -> None:
    bands = {band.name: band for band in POLICY.bands}

    assert [crediting.deposit_percent(30, bands[name]) for name in "ABCD"] == [15, 23, 30, 45]
    assert crediting.deposit_percent(80, bands["D"]) == 100
    assert [crediting.tolerance_percent(20, bands[name]) for name in "ABCD"] == [20, 15, 10, 5]


def test_a_newcomer_is_entitled_up_to_a_cap_and_nobody_beyond_what_it_would_take() -> None:
    band = POLICY.band("C")
    newcomer = Credit(10_000, band, POLICY, is_new=True)
    modest = Credit(30_000, POLICY.band("A"), POLICY, is_new=False)

    assert newcomer.entitled(1000, 1000) == 240
    assert modest.entitled(10, 12) == 12
    assert modest.ordered(10) == 10
    assert Credit(1, band, POLICY, is_new=False).ordered(10) == 1


def test_credit_is_applied_to_many_lines_at_once() -> None:
    lines = pd.DataFrame({"seller_id": [1, 2, 1], "quantity": [100, 100, 0], "more": [0, 20, 5]})
    known = Credit(8000, POLICY.band("A"), POLICY, is_new=False)
    newcomer = Credit(9000, POLICY.band("C"), POLICY, is_new=True)

    entitled, ordered = (told.tolist() for told in crediting.apply(lines, {1: known}, newcomer))

    assert entitled == [80, 77, 0]
    assert ordered == [80, 90, 0]


_LINES = st.lists(
    st.tuples(
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(0, 9),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
        st.booleans(),
    ),
    max_size=20,
)


@given(_LINES, st.randoms(use_true_random=False))
def test_scores_stay_in_bounds_and_do_not_hang_on_the_order_of_rows(
    lines: list[tuple[int, int, int, int, int, bool]], random: Random
) -> None:
    shuffled = lines.copy()
    random.shuffle(shuffled)

    told = crediting.score(history(*lines), newest=NEWEST, policy=POLICY)

    assert told == crediting.score(history(*shuffled), newest=NEWEST, policy=POLICY)
    for one in told[1]:
        assert 0 <= one.score <= 100
        assert one.factor >= 0


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(1, 5))
def test_forecasting_more_of_the_same_sales_never_raises_the_factor(
    sold: int, forecast: int, times: int
) -> None:
    other = (2, 10, 0, 500, 400, False)
    rows = history((1, 10, 0, forecast, sold, False), other)
    market, _scores = crediting.score(rows, newest=NEWEST, policy=POLICY)
    factors = [
        crediting._score(1, (), (n * forecast * 1000, sold * 1000, 0), market, POLICY).factor
        for n in (1, times)
    ]

    assert factors[1] <= factors[0]


@pytest.mark.parametrize(
    ("wished", "less", "counts"),
    [
        (100, 0, (50, 0)),
        (100, 1, (50, 0)),  # a unit one would do without saves no other
        (100, 40, (50, 0)),  # of 60 declared firm 50 count
        (100, 60, (50, 10)),
        (100, 100, (50, 50)),
        (1, 1, (1, 1)),
        (0, 0, (0, 0)),
    ],
)
def test_a_discount_takes_first_what_one_would_do_without(
    wished: int, less: int, counts: tuple[int, int]
) -> None:
    assert crediting.counted(quantity=wished, less=less, factor=5_000) == counts


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 20_000))
def test_nobody_escapes_a_discount_by_what_it_would_do_without(
    wished: int, less: int, factor: int
) -> None:
    less = min(less, wished)
    units, without = crediting.counted(quantity=wished, less=less, factor=factor)

    assert units == crediting.counted(quantity=wished, less=0, factor=factor)[0]
    assert units - without == min(wished - less, units)
    many = crediting.discounted(np.array([wished]), np.array([less]), np.array([units]))
    assert many.tolist() == [without]
