"""How much is ordered, at which price, and whose how much of it is. No database."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.money import shared
from procurement.rules import pooling
from procurement.rules.pooling import (
    BREAKS,
    DEMAND,
    OFFERS,
    NotWhole,
    OfferMissing,
    OfferNotUsable,
    Pool,
    PoolTooLarge,
)

PLATFORM = 1
ANNA, BELA, CARL = 11, 12, 13
MILK, SOAP, TEA = 101, 102, 103
NORTH, SOUTH = 51, 52

Break = tuple[int, int]


def demand(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(DEMAND))


def offers(*rows: tuple[int, int, str, str, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(OFFERS))


def breaks(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(BREAKS))


def pooled(
    wishes: Sequence[tuple[int, int]],
    *,
    pack: int = 1,
    minimum: int = 0,
    prices: Sequence[Break] = ((1, 100),),
) -> Pool:
    """One product, wished for by (seller, units)."""
    return pooling.pool(
        demand(*((MILK, seller, units) for seller, units in wishes)),
        offers((MILK, NORTH, "EUR", "FOB", pack, minimum)),
        breaks(*((MILK, start, price) for start, price in prices)),
        platform_id=PLATFORM,
    )


def shares(pool: Pool) -> dict[int, tuple[int, int, int]]:
    """Units, amount and amount alone by owner."""
    columns = ("owner_id", "quantity", "amount_minor", "alone_minor")
    rows = zip(*(pool.shares[name].tolist() for name in columns), strict=True)
    return {owner: (quantity, amount, alone) for owner, quantity, amount, alone in rows}


@pytest.mark.parametrize(
    ("asked", "ordered"), [(1, 15), (6, 15), (12, 15), (13, 15), (15, 15), (18, 18)]
)
def test_a_minimum_of_fifteen_in_packs_of_three(asked: int, ordered: int) -> None:
    pool = pooled([(ANNA, asked)], pack=3, minimum=15)

    assert pool.lines.loc[0, "quantity"] == ordered
    assert pool.lines.loc[0, "packs"] == ordered // 3


def test_the_minimum_counts_for_the_pool_and_not_for_each_seller() -> None:
    pool = pooled([(ANNA, 3), (BELA, 2)], minimum=5)

    assert pool.lines.loc[0, "quantity"] == 5
    assert set(shares(pool)) == {ANNA, BELA}


def test_a_minimum_that_is_no_whole_pack_is_rounded_up() -> None:
    assert pooled([(ANNA, 1)], pack=4, minimum=15).lines.loc[0, "quantity"] == 16


def test_what_packs_and_minimum_add_belongs_to_the_platform() -> None:
    pool = pooled([(ANNA, 3), (BELA, 2)], pack=6, minimum=10, prices=[(1, 600)])

    assert shares(pool) == {
        ANNA: (3, 300, 1200),
        BELA: (2, 200, 1200),
        PLATFORM: (7, 700, 700),
    }
    assert pool.lines.loc[0, "wanted"] == 5


def test_the_price_of_the_reached_break_holds_for_all_packs() -> None:
    pool = pooled(
        [(ANNA, 60), (BELA, 60)], pack=6, prices=[(1, 6600), (10, 6000), (20, 5400), (50, 5000)]
    )

    line = pool.lines.loc[0]
    assert (line["packs"], line["pack_price_minor"], line["amount_minor"]) == (20, 5400, 108_000)
    assert line["base_pack_price_minor"] == 6600
    assert shares(pool)[ANNA] == (60, 54_000, 60_000)


def test_nobody_pays_more_for_less() -> None:
    # 195 units at 49.50 cost 9,652.50; 200 at 48.00 cost 9,600.00.
    prices = [(1, 5300), (50, 5150), (100, 4950), (200, 4800), (500, 4700)]

    pool = pooled([(ANNA, 195)], prices=prices)

    assert pool.lines.loc[0, "quantity"] == 200
    assert pool.orders.loc[0, "amount_minor"] == 960_000
    assert shares(pool)[PLATFORM] == (5, 24_000, 24_000)


def test_the_cheaper_order_may_lie_two_breaks_ahead() -> None:
    pool = pooled([(ANNA, 90)], prices=[(1, 100), (95, 99), (100, 50)])

    assert pool.lines.loc[0, "quantity"] == 100
    assert pool.orders.loc[0, "amount_minor"] == 5000


def test_of_two_orders_that_cost_the_same_the_smaller_is_placed() -> None:
    pool = pooled([(ANNA, 90)], prices=[(1, 100), (100, 90)])

    assert pool.lines.loc[0, "quantity"] == 90


def test_a_first_break_above_one_pack_is_a_minimum_too() -> None:
    assert pooled([(ANNA, 1)], prices=[(10, 100)]).lines.loc[0, "quantity"] == 10


def test_cents_that_cannot_be_halved_go_by_largest_remainder_then_lower_company() -> None:
    # One pack of three costs 1.00: a third each.
    pool = pooled([(CARL, 1), (BELA, 1), (ANNA, 1)], pack=3, prices=[(1, 100)])

    assert shares(pool) == {ANNA: (1, 34, 100), BELA: (1, 33, 100), CARL: (1, 33, 100)}


def test_lines_are_grouped_by_supplier_currency_and_incoterm() -> None:
    pool = pooling.pool(
        demand((MILK, ANNA, 10), (SOAP, ANNA, 10), (TEA, BELA, 10)),
        offers(
            (TEA, NORTH, "EUR", "FOB", 1, 0),
            (MILK, NORTH, "EUR", "FOB", 1, 0),
            (SOAP, NORTH, "USD", "FOB", 1, 0),
        ),
        breaks((MILK, 1, 100), (SOAP, 1, 200), (TEA, 1, 300)),
        platform_id=PLATFORM,
    )

    assert pool.orders.to_dict("records") == [
        {
            "order": 0,
            "supplier_id": NORTH,
            "currency": "EUR",
            "incoterm": "FOB",
            "amount_minor": 4000,
        },
        {
            "order": 1,
            "supplier_id": NORTH,
            "currency": "USD",
            "incoterm": "FOB",
            "amount_minor": 2000,
        },
    ]
    assert pool.lines[["order", "position", "product_id"]].values.tolist() == [
        [0, 1, MILK],
        [0, 2, TEA],
        [1, 1, SOAP],
    ]


def test_a_round_without_wishes_orders_nothing() -> None:
    pool = pooling.pool(demand(), offers(), breaks(), platform_id=PLATFORM)

    assert (len(pool.orders), len(pool.lines), len(pool.shares)) == (0, 0, 0)


def test_wishes_of_nothing_order_nothing() -> None:
    assert len(pooled([(ANNA, 0)], minimum=15).orders) == 0


def test_alone_means_own_packs_own_minimum_and_own_price() -> None:
    cost = pooling.alone(
        pd.DataFrame({"product_id": [MILK, MILK, MILK], "quantity": [1, 13, 0]}),
        offers((MILK, NORTH, "EUR", "FOB", 6, 10)),
        breaks((MILK, 1, 600), (3, 1, 1), (MILK, 3, 500)),
    )

    # Two packs at 6.00 cost 12.00; three at 5.00 cost 15.00.
    assert cost.tolist() == [1200, 1500, 0]


def test_floats_are_not_pooled() -> None:
    with pytest.raises(NotWhole):
        pooling.pool(
            demand((MILK, ANNA, 1)).astype({"quantity": "float64"}),
            offers((MILK, NORTH, "EUR", "FOB", 1, 0)),
            breaks((MILK, 1, 100)),
            platform_id=PLATFORM,
        )


def test_a_product_nobody_offers_stops_the_round() -> None:
    with pytest.raises(OfferMissing) as refusal:
        pooling.pool(demand((TEA, ANNA, 1)), offers(), breaks(), platform_id=PLATFORM)

    assert refusal.value.facts == {"products": [TEA]}


@pytest.mark.parametrize(
    ("pack", "prices"),
    [(0, [(1, 100)]), (1, []), (1, [(1, 0)]), (1, [(1, 100), (5, 101)]), (1, [(1, 10**9 + 1)])],
)
def test_terms_that_cannot_be_right_are_refused(pack: int, prices: list[Break]) -> None:
    with pytest.raises(OfferNotUsable):
        pooled([(ANNA, 1)], pack=pack, prices=prices)
    with pytest.raises(OfferNotUsable):
        pooling.check_terms(product="MILK", pack_quantity=pack, minimum_quantity=0, breaks=prices)


def test_a_pool_that_no_column_can_hold_is_refused() -> None:
    with pytest.raises(PoolTooLarge):
        pooled([(seller, 1_000_000) for seller in range(2, 2_200)])


def test_the_largest_pool_is_exact() -> None:
    sellers = [(seller, 1_000_000) for seller in range(2, 2_149)]

    pool = pooled(sellers, prices=[(1, 10**9)])

    assert pool.orders.loc[0, "amount_minor"] == 2147 * 10**15
    assert sum(amount for _, amount, _ in shares(pool).values()) == 2147 * 10**15


# -- what holds for every round -----------------------------------------------------------

falling = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 5000)),
    min_size=1,
    max_size=5,
    unique_by=lambda step: step[0],
).map(
    lambda steps: list(
        zip(sorted(s for s, _ in steps), sorted((p for _, p in steps), reverse=True), strict=True)
    )
)


@st.composite
def a_round(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    products = draw(st.lists(st.integers(100, 120), min_size=1, max_size=5, unique=True))
    wishes = draw(
        st.lists(
            st.tuples(st.sampled_from(products), st.integers(2, 12), st.integers(0, 300)),
            max_size=40,
        )
    )
    terms = [
        (
            product,
            draw(st.integers(50, 52)),
            draw(st.sampled_from(["EUR", "USD"])),
            draw(st.sampled_from(["FOB", "EXW"])),
            draw(st.integers(1, 24)),
            draw(st.integers(0, 200)),
        )
        for product in products
    ]
    steps = [(product, start, price) for product in products for start, price in draw(falling)]
    return demand(*wishes), offers(*terms), breaks(*steps)


Round = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@settings(max_examples=30, deadline=None)
@given(a_round())
def test_shares_sum_exactly_to_the_lines_and_lines_to_the_orders(a: Round) -> None:
    pool = pooling.pool(*a, platform_id=PLATFORM)

    columns = ["quantity", "amount_minor"]
    summed = pool.shares.groupby("product_id")[columns].sum()
    lines = pool.lines.set_index("product_id").sort_index()[columns]
    pd.testing.assert_frame_equal(summed, lines)
    assert pool.orders["amount_minor"].sum() == pool.lines["amount_minor"].sum()
    assert (pool.lines["packs"] * pool.lines["pack_price_minor"]).equals(pool.lines["amount_minor"])


@settings(max_examples=30, deadline=None)
@given(a_round())
def test_a_seller_gets_what_it_wished_and_never_pays_more_than_alone(a: Round) -> None:
    wishes = a[0].groupby(["product_id", "seller_id"])["quantity"].sum()

    pool = pooling.pool(*a, platform_id=PLATFORM)

    mine = pool.shares[pool.shares["owner_id"] != PLATFORM]
    assert (mine["amount_minor"] <= mine["alone_minor"]).all()
    got = mine.set_index(["product_id", "owner_id"])["quantity"].to_dict()
    assert got == {key: units for key, units in wishes.to_dict().items() if units}


@settings(max_examples=25, deadline=None)
@given(a_round(), st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(a: Round, seed: int) -> None:
    mixed = tuple(frame.sample(frac=1, random_state=seed) for frame in a)

    there, back = (
        pooling.pool(*a, platform_id=PLATFORM),
        pooling.pool(mixed[0], mixed[1], mixed[2], platform_id=PLATFORM),
    )

    for name in ("orders", "lines", "shares"):
        pd.testing.assert_frame_equal(getattr(there, name), getattr(back, name))


@settings(max_examples=25, deadline=None)
@given(a_round())
def test_cents_are_shared_as_the_house_shares_money(a: Round) -> None:
    pool = pooling.pool(*a, platform_id=PLATFORM)

    amounts = pool.lines.set_index("product_id")["amount_minor"].to_dict()
    for product, part in pool.shares.groupby("product_id"):
        assert part["amount_minor"].tolist() == shared(
            int(amounts[product]), part["quantity"].tolist()
        )


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 500), st.integers(1, 24), st.integers(0, 200), falling)
def test_no_other_number_of_packs_is_cheaper(
    wanted: int, pack: int, minimum: int, prices: list[Break]
) -> None:
    pool = pooled([(ANNA, wanted)], pack=pack, minimum=minimum, prices=prices)

    def cost(packs: int) -> int | None:
        reached = [price for start, price in prices if start <= packs]
        return packs * reached[-1] if reached else None

    needed = -(-max(wanted, minimum) // pack)
    possible = [cost(packs) for packs in range(needed, needed + 80)]
    assert pool.orders.loc[0, "amount_minor"] == min(c for c in possible if c is not None)
