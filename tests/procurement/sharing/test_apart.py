"""Of a private charge each bears what its own units make of it, and the platform the rest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.queries.statements import Why
from procurement.reasons import SHORT, TOGETHER, of_seller
from procurement.rules import disclosing
from procurement.rules.allotting import LINES, _money
from procurement.rules.sharing.apart import PRICES, owed_told, spread_told
from procurement.rules.sharing.costs import HOLDINGS, WHOLE_SHIPMENT
from procurement.rules.sharing.splitting import Groups
from procurement.rules.solving.freighting import half_up
from procurement.rules.solving.terms import BILLION, MILLION

PLATFORM = 9
RATE, LCL, INSURED, DUTY = 7_812_345_678, 90_000, 3_300, 65_000
#: A unit costs 5.00 of the order's currency and takes 900 cm3.
PRICE, CM3 = 500, 900
KNOWN = pd.DataFrame([(1, 5, RATE, LCL, INSURED, DUTY, 0, 0)], columns=list(PRICES))


def held(*units: int, surplus: int = 0) -> pd.DataFrame:
    owners = [*enumerate(units, start=1), *([(PLATFORM, surplus)] if surplus else [])]
    rows = [(5, 1, who, many, many * PRICE, many * 100, many * CM3) for who, many in owners]
    return pd.DataFrame(rows, columns=list(HOLDINGS))


def charges(*rows: tuple[int, str, str, int]) -> pd.DataFrame:
    columns = ["line_id", "kind", "driver", "amount_minor"]
    told = pd.DataFrame(rows, columns=columns).assign(shipment_id=5, is_private=True)
    return told.assign(charge_id=np.arange(len(rows)))


def as_planned(units: int) -> pd.DataFrame:
    """What so many units cost by the known prices."""
    goods = half_up(units * PRICE * RATE, BILLION)
    freight = half_up(units * CM3 * LCL, MILLION)
    return charges(
        (1, "goods", "units", goods),
        (1, "duty", "units", half_up(goods * DUTY, MILLION)),
        (WHOLE_SHIPMENT, "freight", "volume", freight),
        (WHOLE_SHIPMENT, "insurance", "value", half_up((goods + freight) * INSURED, MILLION)),
        (WHOLE_SHIPMENT, "wire", "equal", 20_001),
        (WHOLE_SHIPMENT, "storage", "size_class", 7_000),
    )


def parts(bills: pd.DataFrame, holdings: pd.DataFrame, owner: int) -> list[int]:
    told = spread_told(bills, holdings, KNOWN, platform_id=PLATFORM)
    return told.loc[told["owner_id"] == owner, "amount_minor"].tolist()


def test_each_bears_its_units_at_the_known_prices_and_the_platform_the_rest() -> None:
    bills = as_planned(120)

    told = spread_told(bills, held(70, 46, surplus=4), KNOWN, platform_id=PLATFORM)

    assert (
        told.groupby("charge_id")["amount_minor"].sum().tolist() == bills["amount_minor"].tolist()
    )
    # 350.00 at 7.812345678 are 2,734.32; of it 6.5 % duty; 63,000 cm3 at 900.00 a m3 are 56.70.
    assert parts(bills, held(70, 46, surplus=4), 1)[:4] == [273_432, 17_773, 5_670, 921]
    # Half the wire each, and the third class (from 65 units) against the second's half.
    assert parts(bills, held(70, 46, surplus=4), 1)[4:] == [10_000, 4_666]
    assert parts(bills, held(70, 46, surplus=4), 2)[4:] == [10_000, 2_333]
    assert parts(bills, held(70, 46, surplus=4), PLATFORM)[4:] == [1, 1]


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 400), st.integers(1, 400), st.integers(0, 23), st.integers(0, 23))
def test_what_one_bears_hangs_on_its_own_units_alone(
    mine: int, others: int, surplus: int, less: int
) -> None:
    """Whatever the other has, and whether the platform has any; who has more bears no less."""
    told = parts(as_planned(mine + others + surplus), held(mine, others, surplus=surplus), 1)
    again = parts(as_planned(mine + others + 1 + less), held(mine, others + 1, surplus=less), 1)
    more = parts(as_planned(mine + 1 + others), held(mine + 1, others), 1)

    assert told[:5] == again[:5]
    assert all(after >= before for before, after in zip(told, more, strict=True))


def test_what_was_billed_otherwise_is_shared_like_any_other() -> None:
    """Nobody knows its total, and the surplus bears its part by units."""
    bills = charges((1, "goods", "units", 1_200))

    told = spread_told(bills, held(70, 46, surplus=4), KNOWN, platform_id=PLATFORM)

    assert told["amount_minor"].tolist() == [700, 460, 40]


def test_the_sums_by_kind_are_those_of_the_parts() -> None:
    bills, holdings = as_planned(116), held(70, 46)
    bills.loc[5, "is_private"] = False

    by_kind = owed_told(bills, holdings, KNOWN, platform_id=PLATFORM)

    told = spread_told(bills, holdings, KNOWN, platform_id=PLATFORM)
    kind = told["charge_id"].map(bills.set_index("charge_id")["kind"])
    summed = told.assign(kind=kind).pivot_table(
        index="owner_id", columns="kind", values="amount_minor", aggfunc="sum", fill_value=0
    )
    assert by_kind["owner_id"].tolist() == [1, 2, PLATFORM]
    pd.testing.assert_frame_equal(
        by_kind.set_index("owner_id").sort_index(axis=1),
        summed.astype("int64").rename_axis(columns=None),
    )


def test_duty_on_freight_is_taken_out_of_what_the_lines_bear() -> None:
    """10 % of a line's 900.00 that carry all of 100.00 freight; the other line bears no duty."""
    prices = pd.DataFrame(
        [(1, 5, RATE, 0, 0, 100_000, 0, 0), (2, 5, RATE, 0, 0, 0, 0, 0)], columns=list(PRICES)
    )
    known = disclosing.private(
        pd.DataFrame(
            [
                (0, 5, 1, "goods", "units", 90_000),
                (1, 5, 1, "duty", "units", 9_900),
                (2, 5, 2, "goods", "units", 10_000),
                (3, 5, WHOLE_SHIPMENT, "freight", "chargeable", 10_000),
            ],
            columns=["charge_id", "shipment_id", "line_id", "kind", "driver", "amount_minor"],
        ),
        pd.DataFrame([(1, 5, 1), (2, 5, 2)], columns=["line_id", "order_id", "owner_id"]),
        prices,
    )

    duty = known.loc[known["kind"] == "duty", ["line_id", "driver", "amount_minor"]]
    assert duty.to_numpy().tolist() == [
        [1, "units", 9_000],
        [WHOLE_SHIPMENT, "chargeable", 900],
    ]
    assert known["amount_minor"].sum() == 119_900
    assert known["is_private"].all()


