"""Who gets how many units: published cases, and what must hold for any input."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.sharing import runs
from procurement.rules.sharing.quantities import Policy, SharesNotUsable, share_out
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.sharing.splitting import NotSplittable, level, split, split_told
from tests.procurement.sharing.wishes import (
    ENTITLEMENT_FLOOR,
    PACK_FLOOR,
    PRO_RATA,
    UNIFORM,
    Line,
    calmly,
    demand,
    held,
    lines,
    one_group,
    policies,
    stock,
    supply,
    told,
    wanting,
)

#: Persons of each state that counted in 1790; a public fact of that census.
CENSUS_1790 = {
    "VA": 630_560,
    "MA": 475_327,
    "PA": 432_879,
    "NC": 353_523,
    "NY": 331_589,
    "MD": 278_514,
    "CT": 236_841,
    "SC": 206_236,
    "NJ": 179_570,
    "NH": 141_822,
    "VT": 85_533,
    "GA": 70_835,
    "KY": 68_705,
    "RI": 68_446,
    "DE": 55_540,
}


def test_the_largest_remainder_gives_the_states_of_1790_their_seats() -> None:
    seats = split(one_group(15), np.array([60]), np.array(list(CENSUS_1790.values())))

    assert dict(zip(CENSUS_1790, seats.tolist(), strict=True)) == {
        "VA": 11,
        "MA": 8,
        "PA": 7,
        "NC": 6,
        "NY": 6,
        "MD": 5,
        "CT": 4,
        "SC": 3,
        "NJ": 3,
        "NH": 2,
        "VT": 1,
        "GA": 1,
        "KY": 1,
        "RI": 1,
        "DE": 1,
    }


@pytest.mark.parametrize(
    ("estate", "proportional", "uniform"),
    [
        (100, [50, 100, 150], [100, 100, 100]),
        (200, [100, 200, 300], [200, 200, 200]),
        (300, [150, 300, 450], [300, 300, 300]),
    ],
)
def test_claims_of_100_200_and_300_are_shared_as_published(
    estate: int, proportional: list[int], uniform: list[int]
) -> None:
    """In thirds of a unit, so that the published 16 2/3 and 66 2/3 are whole."""
    claims = wanting(300, 600, 900)

    assert told(share_out(claims, supply(3 * estate), policy=PRO_RATA)) == (proportional, 0)
    assert told(share_out(claims, supply(3 * estate), policy=UNIFORM)) == (uniform, 0)


@pytest.mark.parametrize(
    ("estate", "talmud"),
    [(100, [100, 100, 100]), (200, [150, 225, 225]), (300, [150, 300, 450])],
)
def test_half_claims_shared_uniformly_are_the_talmuds_division(
    estate: int, talmud: list[int]
) -> None:
    """Aumann & Maschler 1985, for estates up to half of all claims; in thirds of a unit."""
    awards = level(one_group(3), np.array([3 * estate]), np.array([150, 300, 450]))

    assert awards.tolist() == talmud


def test_equal_claims_to_the_last_unit_go_by_filing_and_then_by_company() -> None:
    wishes = demand([(5, 0, 0, 5, 9), (5, 0, 0, 5, 2), (5, 0, 0, 5, 2)])

    assert told(share_out(wishes, supply(10), policy=UNIFORM)) == ([3, 4, 3], 0)
    assert told(share_out(wishes, supply(11), policy=PRO_RATA)) == ([3, 4, 4], 0)


def test_a_surplus_goes_to_who_would_take_more_and_then_to_the_platform() -> None:
    wishes = demand([(10, 0, 4, 10, 0), (10, 0, 2, 10, 0), (10, 0, 0, 10, 0)])

    assert told(share_out(wishes, supply(33), policy=UNIFORM)) == ([12, 11, 10], 0)
    assert told(share_out(wishes, supply(40), policy=UNIFORM)) == ([14, 12, 10], 4)


def test_a_small_cut_falls_on_those_who_would_do_without() -> None:
    wishes = demand([(10, 6, 0, 10, 0), (10, 3, 0, 10, 0), (10, 0, 0, 10, 0)])

    shares = share_out(wishes, supply(27), policy=Policy(shortage=Shortage.PRO_RATA))

    assert told(shares) == ([8, 9, 10], 0)
    # Under the uniform rule those two have the same, as far as their firm parts allow.
    assert told(share_out(wishes, supply(27), policy=UNIFORM)) == ([9, 8, 10], 0)
    assert shares.platform["case"].tolist() == ["flexed"]


def test_below_the_firm_parts_a_floor_comes_first_and_then_the_credit() -> None:
    # 30 % of 60, 60 and 20 is 18, 18 and 6; the other 18 go 60 : 60 : 20.
    wishes = demand([(60, 0, 0, 60, 0), (90, 0, 0, 60, 0), (30, 0, 0, 20, 0)])

    assert told(share_out(wishes, supply(60), policy=ENTITLEMENT_FLOOR)) == ([26, 26, 8], 0)
    # One pack of 12 each, and 24 more by credit.
    assert told(share_out(wishes, supply(60, pack=12), policy=PACK_FLOOR)) == ([22, 22, 16], 0)
    # Not even the floors: equal up to each one's floor.
    assert told(share_out(wishes, supply(30), policy=ENTITLEMENT_FLOOR)) == ([12, 12, 6], 0)


def test_what_one_cannot_take_by_credit_goes_to_the_others() -> None:
    wishes = demand([(4, 0, 0, 90, 0), (40, 0, 0, 5, 0), (40, 0, 0, 5, 0)])

    assert told(share_out(wishes, supply(44), policy=ENTITLEMENT_FLOOR)) == ([4, 20, 20], 0)


def test_a_seat_is_not_lost_because_a_container_came_later() -> None:
    """Largest remainder alone takes a unit away here (the Alabama paradox)."""
    wishes = wanting(6, 6, 2)
    first = share_out(wishes, supply(10), policy=PRO_RATA)
    afresh = share_out(wishes, supply(11), policy=PRO_RATA)
    later = share_out(wishes, supply(11), policy=PRO_RATA, **held(first))

    assert told(first) == ([4, 4, 2], 0)
    assert told(afresh) == ([5, 5, 1], 0)
    assert told(later) == ([5, 4, 2], 0)


def test_units_given_back_go_to_those_who_are_below_their_share() -> None:
    first = share_out(wanting(10, 10, 10), supply(15), policy=UNIFORM)
    kept = first.given.assign(units=[1, 5, 5])
    later = share_out(wanting(1, 10, 10), supply(15), policy=UNIFORM, before=kept)

    assert told(first) == ([5, 5, 5], 0)
    assert told(later) == ([1, 7, 7], 0)


def test_a_short_count_takes_the_platforms_part_first() -> None:
    wishes = wanting(10, 10)
    first = share_out(wishes, supply(26), policy=UNIFORM)

    assert told(first) == ([10, 10], 6)
    assert told(share_out(wishes, supply(21), policy=UNIFORM, **held(first))) == ([10, 10], 1)
    assert told(share_out(wishes, supply(17), policy=UNIFORM, **held(first))) == ([9, 8], 0)


def test_who_holds_units_without_a_wish_keeps_them() -> None:
    before = pd.DataFrame({"product_id": [1], "seller_id": [7], "units": [3]})

    shares = share_out(wanting(10), supply(8), policy=UNIFORM, before=before)

    assert shares.given.to_dict("list") == {
        "product_id": [1, 1],
        "seller_id": [1, 7],
        "units": [5, 3],
    }


def test_products_nobody_wished_for_are_the_platforms_and_what_never_came_is_nobodys() -> None:
    shares = share_out(wanting(10), supply(8, product=2), policy=UNIFORM)

    assert shares.given["units"].tolist() == [0]
    assert shares.platform[["product_id", "units"]].values.tolist() == [[1, 0], [2, 8]]


def test_an_empty_round_shares_nothing() -> None:
    shares = share_out(demand([]), supply(0).iloc[:0], policy=UNIFORM)

    assert shares.given.empty
    assert shares.platform.empty


@pytest.mark.parametrize(
    "broken",
    [
        demand([(1, 2, 0, 1, 0)]),
        demand([(-1, 0, 0, 1, 0)]),
        demand([(2**31, 0, 0, 1, 0)]),
        demand([(1, 0, 0, 1, 0)]).assign(quantity=1.5),
        pd.concat([wanting(1), wanting(2)]),
    ],
    ids=["less than nothing", "negative", "too large", "float", "twice"],
)
def test_what_is_no_whole_demand_is_refused(broken: pd.DataFrame) -> None:
    with pytest.raises(SharesNotUsable):
        share_out(broken, supply(1), policy=UNIFORM)


def test_nobody_is_not_a_carrier() -> None:
    with pytest.raises(NotSplittable):
        split(one_group(2), np.array([5]), np.array([0, 0]))


@calmly
@given(lines=lines, units=stock, policy=policies)
def test_every_unit_is_somebodys_and_nobody_gets_more_than_it_would_take(
    lines: list[Line], units: int, policy: Policy
) -> None:
    given_units, surplus = told(share_out(demand(lines), supply(units, pack=5), policy=policy))

    assert sum(given_units) + surplus == units
    assert all(0 <= got <= line[0] + line[2] for got, line in zip(given_units, lines, strict=True))
    # The platform gets something only when nobody would take more.
    assert surplus == 0 or given_units == [line[0] + line[2] for line in lines]
    if units <= sum(line[0] for line in lines):
        assert all(got <= line[0] for got, line in zip(given_units, lines, strict=True))
    if units >= sum(line[0] - line[1] for line in lines):
        assert all(got >= line[0] - line[1] for got, line in zip(given_units, lines, strict=True))


@calmly
@given(lines=lines, units=stock, policy=policies)
def test_the_order_of_rows_changes_nothing(lines: list[Line], units: int, policy: Policy) -> None:
    wishes = pd.concat([demand(lines), demand(lines[::-1], product=2)], ignore_index=True)
    there = pd.concat([supply(units), supply(units // 2, product=2)])
    turned = wishes.sample(frac=1, random_state=len(lines))

    one = runs.run(wishes, there, policy=policy)
    other = runs.run(turned, there.iloc[::-1], policy=policy)

    assert one.digest == other.digest
    assert runs.to_json(one) == runs.to_json(other)


@calmly
@given(lines=lines, arrivals=st.lists(st.integers(0, 60), max_size=5), policy=policies)
def test_nobody_ever_gets_less_because_more_arrived(
    lines: list[Line], arrivals: list[int], policy: Policy
) -> None:
    wishes, units = demand(lines), 0
    shares = share_out(wishes, supply(0), policy=policy)
    for arrived in arrivals:
        units += arrived
        later = share_out(wishes, supply(units, pack=5), policy=policy, **held(shares))

        assert (later.given["units"] >= shares.given["units"]).all()
        assert sum(later.given["units"]) + sum(later.platform["units"]) == units
        assert all(
            got <= line[0] + line[2]
            for got, line in zip(later.given["units"].tolist(), lines, strict=True)
        )
        shares = later


@calmly
@given(lines=lines, first=stock, second=stock, policy=policies)
def test_what_is_taken_back_is_taken_only_from_those_above_their_share(
    lines: list[Line], first: int, second: int, policy: Policy
) -> None:
    wishes, more, fewer = demand(lines), max(first, second), min(first, second)
    had = share_out(wishes, supply(more, pack=5), policy=policy)
    afresh = share_out(wishes, supply(fewer, pack=5), policy=policy)
    has = share_out(wishes, supply(fewer, pack=5), policy=policy, **held(had))

    assert sum(has.given["units"]) + sum(has.platform["units"]) == fewer
    assert (has.given["units"] <= had.given["units"]).all()
    assert (has.given["units"] >= np.minimum(afresh.given["units"], had.given["units"])).all()


@calmly
@given(lines=lines, units=stock, who=st.integers(0, 8), lie=st.integers(1, 60))
def test_an_inflated_forecast_gains_nothing_under_the_uniform_rule(
    lines: list[Line], units: int, who: int, lie: int
) -> None:
    """Whatever of it the liar calls dispensable, it gets no unit more that it needs."""
    told_true = lines or [(3, 0, 0, 3, 0)]
    who %= len(told_true)
    need, filed = told_true[who][0], told_true[who][4]
    told_true[who] = (need, 0, 0, need, filed)
    for dispensable in (0, lie, need + lie):
        inflated = [*told_true]
        inflated[who] = (need + lie, dispensable, 0, need, filed)
        honest, _ = told(share_out(demand(told_true), supply(units), policy=UNIFORM))
        lying, _ = told(share_out(demand(inflated), supply(units), policy=UNIFORM))

        assert honest[who] >= min(need, lying[who])


def test_only_the_uniform_rule_gives_nothing_for_asking_more() -> None:
    honest, lying = [(100, 0, 0, 80, 0)] * 3, [(300, 0, 0, 240, 0), *[(100, 0, 0, 80, 0)] * 2]
    got = {
        rule: [
            told(share_out(demand(wishes), supply(180), policy=Policy(shortage=rule)))[0]
            for wishes in (honest, lying)
        ]
        for rule in Shortage
    }

    assert got == {
        Shortage.UNIFORM: [[60, 60, 60], [60, 60, 60]],
        Shortage.PRO_RATA: [[60, 60, 60], [108, 36, 36]],
        Shortage.UNIFORM_FLOOR: [[60, 60, 60], [108, 36, 36]],
    }


numbers = st.lists(st.integers(0, 2**40), min_size=1, max_size=8)


@calmly
@given(weights=numbers, total=st.integers(-(2**50), 2**50))
def test_a_split_is_exact_within_one_unit_and_can_be_told_row_by_row(
    weights: list[int], total: int
) -> None:
    if not sum(weights):
        return
    groups, totals = one_group(len(weights)), np.array([total])
    parts = split(groups, totals, np.array(weights))
    told_of = split_told(groups, totals, np.array(weights))

    assert parts.tolist() == told_of.parts.tolist()
    assert sum(parts.tolist()) == total
    for part, weight, rest, place in zip(
        parts.tolist(), weights, told_of.remainders.tolist(), told_of.place.tolist(), strict=True
    ):
        floor, remainder = divmod(abs(total) * weight, sum(weights))
        up = remainder > told_of.cut[0] or (
            remainder == told_of.cut[0] and place <= told_of.taken[0]
        )
        assert rest == remainder
        assert abs(part) == floor + up
        assert part * total >= 0
