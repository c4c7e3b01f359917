"""Who pays what of a shipment: published cases, and exact sums for any input."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.sharing.costs import (
    WHOLE_SHIPMENT,
    CostsNotUsable,
    Driver,
    by_line,
    corrections,
    owed,
    spread,
)

calmly = settings(deadline=None, max_examples=40)
FREIGHT = Path(__file__).resolve().parents[4] / "shared" / "data" / "freight" / "lines.csv.gz"

FRIDGE, OVEN = 1, 2
Charge = tuple[str, int, int]


def charges(*told: Charge) -> pd.DataFrame:
    """(driver, amount, line)."""
    columns = pd.DataFrame(list(told), columns=["driver", "amount_minor", "line_id"])
    return columns.assign(charge_id=range(len(told)), shipment_id=1).astype(
        {"amount_minor": "int64", "line_id": "int64"}
    )


def whole(driver: str, amount: int) -> Charge:
    return driver, amount, WHOLE_SHIPMENT


def goods(*told: Sequence[int]) -> pd.DataFrame:
    """(line, owner, units, value, grams, cm3)."""
    columns = ["line_id", "owner_id", "units", "value_minor", "weight_g", "volume_cm3"]
    return pd.DataFrame(list(told), columns=columns, dtype="int64").assign(shipment_id=1)


def kitchen() -> pd.DataFrame:
    """Five fridges of 10 kg and 1 m3, ten ovens of 20 kg and 1.5 m3; each line its own owner."""
    return goods(
        (FRIDGE, 1, 5, 0, 5 * 10_000, 5 * 1_000_000), (OVEN, 2, 10, 0, 10 * 20_000, 10 * 1_500_000)
    )


def parts(shares: pd.DataFrame, charge: int = 0) -> list[int]:
    return shares.loc[shares["charge_id"] == charge, "amount_minor"].tolist()


def test_fridges_and_ovens_bear_freight_as_published() -> None:
    """Odoo's own case of landed costs."""
    shares = spread(
        charges(
            whole("equal", 1000),
            whole("units", 15_000),
            whole("weight", 25_000),
            whole("volume", 2000),
            whole("units", -5000),
        ),
        kitchen(),
    )

    assert [parts(shares, charge) for charge in range(5)] == [
        [500, 500],
        [5000, 10_000],
        [5000, 20_000],
        [500, 1500],
        [-1667, -3333],
    ]


def test_of_a_correction_what_falls_on_goods_already_sold_is_told_separately() -> None:
    bills = charges(whole("units", 15_000), whole("units", -5000))
    lines = by_line(spread(bills, kitchen()), bills, kitchen())
    held = kitchen()[["line_id", "owner_id", "units"]].assign(sold=[2, 0])

    told = corrections(lines.loc[lines["charge_id"] == 0], lines, held)

    # Two of five fridges are out: two fifths of 16.67, and the rest on the three in stock.
    assert told.to_dict("list") == {
        "line_id": [FRIDGE, OVEN],
        "owner_id": [1, 2],
        "difference_minor": [-1667, -3333],
        "sold_minor": [-667, 0],
        "stock_minor": [-1000, -3333],
    }


def test_a_residue_goes_to_one_row() -> None:
    shares = spread(
        charges(whole("equal", 12_322)), goods(*((n, n, 1, 1, 1, 1) for n in (1, 2, 3)))
    )

    assert sorted(parts(shares)) == [4107, 4107, 4108]


def test_what_can_be_attributed_is_borne_by_that_line_alone() -> None:
    holdings = goods(
        (7, 1, 3, 300, 10, 10), (7, 2, 1, 100, 10, 10), (8, 2, 9, 900, 10, 10), (8, 3, 1, 1, 1, 1)
    )

    shares = spread(charges(("units", 1000, 7), ("value", 77, 8), whole("lines", 400)), holdings)

    assert shares[["charge_id", "owner_id", "amount_minor"]].values.tolist() == [
        *([0, 1, 750], [0, 2, 250]),
        *([1, 2, 77], [1, 3, 0]),
        *([2, 1, 100], [2, 2, 200], [2, 3, 100]),
    ]
    assert shares["pool_basis"].tolist() == [4, 4, 901, 901, 4, 4, 4]


def test_chargeable_weight_is_the_larger_of_weight_and_volume() -> None:
    holdings = goods((1, 1, 1, 1, 2_000_000, 1_000_000), (2, 2, 1, 1, 500_000, 6_000_000))

    by_sea = spread(charges(whole("chargeable", 8000)), holdings)
    by_air = spread(charges(whole("chargeable_air", 18_000)), holdings)

    assert parts(by_sea) == [2000, 6000]
    # 2 t against 1 m3 = 166.7 kg; 500 kg against 6 m3 = 1 t.
    assert parts(by_air) == [12_000, 6000]


def test_a_driver_that_knows_nothing_gives_way_and_says_so() -> None:
    unmeasured = goods((1, 1, 3, 0, 0, 0), (2, 2, 1, 0, 0, 0))
    empty = goods((1, 1, 0, 0, 0, 0), (2, 2, 0, 0, 0, 0))

    by_units = spread(charges(whole("volume", 400)), unmeasured)
    equally = spread(charges(whole("volume", 400)), empty)

    assert (parts(by_units), by_units["driver"].unique().tolist()) == ([300, 100], ["units"])
    assert (parts(equally), equally["driver"].unique().tolist()) == ([200, 200], ["equal"])


