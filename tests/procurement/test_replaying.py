"""Every sharing of units is kept and comes to the same when it is done again."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command

from procurement import services
from procurement.models import PurchaseOrder, SharingRun
from procurement.rules.sharing import runs
from procurement.rules.sharing.quantities import Policy
from tests.factories.procurement import AFTER

from .conftest import AsPerson, Market
from .test_bills_again import bills, confirm, work
from .test_order_lives import milk_of, order, placed  # noqa: F401


def said(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("replay_sharing", "2026-Q3")
    return capsys.readouterr().out


def test_the_sharings_of_a_round_are_done_again_and_come_to_the_same(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    confirm(market, placed, 15)

    told = said(capsys)

    assert "closed 2026-Q3" in told
    assert "changed AB-12" in told
    assert "All 2 sharings of 2026-Q3 come to the same." in told


def test_a_sharing_whose_inputs_were_touched_is_found_out(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    kept = SharingRun.objects.get()
    SharingRun.objects.bulk_create(
        [
            SharingRun(
                round=kept.round,
                what="changed",
                document="AB-13",
                made_at=AFTER,
                content=kept.content,
                digest="0" * 64,
            )
        ]
    )

    with pytest.raises(CommandError, match="1 of 2 sharings differ"):
        said(capsys)


def test_credit_decides_who_goes_short_after_a_change_too(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
) -> None:
    confirm(market, placed, 10)

    (kept,) = SharingRun.objects.filter(what="changed")
    again = runs.replay_stored(bytes(kept.content))

    # What each may claim is what its credit allows of what it had, not simply what it had.
    assert again.demand["quantity"].tolist() == [70, 46]
    assert (again.demand["entitlement"] <= again.demand["quantity"]).all()
    assert kept.order_line == milk_of(placed)
    assert again.shares.given["units"].sum() == 60


def test_a_packed_run_is_read_again_and_a_broken_one_is_told() -> None:
    demand = pd.DataFrame(
        {
            "product_id": [1, 1, 2],
            "seller_id": [7, 8, 2**40],
            "quantity": [5, 5, 9],
            "less": [0, 1, 0],
            "more": [0, 0, 3],
            "entitlement": [5, 4, 9],
            "filed": [0, 1, 2],
        },
        dtype=np.int64,
    )
    supply = pd.DataFrame({"product_id": [1, 2], "units": [7, 12], "pack": [1, 6]}, dtype=np.int64)
    made = runs.run(demand, supply, policy=Policy())

    again = runs.replay_packed(runs.packed(made))

    assert again.digest == made.digest
    assert again.shares.given.equals(made.shares.given)
    with pytest.raises(runs.RunNotReadable):
        runs.replay_stored(b"no run")


def test_two_other_ways_of_sharing_stand_beside_what_is_paid(
    market: Market,
    placed: PurchaseOrder,  # noqa: F811
    as_person: AsPerson,
) -> None:
    confirm(market, placed, 15)
    work()
    client = as_person(market.operator)

    answer = client.get("/rounds/2026-Q3/bills/beside.csv")

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["seller"] for row in rows] == ["ANNA", "BELA"]
    for name in ("shapley_cny", "separable_costs_cny"):
        shared = sum(float(row[name]) for row in rows)
        assert shared == pytest.approx(sum(float(row["paid_cny"]) for row in rows))
    assert sum(int(row["units"]) for row in rows) == sum(
        bills(2)[code][0] for code in ("ANNA", "BELA")
    )
    page = client.get("/rounds/2026-Q3/bills/").content.decode()
    assert "AB-12" in page
    assert services.replay_sharings(market.round)
