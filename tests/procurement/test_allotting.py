"""A plan and the demand become lines, shares and bills that come to each other exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules import billing
from procurement.rules.allotting import Allotment, PoolTooLarge, allot
from procurement.rules.sharing.quantities import Policy
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan
from procurement.rules.solving.greedy import greedy
from procurement.rules.solving.plain import plain
from procurement.rules.solving.terms import Break, Item, Lane, Offer, Problem, Valuation

PLATFORM = 1
#: A euro at 7.80 yuan.
EURO = 7_800_000_000
FREIGHT = {"lcl_price": 40_000, "lcl_minimum": 20_000, "pays_freight": True}
FEES = {"wire_fee": 15_000, "declaration_fee": 8_000, "line_fee": 500, "insurance_ppm": 3_000}

Wish = tuple[int, int, int, int, int]


def demand(*wishes: Wish) -> pd.DataFrame:
    """(product, seller, quantity, less, more) in the order of filing."""
    frame = pd.DataFrame(
        wishes, columns=["product_id", "seller_id", "quantity", "less", "more"], dtype="int64"
    )
    return frame.assign(entitlement=frame["quantity"], filed=np.arange(len(frame)))


def items(wishes: pd.DataFrame) -> tuple[Item, ...]:
    sums = wishes.groupby("product_id")[["quantity", "less", "more"]].sum()
    return tuple(
        Item(int(product), int(q - less), int(q), int(q + more), 600, 1_200)
        for product, (q, less, more) in zip(sums.index, sums.to_numpy().tolist(), strict=True)
    )


def lane(supplier: int, **terms: int) -> Lane:
    return Lane(supplier, "EUR", "FOB", EURO, **terms)  # type: ignore[arg-type]


def offer(key: int, product: int, supplier: int, pack: int, *prices: tuple[int, int]) -> Offer:
    breaks = tuple(Break(*step) for step in prices)
    return Offer(key, product, supplier, "EUR", "FOB", pack, breaks)


def planned(problem: Problem, packs: dict[int, int]) -> Evaluation:
    return Evaluator(problem).evaluate(Plan("plain", packs))


def told(made: Allotment) -> dict[tuple[int, int], tuple[int, int, int]]:
    """Units, amount and amount alone by line and owner."""
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in made.shares.to_numpy().tolist()}


def share(problem: Problem, plan: Evaluation, wishes: pd.DataFrame) -> Allotment:
    return allot(problem, plan, wishes, policy=Policy(), platform_id=PLATFORM)


def test_what_packs_add_belongs_to_the_platform_when_nobody_takes_it() -> None:
    wishes = demand((5, 11, 70, 0, 0), (5, 12, 46, 0, 0))
    terms = Problem(items(wishes), (offer(1, 5, 3, 6, (1, 6600), (20, 5400)),), (lane(3),))

    made = share(terms, planned(terms, {1: 20}), wishes)

    assert told(made) == {
        (0, 1): (4, 3_600, 3_600),
        (0, 11): (70, 63_000, 79_200),
        (0, 12): (46, 41_400, 52_800),
    }
    line = made.lines.iloc[0]
    assert (line["wanted"], line["quantity"], line["amount_minor"]) == (116, 120, 108_000)
    assert (line["pack_price_minor"], line["base_pack_price_minor"]) == (5_400, 6_600)


def test_what_packs_add_goes_first_to_those_who_would_take_more() -> None:
    wishes = demand((5, 11, 70, 0, 3), (5, 12, 46, 0, 0))
    terms = Problem(items(wishes), (offer(1, 5, 3, 6, (1, 6600)),), (lane(3),))

    made = share(terms, planned(terms, {1: 20}), wishes)

    assert {owner: units for (_line, owner), (units, *_rest) in told(made).items()} == {
        1: 1,
        11: 73,
        12: 46,
    }


def test_a_product_of_two_suppliers_is_laid_over_both_lines_in_proportion() -> None:
    wishes = demand((5, 11, 60, 0, 0), (5, 12, 30, 0, 0))
    offers = (offer(1, 5, 3, 10, (1, 1000)), offer(2, 5, 4, 10, (1, 1100)))
    terms = Problem(items(wishes), offers, (lane(3), lane(4)))

    made = share(terms, planned(terms, {1: 6, 2: 3}), wishes)

    assert told(made) == {
        (0, 11): (40, 4_000, 4_000),
        (0, 12): (20, 2_000, 2_000),
        (1, 11): (20, 2_200, 2_200),
        (1, 12): (10, 1_100, 1_100),
    }
    assert made.lines[["wanted", "quantity"]].to_numpy().tolist() == [[60, 60], [30, 30]]


def test_less_than_was_wanted_is_cut_where_sellers_would_do_without() -> None:
    wishes = demand((5, 11, 10, 4, 0), (5, 12, 10, 0, 0))
    terms = Problem(items(wishes), (offer(1, 5, 3, 6, (1, 600)),), (lane(3),))

    made = share(terms, planned(terms, {1: 3}), wishes)

    assert told(made) == {(0, 11): (8, 800, 1_200), (0, 12): (10, 1_000, 1_200)}
    assert made.lines[["wanted", "quantity"]].to_numpy().tolist() == [[20, 18]]


def test_a_line_that_no_column_holds_is_refused() -> None:
    wishes = demand((5, 11, 10**9, 0, 0), (5, 12, 10**9, 0, 0), (5, 13, 5 * 10**8, 0, 0))
    terms = Problem(
        items(demand((5, 11, 10**9, 0, 0))), (offer(1, 5, 3, 10**9, (1, 600)),), (lane(3),)
    )

    with pytest.raises(PoolTooLarge):
        share(terms, planned(terms, {1: 3}), wishes)


# -- what holds for every round -----------------------------------------------------------


@st.composite
def rounds(draw: st.DrawFn) -> tuple[Problem, pd.DataFrame]:
    wishes = draw(
        st.lists(
            st.tuples(
                st.integers(100, 104),
                st.integers(11, 18),
                st.integers(1, 200),
                st.integers(0, 30),
                st.integers(0, 30),
            ),
            min_size=1,
            max_size=24,
            unique_by=lambda row: row[:2],
        )
    )
    frame = demand(*((p, s, q, min(less, q), more) for p, s, q, less, more in wishes))
    suppliers = (3, 4)
    lanes = tuple(
        lane(supplier, **(FREIGHT | FEES if draw(st.booleans()) else FEES))
        for supplier in suppliers
    )
    offers: list[Offer] = []
    for product in sorted(frame["product_id"].unique().tolist()):
        for supplier in draw(st.sampled_from([(3,), (4,), suppliers])):
            first = draw(st.integers(200, 5_000))
            steps = [(1, first), (draw(st.integers(2, 40)), first - draw(st.integers(0, 150)))]
            pack = draw(st.integers(1, 12))
            offers.append(offer(len(offers) + 1, product, supplier, pack, *steps))
    bare = Problem(items(frame), tuple(offers), lanes)
    evaluator = Evaluator(bare)
    return billing.valued(bare, evaluator.evaluate(plain(evaluator)), Valuation()), frame


def best(problem: Problem) -> Evaluation:
    evaluator = Evaluator(problem)
    return evaluator.evaluate(greedy(evaluator))


def bills_of(problem: Problem, plan: Evaluation, made: Allotment) -> billing.Bills:
    orders = {order.lane: place for place, order in enumerate(plan.orders)}
    lines = made.lines[["line", "product_id"]].assign(
        line_id=made.lines["line"], order_id=[orders[line.lane] for line in plan.lines]
    )
    shares = made.shares.merge(lines, on="line")
    charges, bills = billing.work_out(problem, plan, lines, shares, platform_id=PLATFORM)
    assert int(charges["amount_minor"].sum()) == plan.landed
    return bills


@settings(max_examples=40, deadline=None)
@given(rounds(), st.sampled_from(list(Shortage)))
def test_units_and_money_come_to_the_lines_and_nobody_gets_what_it_would_not_take(
    case: tuple[Problem, pd.DataFrame], rule: Shortage
) -> None:
    problem, wishes = case
    plan = best(problem)

    made = allot(problem, plan, wishes, policy=Policy(shortage=rule), platform_id=PLATFORM)

    sums = made.shares.groupby("line")[["quantity", "amount_minor"]].sum()
    lines = made.lines.set_index("line")[["quantity", "amount_minor"]]
    pd.testing.assert_frame_equal(sums, lines)
    assert [line.goods_minor for line in plan.lines] == made.lines["amount_minor"].tolist()
    assert (made.shares["quantity"] > 0).all()
    most = wishes.assign(most=wishes["quantity"] + wishes["more"]).set_index(
        ["product_id", "seller_id"]
    )["most"]
    got = made.given.given.set_index(["product_id", "seller_id"])["units"]
    assert (got <= most.reindex(got.index)).all()
    products = made.lines.set_index("line")["product_id"]
    by_owner = made.shares.assign(product_id=made.shares["line"].map(products))
    summed = by_owner.groupby(["product_id", "owner_id"])["quantity"].sum()
    mine = got[got > 0]
    assert summed.reindex(mine.index).tolist() == mine.tolist()


@settings(max_examples=40, deadline=None)
@given(rounds())
def test_bills_come_to_the_landed_cost_and_nobody_pays_more_than_alone(
    case: tuple[Problem, pd.DataFrame],
) -> None:
    problem, wishes = case
    plan = best(problem)
    if not plan.lines:
        return
    bills = bills_of(problem, plan, share(problem, plan, wishes))

    rows = bills.rows
    assert int(rows["paid_minor"].sum()) == plan.landed
    sellers = rows.loc[rows["owner_id"] != PLATFORM]
    assert (sellers["paid_minor"] >= 0).all()
    assert (sellers["paid_minor"] <= sellers["alone_minor"]).all()
    assert rows["shared_minor"].tolist() == rows[list(billing.PARTS)].sum(axis=1).tolist()


@settings(max_examples=25, deadline=None)
@given(rounds(), st.integers(0, 10_000))
def test_the_order_of_the_rows_changes_nothing(
    case: tuple[Problem, pd.DataFrame], seed: int
) -> None:
    problem, wishes = case
    plan = best(problem)
    mixed = wishes.sample(frac=1, random_state=seed)

    first, second = share(problem, plan, wishes), share(problem, plan, mixed)

    pd.testing.assert_frame_equal(first.shares, second.shares)
    if plan.lines:
        pd.testing.assert_frame_equal(
            bills_of(problem, plan, first).rows, bills_of(problem, plan, second).rows
        )


def test_who_is_left_with_the_rest_when_no_split_can_carry_it_is_the_platform() -> None:
    """One seller, whose own order would have been cheaper than the plan: it pays that and no
    more."""
    wishes = demand((5, 11, 10, 0, 0))
    offers = (offer(1, 5, 3, 10, (1, 1000)), offer(2, 5, 4, 10, (1, 1100)))
    terms = Problem(items(wishes), offers, (lane(3), lane(4)))
    plan = planned(terms, {2: 1})

    bills = bills_of(terms, plan, share(terms, plan, wishes))

    # EUR 11.00 against EUR 10.00 at 7.80.
    assert bills.rows[["owner_id", "paid_minor"]].to_numpy().tolist() == [[1, 780], [11, 7_800]]
    assert bills.capped.borne == 780


@pytest.mark.parametrize(("sellers", "driver"), [(2, "equal"), (3, "value")])
def test_between_two_sellers_no_fee_tells_one_what_the_other_ordered(
    sellers: int, driver: str
) -> None:
    wishes = demand(*((5, 11 + at, 10 * (at + 1), 0, 0) for at in range(sellers)))
    terms = Problem(items(wishes), (offer(1, 5, 3, 10, (1, 1000)),), (lane(3, **FEES),))
    plan = planned(terms, {1: sellers * (sellers + 1) // 2})
    made = share(terms, plan, wishes)
    lines = made.lines[["line", "product_id"]].assign(line_id=0, order_id=7)

    charges, _bills = billing.work_out(
        terms,
        plan,
        lines,
        made.shares.assign(line_id=0, order_id=7, product_id=5),
        platform_id=PLATFORM,
    )

    drivers = dict(zip(charges["kind"], charges["driver"], strict=True))
    assert drivers["wire"] == driver
    assert drivers["goods"] == "units"
    assert drivers["handling"] == ("equal" if sellers == 2 else "units")
