"""Of two sellers neither finds out what the other ordered, whatever it may calculate."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from procurement.rules import billing, disclosing
from procurement.rules.sharing.apart import PRICES, classes_of
from procurement.rules.sharing.costs import CLASS_UNITS
from procurement.rules.sharing.verifying import read_statement
from procurement.rules.solving.terms import MILLION, Break, Pricing
from tests.procurement.sharing.attacking import (
    BY_BOXES,
    BY_CONTAINER,
    ENOUGH,
    LANE,
    ME,
    OTHER,
    SIZES,
    Made,
    Wishes,
    World,
    agreeing,
    around,
    found_out,
    made_up,
    seen,
)

#: Rounds that are made up, some at once; `make slow` tries more of them.
BATCHES, A_BATCH = 4 * int(os.environ.get("BONDPOOL_EXAMPLES") or 1), 40
#: The least that a part load costs is more than any of these would.
AT_LEAST = replace(LANE, lcl_minimum=45_000)
WORLDS = {
    "part load": World(),
    "least part load": World(lane=AT_LEAST),
    "container": World(lane=BY_CONTAINER),
    "boxes and a part load": World(lane=BY_BOXES, pack=1, breaks=(Break(1, 900),)),
    "single units": World(pack=1, breaks=(Break(1, 900), Break(300, 810))),
    "dearer first packs": World(
        pricing=Pricing.INCREMENTAL, pack=1, breaks=(Break(1, 1000), Break(40, 900))
    ),
    "dearer first packs in a container": World(
        pricing=Pricing.INCREMENTAL, lane=BY_CONTAINER, breaks=(Break(1, 6000), Break(5, 5400))
    ),
}


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(("mine", "others"), [(70, 46), (5, 2), (300, 7)])
def test_of_two_sellers_neither_finds_out_what_the_other_ordered(
    name: str, mine: int, others: int
) -> None:
    wishes = {(ME, 1): mine, (OTHER, 1): others}

    found = agreeing(WORLDS[name], wishes, (OTHER, 1), around(others))

    assert len(found) == ENOUGH, f"only {found} agree with what is seen"


@settings(deadline=None, max_examples=BATCHES, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**32))
def test_whatever_two_sellers_order_three_quantities_of_the_other_agree(seed: int) -> None:
    """Packs, minimums, prices of both kinds, freight, fees, duty; with a surplus or without."""
    rng = Random(seed)
    rounds = [made_up(rng) for _round in range(A_BATCH)]

    told = found_out(rounds)

    assert {at: few for at, few in told.items() if not at_a_step(rounds[at], few)} == {}


def at_a_step(made: Made, few: list[int]) -> bool:
    """What the rules do not hide (docs/statements.md): that with one unit more or less of the
    other there would have been another price, another way of freight or another product ordered,
    and that nothing, another size class or such a step is on the other side as well."""
    world, wishes, _seller, key = made
    below, above = min(few) - 1, max(few) + 1
    if set(few) != set(range(below + 1, above)):
        return False
    pairs = ((below, below + 1), (above - 1, above))
    is_step = [
        one_sees(world, {**wishes, key: one}) != one_sees(world, {**wishes, key: two})
        for one, two in pairs
    ]
    is_end = [classes_of(np.array([one])) != classes_of(np.array([two])) for one, two in pairs]
    return any(is_step) and all(one or two for one, two in zip(is_step, is_end, strict=True))


def one_sees(world: World, wishes: Wishes) -> list[object]:
    """What everybody is told of a plan: products and their prices, and how the order travels."""
    wanted: dict[int, int] = {}
    for (_who, product), units in wishes.items():
        wanted[product] = wanted.get(product, 0) + units
    problem = world.problem({one: many for one, many in wanted.items() if many})
    plan, lane = world.plan(problem), world.lane
    told: list[object] = [(line.product, line.price_minor) for line in plan.lines]
    for order in plan.orders:
        if not order.load.count:
            told.append((order.cost.freight > lane.lcl_minimum, order.cm3 >= order.grams))
            continue
        box = min(one.price for one in lane.containers)
        largest = max(max(SIZES[line.product]) for line in plan.lines)
        step = CLASS_UNITS * largest * (lane.lcl_price or 0) // MILLION
        told.append(disclosing.told_freight(order.cost.freight, box=box, step=step))
    return told


def test_of_a_part_load_beside_containers_whole_steps_are_told() -> None:
    """Counted down from the next container, and never below those that go: steps of 1,200 from
    18,000 are 10,800, 9,600, and 9,000 are one container."""
    asked = (8_999, 9_000, 9_001, 9_599, 9_600, 10_799, 10_800, 17_999, 18_000)
    told = [disclosing.told_freight(one, box=9_000, step=1_200) for one in asked]

    assert told == [8_999, 9_000, 9_000, 9_000, 9_600, 9_600, 10_800, 16_800, 18_000]
    assert disclosing.told_freight(9_999, box=9_000, step=0) == 9_999


def test_who_is_a_unit_short_of_a_price_sees_that_the_other_did_not_reach_it() -> None:
    """298 units and one are 299, and the lower price begins at 300."""
    world = WORLDS["single units"]

    assert agreeing(world, {(ME, 1): 298, (OTHER, 1): 1}, (OTHER, 1), around(1, 9)) == [1]
    assert len(agreeing(world, {(ME, 1): 290, (OTHER, 1): 1}, (OTHER, 1), around(1, 20))) == 3


@pytest.mark.parametrize(("number", "is_told"), [(7, False), (592, True)])
def test_what_is_tried_at_once_is_what_a_seller_sees(number: int, is_told: bool) -> None:
    made = made_up(Random(number))
    world, wishes, seller, key = made

    alike = agreeing(world, wishes, key, around(wishes[key], 3), seller=seller)

    assert (len(alike) < ENOUGH, 0 in found_out([made])) == (is_told, is_told)


@pytest.mark.parametrize("name", ["part load", "container", "least part load"])
def test_what_two_share_is_not_told_by_what_is_left_of_an_orders_totals(name: str) -> None:
    """Three sellers share product 1, and its totals are shown; product 2 is of two of them."""
    wishes = {(1, 1): 40, (2, 1): 30, (3, 1): 20, (1, 2): 9, (2, 2): 12}

    text, _ = seen(WORLDS[name], wishes)
    found = agreeing(WORLDS[name], wishes, (OTHER, 2), around(12))

    costs = read_statement(text)["costs"]
    whole = [one for one in costs if one["kind"] in ("freight", "insurance", "wire")]
    goods = [one["pool"] for one in costs if one["kind"] == "goods"]
    assert {one["pool"] for one in whole} == {None} == {one["rate"] for one in whole}
    assert {one["not_shown"] for one in whole} == {
        "not shown: subtraction would tell of fewer than three sellers"
    }
    assert [pool["sellers"] if pool else None for pool in goods] == [3, None]
    assert len(found) == ENOUGH, f"only {found} agree with what is seen"


def test_what_one_has_alone_is_not_told_by_what_is_left() -> None:
    """Product 2 is another's alone: its line is not shown at all, and neither are the totals."""
    wishes = {(1, 1): 40, (2, 1): 30, (3, 1): 20, (2, 2): 12}

    found = agreeing(WORLDS["container"], wishes, (OTHER, 2), around(12))

    assert len(found) == ENOUGH, f"only {found} agree with what is seen"


