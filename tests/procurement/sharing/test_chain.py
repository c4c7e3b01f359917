"""From wishes to what each pays: units shared by a rule, bills that really came, caps, sums.

Every driver by which a bill may be shared goes through the whole chain.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules import rebilling
from procurement.rules.billing import Bills
from procurement.rules.order_bills import KINDS, Place
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, Driver
from procurement.rules.sharing.quantities import DEMAND, Policy, share_out
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.solving.terms import BILLION, Break, Item, Lane, Offer, Problem

SELLERS, PRODUCTS, PLATFORM = 4, 2, 9
RATE = 7_800_000_000
PRICE = 900
CHARGE = list(rebilling.CHARGE)


def a_problem() -> Problem:
    """Packs of six from ten packs on, at EUR 9.00 a unit; a dearer supplier without a minimum."""
    items = [Item(n, 0, 0, 0, 400, 900 * n) for n in range(1, PRODUCTS + 1)]
    offers = []
    for n in range(1, PRODUCTS + 1):
        told: dict[str, Any] = {"product": n, "currency": "EUR", "incoterm": "FOB"}
        pool = Offer(
            id=n, supplier=1, pack_quantity=6, minimum_quantity=60, breaks=(Break(1, 6 * PRICE),),
            **told,
        )  # fmt: skip
        near = Offer(id=10 + n, supplier=2, pack_quantity=1, breaks=(Break(1, 1_300),), **told)
        offers += [pool, near]
    lanes = tuple(
        Lane(
            n, "EUR", "FOB", rate_ppb=RATE, wire_fee=20_000, line_fee=500, insurance_ppm=3_000,
            pays_freight=True, lcl_price=60_000, lcl_minimum=30_000,
        )
        for n in (1, 2)
    )  # fmt: skip
    return Problem(tuple(items), tuple(sorted(offers, key=lambda one: one.id)), lanes)


PROBLEM = a_problem()
#: Kind, line (0 for the whole order), amount, driver.
Came = tuple[str, int, int, Driver]


def demand_of(wishes: list[list[tuple[int, int, int]]]) -> pd.DataFrame:
    rows = [
        (product, seller, quantity, min(less, quantity), more, quantity, seller)
        for product, of in enumerate(wishes, start=1)
        for seller, (quantity, less, more) in enumerate(of, start=1)
    ]
    return pd.DataFrame(rows, columns=list(DEMAND), dtype="int64")


def units_of(
    demand: pd.DataFrame, supply: list[int], rule: Shortage, before: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    there = pd.DataFrame(
        [(n, units, 6) for n, units in enumerate(supply, start=1)],
        columns=["product_id", "units", "pack"],
        dtype="int64",
    )
    made = share_out(demand, there, policy=Policy(shortage=rule), before=before)
    return made.given, made.platform


def held_of(given: pd.DataFrame, platform: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The shares of one order, a line a product, and its lines."""
    mine = given.rename(columns={"seller_id": "owner_id", "units": "quantity"})
    rest = platform[["product_id", "units"]].rename(columns={"units": "quantity"})
    shares = pd.concat([mine, rest.assign(owner_id=PLATFORM)], ignore_index=True)
    shares = shares.assign(
        line_id=shares["product_id"], order_id=1, amount_minor=shares["quantity"] * PRICE
    )
    names = ["line_id", "order_id", "product_id", "owner_id", "quantity", "amount_minor"]
    lines = shares.groupby(["line_id", "order_id", "product_id"], as_index=False)[
        ["quantity", "amount_minor"]
    ].sum()
    return shares[names].astype("int64"), lines.assign(rate_ppb=RATE, lane=0).astype("int64")


EXPECTED = pd.DataFrame(
    [
        (1, WHOLE_SHIPMENT, "wire", "value", 20_000),
        (1, WHOLE_SHIPMENT, "freight", "chargeable", 61_003),
        (1, WHOLE_SHIPMENT, "insurance", "value", 7_001),
        *((1, n, "handling", "units", 500) for n in range(1, PRODUCTS + 1)),
    ],
    columns=CHARGE,
)