@pytest.mark.parametrize(
    "bills",
    [
        charges(("by eye", 5, WHOLE_SHIPMENT)),
        charges(("value", 5, 99)),
        charges(whole("value", 5)).assign(amount_minor=5.0),
        charges(whole("value", 10**16)),
        pd.concat([charges(whole("value", 5))] * 2),
    ],
    ids=["unknown driver", "a line nobody holds", "float", "too large", "twice"],
)
def test_what_is_no_usable_charge_is_refused(bills: pd.DataFrame) -> None:
    with pytest.raises(CostsNotUsable):
        spread(bills, kitchen())


def test_more_cannot_be_sold_than_was_held() -> None:
    bills = charges(whole("units", 15_000))
    lines = by_line(spread(bills, kitchen()), bills, kitchen())
    held = kitchen()[["line_id", "owner_id", "units"]].assign(sold=[6, 0])

    with pytest.raises(CostsNotUsable):
        corrections(lines.iloc[:0], lines, held)


measure = st.integers(0, 10**6)
holding = st.tuples(
    st.integers(1, 4), st.integers(1, 6), st.integers(0, 99), measure, measure, measure
)
holdings = st.lists(holding, min_size=1, max_size=12, unique_by=lambda row: row[:2])
drivers = st.sampled_from([str(driver) for driver in Driver])
bills = st.lists(st.tuples(drivers, st.integers(-(10**12), 10**12)), min_size=1, max_size=5)


@calmly
@given(bills=bills, holdings=holdings, seed=st.integers(0, 99))
def test_parts_come_to_the_bill_whatever_the_order_of_rows(
    bills: list[tuple[str, int]], holdings: list[tuple[int, ...]], seed: int
) -> None:
    told, held = charges(*(whole(*bill) for bill in bills)), goods(*holdings)
    shares = spread(told, held)
    turned = spread(
        told.sample(frac=1, random_state=seed), held.sample(frac=1, random_state=seed + 1)
    )
    lines = by_line(shares, told, held)

    assert shares.equals(turned)
    for charge, (_, amount) in enumerate(bills):
        mine = np.array(parts(shares, charge), dtype=object)
        assert mine.sum() == amount
        assert (mine * (1 if amount >= 0 else -1) >= 0).all()
        assert sum(parts(lines, charge)) == amount
    assert (
        lines.groupby(["charge_id", "owner_id"])["amount_minor"].sum().tolist()
        == shares["amount_minor"].tolist()
    )
    assert spread(told, held, told=False)["amount_minor"].equals(shares["amount_minor"])
    by_kind = owed(told.assign(kind=[f"k{n % 2}" for n in range(len(told))]), held)
    summed = shares.groupby("owner_id")["amount_minor"].sum()
    assert by_kind["owner_id"].tolist() == summed.index.tolist()
    assert by_kind.drop(columns="owner_id").sum(axis=1).tolist() == summed.tolist()


@calmly
@given(bills=bills, holdings=holdings)
def test_each_part_can_be_told_from_its_own_numbers(
    bills: list[tuple[str, int]], holdings: list[tuple[int, ...]]
) -> None:
    shares = spread(charges(*(whole(*bill) for bill in bills)), goods(*holdings))

    bearers = shares.groupby("charge_id")["owner_id"].transform("size")
    # Of two owners the earlier takes the last unit, whatever is left over: nothing is told.
    for row in shares.loc[bearers != 2].to_dict("records"):
        bill = bills[row["charge_id"]][1]
        floor, remainder = divmod(abs(bill) * row["basis"], row["pool_basis"])
        up = remainder > row["cut"] or (remainder == row["cut"] and row["place"] <= row["taken"])
        assert remainder == row["remainder"]
        assert abs(row["amount_minor"]) == floor + up


@calmly
@given(first=bills, second=bills, holdings=holdings, sold=st.integers(0, 99))
def test_corrections_come_to_the_difference_of_the_bills(
    first: list[tuple[str, int]], second: list[tuple[str, int]], holdings: list[tuple[int, ...]],
    sold: int,
) -> None:  # fmt: skip
    held = goods(*holdings)
    was, now = (
        charges(*(whole(*bill) for bill in first)),
        charges(*(whole(*bill) for bill in second)),
    )
    before, after = (by_line(spread(told, held), told, held) for told in (was, now))

    told = corrections(before, after, held.assign(sold=np.minimum(held["units"], sold)))

    assert told["difference_minor"].sum() == sum(b for _, b in second) - sum(b for _, b in first)
    assert (told["sold_minor"] + told["stock_minor"]).equals(told["difference_minor"])
    assert (told["difference_minor"] != 0).all()


def test_every_real_freight_bill_is_shared_to_the_cent() -> None:
    if not FREIGHT.is_file():
        pytest.skip("the real shared-freight lines (../shared/data/freight) are not here")
    from procurement.sharing_bench import freight_groups

    bills, holdings = freight_groups(FREIGHT)
    shares = spread(bills, holdings)

    assert (len(bills), len(holdings)) == (1233, 3551)
    summed = shares.groupby("charge_id")["amount_minor"].sum()
    assert summed.tolist() == bills.sort_values("charge_id")["amount_minor"].tolist()
    assert (shares["amount_minor"] >= 0).all()