@pytest.mark.parametrize(
    ("units", "sellers", "money"),
    [
        # Two thirds of 100 and a third: the first by company number pays up, the other down.
        ([2, 1], 2, [67, 33]),
        ([1, 1, 1], 2, [34, 33, 33]),
        ([1, 2], 1, [34, 66]),
        ([3], 1, [100]),
        # Three sellers share it by the largest remainder.
        ([1, 1, 1], 3, [34, 33, 33]),
    ],
)
def test_the_price_of_a_line_that_few_share_is_told_by_ones_own_units(
    units: list[int], sellers: int, money: list[int]
) -> None:
    line = dict.fromkeys(LINES, 0) | {
        "packs": 1, "pack_quantity": 3, "quantity": 3, "pack_price_minor": 100,
        "amount_minor": 100,
    }  # fmt: skip
    lines = pd.DataFrame([line])
    groups = Groups.of_rows(np.zeros(len(units), dtype=np.int64), 1)

    found = _money(lines, groups, np.array(units), np.arange(len(units)) < sellers)

    assert found.tolist() == money


@translation.override("en")
def test_between_few_it_is_not_said_what_made_a_line_so_large() -> None:
    def why(sellers: int, *rules: str) -> Why:
        told = [{"rule": rule, "message": rule, "facts": {}} for rule in rules]
        return Why(1, "EUR", told, sellers)

    for rule in ("exact", "rounded_up", "break_cheaper", "minimum", "raised", "surplus"):
        assert of_seller(why(2, rule), is_short=True) == [TOGETHER]
        assert of_seller(why(3, rule), is_short=False) == [rule]
    assert of_seller(why(2, "exact", "cut"), is_short=False) == [TOGETHER]
    assert of_seller(why(2, "exact", "cut"), is_short=True) == [TOGETHER, SHORT["cut"]]