def order(*lines: Iterable[int]) -> pd.DataFrame:
    rows = [(at, 5, owner) for at, owners in enumerate(lines) for owner in owners]
    return pd.DataFrame(rows, columns=["line_id", "order_id", "owner_id"])


@pytest.mark.parametrize(
    ("lines", "is_open"),
    [
        ([(1, 2, 3)], True),
        ([(1, 2)], False),
        ([(1, 2, 3), (1, 2)], False),
        ([(1, 2, 3), (4,)], False),
        # Four lines, but of three sellers: for one of them it is two.
        ([(1, 2, 3), (1, 2), (2, 3), (1, 3), (1, 2)], False),
        ([(1, 2, 3), (1, 2), (2, 3), (3, 4), (1, 4)], True),
        # Who has one of four alone knows it: three are left to find out.
        ([(1, 2, 3), (1,), (2, 3), (3, 4), (1, 4)], False),
        ([(1, 2, 3), (1,), (2, 3), (3, 4), (1, 4), (2, 4)], True),
    ],
)
def test_an_orders_totals_are_told_when_nothing_small_is_left_of_them(
    lines: list[tuple[int, ...]], is_open: bool
) -> None:
    assert disclosing.open_orders(order(*lines)) == ({5} if is_open else set())


def test_between_two_the_freight_of_a_container_goes_by_size_classes_and_comes_to_the_bill() -> (
    None
):
    """70 units of 900 cm3 are in the fourth class (from 65 to 128), 50 in the third: 8 and 4
    times 900."""
    text, _ = seen(WORLDS["container"], {(1, 1): 70, (2, 1): 50})
    other, _ = seen(WORLDS["container"], {(1, 1): 70, (2, 1): 50}, seller=2)

    freight = [
        next(one for one in read_statement(told)["costs"] if one["kind"] == "freight")
        for told in (text, other)
    ]

    assert [one["driver"] for one in freight] == ["size_class"] * 2
    assert [one["own_basis"] for one in freight] == [7_200, 3_600]
    # 15,000.00 and 49.50 insurance of it.
    assert [one["share_minor"] for one in freight] == [1_003_300, 501_650]


def test_private_twice_is_private_once() -> None:
    held = order((1, 2))
    charges = pd.DataFrame(
        {
            "charge_id": [1, 2, 3, 4],
            "shipment_id": 5,
            "line_id": [0, -1, -1, -1],
            "kind": ["goods", "freight", "insurance", "wire"],
            "driver": ["units", "chargeable", "value", "value"],
            "amount_minor": [90_000, 10_000, 1_001, 200],
        }
    )

    prices = pd.DataFrame([(0, 5, 10**9, 0, 0, 0, 0, 0)], columns=list(PRICES))

    once = disclosing.private(charges, held, prices)

    assert once["driver"].tolist() == ["units", "size_class", "value", "equal"]
    assert once["amount_minor"].tolist() == [90_000, 10_100, 901, 200]
    assert once["is_private"].all()
    pd.testing.assert_frame_equal(disclosing.private(once, held, prices), once)


def test_between_two_nobody_bears_what_the_other_was_cut() -> None:
    """The platform bears it: what was added would tell what the other's goods cost it alone."""
    sellers = np.array([1, 2], dtype=np.int64)
    shared, own = np.array([600, 100]), np.array([500, 900])

    two = billing.cap_of(sellers, shared, own)
    three = billing.cap_of(
        np.array([1, 2, 3]), np.array([600, 100, 100]), np.array([500, 900, 900])
    )

    assert (two.paid.tolist(), two.added.tolist(), two.borne) == ([500, 100], [0, 0], 100)
    assert (three.paid.tolist(), three.borne) == ([500, 150, 150], 0)
