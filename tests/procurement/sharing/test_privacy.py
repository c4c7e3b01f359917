"""Of two sellers neither finds out what the other ordered, whatever it may calculate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from procurement.rules import billing, disclosing
from procurement.rules.allotting import allot
from procurement.rules.sharing.costs import spread
from procurement.rules.sharing.parts import (
    Bills,
    ProductPart,
    RoundTold,
    SellerTold,
    Terms,
    cap_part,
)
from procurement.rules.sharing.quantities import Policy
from procurement.rules.sharing.statements import build_statement, canonical
from procurement.rules.sharing.verifying import read_statement, recompute
from procurement.rules.solving.evaluating import Plan, evaluate
from procurement.rules.solving.terms import (
    Break,
    Container,
    Item,
    Lane,
    Offer,
    Pricing,
    Problem,
)

PLATFORM = 99
ME, OTHER = 1, 2
#: So many quantities of the other seller must agree with everything one sees.
ENOUGH = 3
Wishes = Mapping[tuple[int, int], int]
SIZES = {1: (120, 900), 2: (900, 310), 3: (50, 2_000), 4: (400, 450)}


LANE = Lane(
    supplier=7,
    currency="EUR",
    incoterm="FOB",
    rate_ppb=7_812_345_678,
    lcl_price=90_000,
    lcl_minimum=0,
    wire_fee=20_000,
    declaration_fee=60_000,
    line_fee=1_500,
    insurance_ppm=3_300,
    pays_freight=True,
)


@dataclass(frozen=True)
class World:
    """What everybody knows: prices, packs, freight, fees."""

    pack: int = 12
    pricing: Pricing = Pricing.ALL_UNITS
    breaks: tuple[Break, ...] = (Break(1, 6000), Break(40, 5400))
    lane: Lane = LANE


#: Only whole containers go, and one is enough for all that is tried here.
BY_CONTAINER = replace(
    LANE,
    lcl_price=None,
    containers=(Container("20GP", 1_500_000, 28_000_000, 21_000_000),),
)
#: The least that a part load costs is more than any of these would.
AT_LEAST = replace(LANE, lcl_minimum=45_000)
WORLDS = {
    "part load": World(),
    "least part load": World(lane=AT_LEAST),
    "container": World(lane=BY_CONTAINER),
    "single units": World(pack=1, breaks=(Break(1, 900), Break(300, 810))),
    "dearer first packs": World(
        pricing=Pricing.INCREMENTAL, pack=1, breaks=(Break(1, 1000), Break(40, 900))
    ),
    "dearer first packs in a container": World(
        pricing=Pricing.INCREMENTAL, lane=BY_CONTAINER, breaks=(Break(1, 6000), Break(5, 5400))
    ),
}


def seen(world: World, wishes: Wishes, seller: int = ME) -> tuple[str, list[list[int]]]:
    """Everything a seller sees of a round: its statement, and its parts of the orders."""
    wishes = {key: units for key, units in wishes.items() if units}
    products = sorted({product for _, product in wishes})
    demand = pd.DataFrame(
        [(product, who, units, 0, 0, units, who) for (who, product), units in wishes.items()],
        columns=["product_id", "seller_id", "quantity", "less", "more", "entitlement", "filed"],
    ).astype("int64")
    wanted = demand.groupby("product_id")["quantity"].sum().to_dict()
    problem = Problem(
        items=tuple(
            Item(product, wanted[product], wanted[product], wanted[product], *SIZES[product], 0)
            for product in products
        ),
        offers=tuple(
            Offer(
                id=10 + product,
                product=product,
                supplier=7,
                currency="EUR",
                incoterm="FOB",
                pack_quantity=world.pack,
                pricing=world.pricing,
                breaks=world.breaks,
            )
            for product in products
        ),
        lanes=(world.lane,),
    )
    packs = {offer.id: offer.packs_for(wanted[offer.product]) for offer in problem.offers}
    plan = evaluate(problem, Plan("plain", packs))
    made = allot(problem, plan, demand, policy=Policy(), platform_id=PLATFORM)
    lines = made.lines[["line", "product_id"]].assign(line_id=made.lines["line"], order_id=5)
    shares = made.shares.merge(lines, on="line")
    charges, bills = billing.work_out(problem, plan, lines, shares, platform_id=PLATFORM)
    held = billing.holdings(problem, shares, lines)
    sellers = shares.loc[shares["owner_id"] != PLATFORM]
    told = Bills(
        charges.assign(of="PO-1"),
        spread(charges, held),
        platform_id=PLATFORM,
        shown=disclosing.open_orders(sellers),
    )
    mine = sellers.loc[sellers["owner_id"] == seller].sort_values("product_id")
    got = dict(zip(mine["product_id"].tolist(), mine["quantity"].tolist(), strict=True))
    alone = billing.going_alone(
        problem, sellers.rename(columns={"owner_id": "seller_id", "quantity": "units"})
    )
    row = bills.rows.set_index("owner_id").loc[bills.sellers]
    own = row["alone_minor"].to_numpy(np.int64)
    statement = build_statement(
        round=RoundTold("2026-Q3", "2026-Q3", "", "2026-06-01T00:00:00+00:00", "uniform"),
        seller=SellerTold("S", "卖家", "Seller"),
        sellers_in_round=len(bills.sellers),
        products=[
            ProductPart(product, f"P{product}", "品", "P", units, units, 0, 0, units, units)
            for product, units in got.items()
        ],
        costs=told.of(seller),
        cap=cap_part(bills.capped, own, int(np.searchsorted(bills.sellers, seller))),
        terms=Terms(problem),
        alone=alone.of(seller),
    )
    text = canonical(statement)
    assert [one for one in recompute(read_statement(text)) if not one.ok] == []
    return text, mine[["product_id", "quantity", "amount_minor", "alone_minor"]].to_numpy().tolist()


def agreeing(world: World, wishes: Wishes, key: tuple[int, int], tried: Iterable[int]) -> list[int]:
    """The quantities of another that show one just the same; as many as are enough."""
    told = seen(world, wishes)
    found = []
    for units in tried:
        if seen(world, {**wishes, key: units}) == told:
            found.append(units)
        if len(found) == ENOUGH:
            break
    return found


def around(units: int, far: int = 250) -> list[int]:
    near = (units + step * side for step in range(far) for side in (1, -1))
    return list(dict.fromkeys(one for one in near if one > 0))


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(("mine", "others"), [(70, 46), (5, 2), (300, 7)])
def test_of_two_sellers_neither_finds_out_what_the_other_ordered(
    name: str, mine: int, others: int
) -> None:
    wishes = {(ME, 1): mine, (OTHER, 1): others}

    found = agreeing(WORLDS[name], wishes, (OTHER, 1), around(others))

    assert len(found) == ENOUGH, f"only {found} agree with what is seen"


# Always the same cases: of other numbers, two or three in a hundred still tell more by their last
# fen, or by a total that is whole packs (docs/statements.md).
@settings(deadline=None, derandomize=True, max_examples=4, phases=[Phase.explicit, Phase.generate])
@given(
    name=st.sampled_from(sorted(WORLDS)),
    mine=st.integers(1, 400),
    others=st.integers(1, 400),
    fee=st.sampled_from([0, 1_500, 20_000, 60_001]),
    insured=st.sampled_from([0, 3_300, 11_000]),
)
def test_whatever_two_sellers_order_three_quantities_of_the_other_agree(
    name: str, mine: int, others: int, fee: int, insured: int
) -> None:
    world = WORLDS[name]
    lane = replace(world.lane, wire_fee=fee, insurance_ppm=insured)
    world = replace(world, lane=lane)

    found = agreeing(world, {(ME, 1): mine, (OTHER, 1): others}, (OTHER, 1), around(others))

    assert len(found) == ENOUGH, f"only {found} agree with what is seen"


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
    """70 units of 900 cm3 are in the fourth class (from 65 to 128), 50 in the third."""
    text, _ = seen(WORLDS["container"], {(1, 1): 70, (2, 1): 50})
    other, _ = seen(WORLDS["container"], {(1, 1): 70, (2, 1): 50}, seller=2)

    freight = [
        next(one for one in read_statement(told)["costs"] if one["kind"] == "freight")
        for told in (text, other)
    ]

    assert [one["driver"] for one in freight] == ["size_class"] * 2
    assert [one["own_basis"] for one in freight] == [8, 4]
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

    once = disclosing.private(charges, held)

    assert once["driver"].tolist() == ["units", "size_class", "value", "equal"]
    assert once["amount_minor"].tolist() == [90_000, 10_100, 901, 200]
    pd.testing.assert_frame_equal(disclosing.private(once, held), once)


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