def billed_of(came: list[Came], gain: int = 0, correction: int = 0, goods: int = 0) -> pd.DataFrame:
    """Bills by their drivers, an exchange gain, and what a supplier corrects of a line."""
    rows: list[tuple[int, int, str, str, int]] = []
    for kind, line, amount, driver in came:
        place = KINDS[kind].place
        at = (
            1 + line % PRODUCTS if place is Place.LINE or (line and place is not Place.ORDER) else 0
        )
        rows.append((1, at or WHOLE_SHIPMENT, kind, str(driver), amount))
    rows.append((1, WHOLE_SHIPMENT, "fx", "value", -(goods // 2) * gain // 100))
    rows.append((1, 1, "supplier", "units", correction))
    return pd.DataFrame([row for row in rows if row[4]], columns=CHARGE)


def bill(
    shares: pd.DataFrame, lines: pd.DataFrame, billed: pd.DataFrame, turn: int = 0
) -> tuple[pd.DataFrame, Bills]:
    def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.sample(frac=1, random_state=turn)

    return rebilling.work_out_again(
        PROBLEM,
        lines,
        shuffled(shares),
        rebilling.charges(lines, shuffled(EXPECTED), shuffled(billed)),
        platform_id=PLATFORM,
        owners=pd.Series([*range(1, SELLERS + 1), PLATFORM]),
    )


A_WISH = st.tuples(st.integers(0, 300), st.integers(0, 100), st.integers(0, 50))
WISHES = st.lists(
    st.lists(A_WISH, min_size=SELLERS, max_size=SELLERS), min_size=PRODUCTS, max_size=PRODUCTS
)
SUPPLY = st.lists(st.integers(0, 900), min_size=PRODUCTS, max_size=PRODUCTS)
CAME = st.lists(
    st.tuples(
        st.sampled_from([kind for kind in KINDS if kind not in ("supplier", "fx")]),
        st.integers(0, PRODUCTS),
        st.integers(1, 10**7),
        st.sampled_from(list(Driver)),
    ),
    max_size=8,
)
RULES = st.sampled_from(list(Shortage))


def check_bills(
    demand: pd.DataFrame, supply: list[int], rule: Shortage, billed: pd.DataFrame
) -> pd.DataFrame:
    """Exact sums, nobody below nothing or above its cost alone, the same in any order of rows."""
    shares, lines = held_of(*units_of(demand, supply, rule))
    costs, found = bill(shares, lines, billed)
    rows = found.rows
    assert rows["paid_minor"].sum() == costs["amount_minor"].sum()
    assert not costs.duplicated(["shipment_id", "line_id", "kind", "driver"]).any()
    sellers = rows.loc[rows["owner_id"] != PLATFORM]
    assert (sellers["paid_minor"] <= sellers["alone_minor"]).all()
    assert (sellers["paid_minor"] >= 0).all()
    nothing = sellers.loc[sellers["units"] == 0, ["alone_minor", "paid_minor"]]
    assert not nothing.to_numpy().any()
    other, _lines = held_of(*units_of(demand.sample(frac=1, random_state=3), supply, rule))
    again = bill(other, lines.sample(frac=1, random_state=2), billed, turn=1)
    assert rebilling.digest(costs, found) == rebilling.digest(*again)
    return costs


@pytest.mark.parametrize("driver", list(Driver))
def test_by_every_driver_what_came_is_borne_whole(driver: Driver) -> None:
    demand = demand_of([[(70, 10, 0), (46, 0, 5), (200, 0, 0), (1, 0, 0)], [(30, 0, 0)] * SELLERS])
    kinds = [kind for kind in KINDS if kind not in ("supplier", "fx")]
    came = [(kind, at % 3, 10_007 + at, driver) for at, kind in enumerate(kinds)]

    costs = check_bills(
        demand, [260, 130], Shortage.UNIFORM_FLOOR, billed_of(came, 30, -900, 10**6)
    )

    for kind in ("duty", "inspection", "storage", "broker", "wire"):
        billed = sum(amount for one, _at, amount, _by in came if one == kind)
        assert costs.loc[costs["kind"] == kind, "amount_minor"].sum() == billed
    assert costs.loc[costs["kind"] == "fx", "amount_minor"].sum() == -150_000


@settings(deadline=None, max_examples=25)
@given(WISHES, SUPPLY, RULES, CAME, st.integers(0, 100), st.integers(-(10**6), 10**6))
def test_sums_are_exact_nobody_pays_below_nothing_or_more_than_alone_in_any_order(
    wishes: list[list[tuple[int, int, int]]],
    supply: list[int],
    rule: Shortage,
    came: list[Came],
    gain: int,
    correction: int,
) -> None:
    demand = demand_of(wishes)
    goods = [(2 * many * PRICE * RATE + BILLION) // (2 * BILLION) for many in supply]
    billed = billed_of(came, gain, max(correction, -goods[0]), sum(goods))

    check_bills(demand, supply, rule, billed)


@settings(deadline=None, max_examples=12)
@given(WISHES, SUPPLY, SUPPLY, RULES, CAME)
def test_who_has_units_keeps_them_when_more_arrives_and_is_billed_whole_both_times(
    wishes: list[list[tuple[int, int, int]]],
    first: list[int],
    more: list[int],
    rule: Shortage,
    came: list[Came],
) -> None:
    demand = demand_of(wishes)
    had, kept = units_of(demand, first, rule)
    later = [a + b for a, b in zip(first, more, strict=True)]

    got, rest = units_of(demand, later, rule, before=had)

    keys = ["product_id", "seller_id"]
    both = had.merge(got, on=keys, suffixes=("_had", "_got"), validate="one_to_one")
    assert (both["units_got"] >= both["units_had"]).all()
    billed = billed_of(came)
    for given_then, platform in ((had, kept), (got, rest)):
        costs, found = bill(*held_of(given_then, platform), billed)
        assert found.rows["paid_minor"].sum() == costs["amount_minor"].sum()
        sellers = found.rows.loc[found.rows["owner_id"] != PLATFORM]
        assert (sellers["paid_minor"] <= sellers["alone_minor"]).all()


@settings(deadline=None, max_examples=15)
@given(WISHES, SUPPLY, CAME, st.integers(0, SELLERS - 1), st.integers(1, 1_000))
def test_who_inflates_a_forecast_gains_no_unit_it_needs_and_saves_nothing(
    wishes: list[list[tuple[int, int, int]]],
    supply: list[int],
    came: list[Came],
    liar: int,
    lie: int,
) -> None:
    """Under the uniform rule, of a product that is short; who gets the same pays the same."""
    honest = [[(quantity, 0, 0) for quantity, _less, _more in of] for of in wishes]
    short = [min(units, sum(q for q, *_ in of)) for units, of in zip(supply, honest, strict=True)]
    lying = [list(of) for of in honest]
    lying[0][liar] = (honest[0][liar][0] + lie, 0, 0)
    billed = billed_of(came)
    found = []
    for told in (honest, lying):
        given_then, platform = units_of(demand_of(told), short, Shortage.UNIFORM)
        of_liar = given_then.loc[
            (given_then["seller_id"] == liar + 1) & (given_then["product_id"] == 1), "units"
        ]
        _costs, bills = bill(*held_of(given_then, platform), billed)
        row = bills.rows.loc[bills.rows["owner_id"] == liar + 1]
        found.append((int(of_liar.sum()), int(row["paid_minor"].sum())))

    (truth, paid), (lied, paid_lying) = found
    need = honest[0][liar][0]
    assert min(lied, need) <= truth
    if lied == truth:
        assert paid_lying == paid
