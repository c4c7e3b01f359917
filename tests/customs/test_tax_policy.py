"""Rounding, price thresholds, tax by quantity and limits by weight, as they are on a day."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.rules.contents import Contents, contents_of
from customs.rules.retail_law import COSMETICS
from customs.rules.retail_tax import (
    Limits,
    OverWeightLimit,
    Parcel,
    ParcelLine,
    Rates,
    Tax,
    assess,
    assess_in_turn,
)
from customs.rules.rounding import Basis, Mode, Rounding, rounded, rounded_lines
from customs.rules.tax_working import work_out

NOW = Limits(order_limit=500_000, year_limit=2_600_000, payable_fraction=Decimal("0.7"))
VAT = Rates(duty=Decimal("0.05"), vat=Decimal("0.13"))


@pytest.mark.parametrize(
    ("mode", "places", "told"),
    [
        (Mode.HALF_UP, 2, [230, 231, 231, 231]),
        (Mode.HALF_EVEN, 2, [230, 230, 231, 231]),
        (Mode.DOWN, 2, [230, 230, 230, 230]),
        (Mode.UP, 2, [231, 231, 231, 231]),
        (Mode.HALF_UP, 1, [230, 230, 230, 230]),
        (Mode.UP, 0, [300, 300, 300, 300]),
    ],
)
def test_an_amount_goes_the_way_of_its_policy(mode: Mode, places: int, told: list[int]) -> None:
    amounts = [Fraction(2303, 10), Fraction(2305, 10), Fraction(2307, 10), Fraction(2309, 10)]

    assert [rounded(one, Rounding(mode, places=places)) for one in amounts] == told


def test_the_two_published_bills_are_of_two_policies() -> None:
    """255.10 and 230.07 were printed: half up gives 230.08 for the second, down gives both."""
    first, second = Fraction(280_330) * Fraction("0.091"), Fraction(252_830) * Fraction("0.091")

    assert (rounded(first), rounded(second)) == (25_510, 23_008)
    down = Rounding(Mode.DOWN)
    assert (rounded(first, down), rounded(second, down)) == (25_510, 23_007)


@given(
    st.lists(st.fractions(min_value=0, max_value=10**7, max_denominator=10**6), max_size=8),
    st.sampled_from(Mode),
    st.sampled_from([0, 1, 2]),
)
def test_a_list_rounded_whole_has_lines_that_sum_to_it(
    amounts: list[Fraction], mode: Mode, places: int
) -> None:
    how = Rounding(mode, Basis.LIST, places)

    parts = rounded_lines(amounts, how)

    assert sum(parts) == rounded(sum(amounts, Fraction(0)), how)
    assert all(part >= 0 for part in parts)
    assert rounded_lines(amounts, replace(how, basis=Basis.LINE)) == [
        rounded(one, how) for one in amounts
    ]


def test_the_policy_decides_what_a_parcel_is_taxed() -> None:
    # 0.7 × 13 % of 5.05 yuan twice: 45.955 fen each, 91.91 together.
    parcel = Parcel((ParcelLine(1, 505, "1901101010", VAT), ParcelLine(1, 505, "1901101010", VAT)))

    def vat(how: Rounding) -> list[int]:
        limits = replace(NOW, rounding=how)
        worked = work_out(parcel, used_this_year=0, limits=limits)
        found = [line.tax.vat for line in assess(parcel, used_this_year=0, limits=limits).lines]
        assert [line.tax.vat for line in worked.lines] == found
        assert [line.steps[-1].due for line in worked.lines] == found
        return found

    assert vat(Rounding()) == [46, 46]
    assert vat(Rounding(Mode.DOWN)) == [45, 45]
    assert vat(Rounding(Mode.HALF_UP, Basis.LIST)) == [46, 46]
    assert vat(Rounding(Mode.DOWN, Basis.LIST)) == [46, 45]


@pytest.mark.parametrize(
    ("specification", "weight", "told"),
    [
        ("50毫升/瓶|护肤用", 90, Contents(Fraction(90), Fraction(50))),
        ("1.5升/瓶", 1_600, Contents(Fraction(1_600), Fraction(1_500))),
        ("800克/罐", 820, Contents(Fraction(800))),
        ("2千克/袋", 2_000, Contents(Fraction(2_000))),
        ("12片/盒", 180, Contents(Fraction(180), Fraction(0), 12)),
        ("30 ml", 70, Contents(Fraction(70), Fraction(30))),
        ("SPF50", 60, Contents(Fraction(60))),
        ("330毫升×6罐/箱", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("330毫升/罐×6罐/箱", 2_160, Contents(Fraction(2_160), Fraction(1_980))),
        ("50毫升×10瓶/盒", 900, Contents(Fraction(900), Fraction(500))),
        ("330毫升*6", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("330mlx6", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("330ml x 6 cans x 4", 7_920, Contents(Fraction(7_920), Fraction(7_920))),
        ("6罐*330毫升/箱", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("25克×20包/盒", 540, Contents(Fraction(500))),
        ("25gx20", 540, Contents(Fraction(500))),
        ("5片×4袋/盒", 300, Contents(Fraction(300), Fraction(0), 20)),
        ("330毫升/罐,6罐/箱", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("330ml/can, 6 cans/case", 1_980, Contents(Fraction(1_980), Fraction(1_980))),
        ("25毫升/片,5片/盒", 150, Contents(Fraction(150), Fraction(125), 5)),
        # The bottle is sold, and the case is how it is packed: it weighs what a bottle weighs.
        ("50毫升/瓶,24瓶/箱", 90, Contents(Fraction(90), Fraction(50))),
        # A size is no number of packs.
        ("20克×7厘米", 30, Contents(Fraction(20))),
        ("330毫升×0", 330, Contents(Fraction(330), Fraction(330))),
        ("", 0, Contents(Fraction(0))),
    ],
)
def test_a_specification_says_what_a_unit_holds(
    specification: str, weight: int, told: Contents
) -> None:
    assert contents_of(specification, weight) == told


def serum(fen: int, contents: Contents | None, quantity: int = 1) -> Tax:
    rates = replace(VAT, consumption_tax=Decimal("0.15"), threshold=COSMETICS)
    line = ParcelLine(quantity, fen, "3304990021", rates, contents)
    return assess(Parcel((line,)), used_this_year=0, limits=NOW).tax


def test_cosmetics_bear_consumption_tax_from_ten_yuan_a_millilitre_or_fifteen_a_sheet() -> None:
    small = contents_of("20克/瓶", 40)

    # The published case: 425 yuan for 20 g are 21.25 a gram.
    assert serum(42_500, small) == Tax(0, 5_250, 4_550)
    assert serum(20_000, small).consumption_tax > 0
    assert serum(19_999, small) == Tax(0, 0, 1_820)
    assert serum(39_998, small, quantity=2).consumption_tax == 0
    # Heavier than it looks: 5 sheets of 300 g are 75 yuan by the sheet, and 3,000 by the gram.
    sheets = contents_of("5片/盒", 300)
    assert serum(7_500, sheets).consumption_tax > 0
    assert serum(7_499, sheets).consumption_tax == 0
    # Where nobody knows what it holds it is taxed.
    assert serum(100, None).consumption_tax > 0


def test_freight_counts_towards_the_threshold() -> None:
    rates = replace(VAT, consumption_tax=Decimal("0.15"), threshold=COSMETICS)
    line = ParcelLine(1, 19_999, "3304990021", rates, contents_of("20克/瓶", 40))

    taxed = assess(Parcel((line,), freight=1), used_this_year=0, limits=NOW)

    assert taxed.tax.consumption_tax > 0


def test_tax_by_quantity_counts_what_the_units_hold() -> None:
    """Beer: 220 yuan a tonne, 70 % of it within the limits."""
    rates = replace(VAT, specific=Decimal("220"), specific_unit="070")
    line = ParcelLine(6, 6_000, "2203000000", rates, contents_of("500毫升/罐", 500))

    worked = work_out(Parcel((line,)), used_this_year=0, limits=NOW)

    # 3 kg: 0.66 yuan; VAT of 60.66.
    assert worked.tax == Tax(0, 46, 552)
    assert line.by_quantity == 66
    assert replace(line, contents=None).by_quantity is None
    assert [step.reckoned for step in worked.lines[0].steps][1] == "0.66"


def test_a_pack_of_six_is_taxed_as_six() -> None:
    """Beer: 6 x 330 ml are 1.98 litres at 0.22 yuan: 0.4356, 70 % of it within the limits."""
    rates = replace(VAT, specific=Decimal("0.22"), specific_unit="095")
    pack = ParcelLine(1, 6_000, "2203000000", rates, contents_of("330毫升×6罐/箱", 1_980))

    worked = work_out(Parcel((pack,)), used_this_year=0, limits=NOW)

    assert pack.by_quantity == Fraction("43.56")
    # 0.30492; 13 % of 60.4356, 70 % of it: 5.49964.
    assert worked.tax == Tax(0, 30, 550)
    cans = ParcelLine(6, 6_000, "2203000000", rates, contents_of("330毫升/罐", 330))
    assert work_out(Parcel((cans,)), used_this_year=0, limits=NOW).tax == worked.tax


def test_ten_ampoules_of_a_box_are_held_against_the_threshold_together() -> None:
    """50 ml x 10 at 10 yuan a millilitre: from 5,000 yuan on, which no box within the limit costs;
    of 5 ml x 10 from 500 yuan on."""
    box = contents_of("50毫升×10瓶/盒", 700)
    assert serum(60_000, box) == Tax(0, 0, 5_460)
    ampoules = contents_of("5毫升×10支/盒", 120)
    assert serum(49_999, ampoules) == Tax(0, 0, 4_550)
    assert serum(50_000, ampoules) == Tax(0, 6_176, 5_353)


def test_a_proved_origin_lowers_the_duty_in_general_trade() -> None:
    rates = replace(VAT, by_origin={"AUS": Decimal(0)})
    line = ParcelLine(2, 600_000, "0409000000", rates)

    def duty(origin: str) -> int:
        parcel = Parcel((replace(line, origin=origin),))
        return work_out(parcel, used_this_year=0, limits=NOW).tax.duty

    assert (duty(""), duty("DEU"), duty("AUS")) == (30_000, 30_000, 0)


def test_nobody_brings_in_more_sugar_in_a_year_than_the_list_allows() -> None:
    rates = replace(VAT, limit_g=2_000)
    bag = ParcelLine(1, 1_000, "1701991090", rates, contents_of("1千克/袋", 1_010))
    parcel = Parcel((bag,))

    with pytest.raises(OverWeightLimit) as refused:
        assess(parcel, used_this_year=0, limits=NOW, used_grams={"17019910": 1_001})
    assert refused.value.facts == {
        "code": "17019910",
        "order": "1 kg",
        "used": "1.001 kg",
        "limit": "2 kg",
    }
    found = assess_in_turn(
        [("anna", parcel), ("ben", parcel), ("anna", parcel), ("anna", parcel)],
        used={},
        limits=NOW,
        used_grams={("ben", "17019910"): 1_500},
    )
    assert [type(one).__name__ for one in found] == [
        "Assessment",
        "OverWeightLimit",
        "Assessment",
        "OverWeightLimit",
    ]
