"""The bench of sharing measures what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from procurement.rules.sharing.costs import owed
from procurement.rules.sharing.shortage import Shortage
from procurement.sharing_bench import (
    made_up_costs,
    made_up_demand,
    measure_costs,
    measure_freight,
    measure_quantities,
)

FREIGHT = Path(__file__).resolve().parents[4] / "shared" / "data" / "freight" / "lines.csv.gz"


def test_units_are_measured_under_every_rule() -> None:
    measured = measure_quantities(500, runs=1, sellers=40, products=20)

    assert [one.name for one in measured] == [f"units, {rule}" for rule in Shortage]
    assert all((one.rows, one.groups) == (500, 20) for one in measured)
    assert all(one.ours_s > 0 < one.floor_s for one in measured)


def test_the_made_up_lines_are_always_the_same_and_have_every_case() -> None:
    demand, supply = made_up_demand(500, sellers=40, products=20)
    again, _ = made_up_demand(500, sellers=40, products=20)
    wanted = demand.groupby("product_id")["quantity"].sum().to_numpy()

    assert demand.equals(again)
    assert (supply["units"] > wanted).any()
    assert (supply["units"] < wanted).any()


def test_the_costs_of_a_made_up_round_are_borne_whole() -> None:
    charges, holdings = made_up_costs(500, sellers=40, products=20)

    borne = owed(charges, holdings)

    assert int(borne.drop(columns="owner_id").sum().sum()) == int(charges["amount_minor"].sum())
    assert measure_costs(500, runs=1, sellers=40, products=20).groups == len(charges)


def test_the_real_freight_bills_are_shared_in_less_than_a_second() -> None:
    if not FREIGHT.is_file():
        pytest.skip("the real shared-freight lines (../shared/data/freight) are not here")

    measured = measure_freight(FREIGHT, runs=1)

    assert (measured.rows, measured.groups) == (3551, 1233)
    assert measured.ours_s < 1
