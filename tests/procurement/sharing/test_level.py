"""Under the uniform rule tolerance is shared level, so that nobody gains by wishing for more."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.sharing import runs
from procurement.rules.sharing.quantities import Flexible, Policy, share_out
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.sharing.splitting import Groups, level_between
from tests.procurement.sharing.wishes import Line, calmly, demand, lines, stock, supply, told

UNIFORM = Policy(shortage=Shortage.UNIFORM)


@calmly
@given(
    lines=lines, units=stock, who=st.integers(0, 8), lie=st.integers(1, 60), firm=st.integers(0, 99)
)
def test_under_the_uniform_rule_whoever_wants_less_gains_nothing_by_wishing_for_more(
    lines: list[Line], units: int, who: int, lie: int, firm: int
) -> None:
    """With tolerances: against the true wish with as much of it firm, and the same on top."""
    told_true = lines or [(3, 1, 2, 3, 0)]
    who %= len(told_true)
    need, _less, more, entitlement, filed = told_true[who]
    firm %= need + lie + 1
    told_true[who] = (need, need - min(firm, need), more, entitlement, filed)
    inflated = [*told_true]
    inflated[who] = (need + lie, need + lie - firm, more, entitlement, filed)
    honest, _ = told(share_out(demand(told_true), supply(units), policy=UNIFORM))
    lying, _ = told(share_out(demand(inflated), supply(units), policy=UNIFORM))

    assert min(lying[who], need) <= min(honest[who], need)


@calmly
@given(lines=lines, units=stock, who=st.integers(0, 8), lie=st.integers(1, 60))
def test_under_the_uniform_rule_saying_more_on_top_gives_no_more_of_it(
    lines: list[Line], units: int, who: int, lie: int
) -> None:
    told_true = lines or [(3, 1, 2, 3, 0)]
    who %= len(told_true)
    need, less, more, entitlement, filed = told_true[who]
    inflated = [*told_true]
    inflated[who] = (need, less, more + lie, entitlement, filed)
    honest, _ = told(share_out(demand(told_true), supply(units), policy=UNIFORM))
    lying, _ = told(share_out(demand(inflated), supply(units), policy=UNIFORM))

    # Only who had all that it said it would take can get more by saying more.
    assert honest[who] == need + more or lying[who] <= honest[who]


def test_tolerance_is_shared_level_under_the_uniform_rule_and_in_proportion_by_the_others() -> None:
    tolerant, lying = [(10, 5, 0, 10, 0)] * 2, [(20, 15, 0, 20, 0), (10, 5, 0, 10, 0)]
    on_top, greedy = [(10, 0, 2, 10, 0)] * 2, [(10, 0, 8, 10, 0), (10, 0, 2, 10, 0)]
    got = {
        rule: [
            told(share_out(demand(wishes), supply(units), policy=Policy(shortage=rule)))[0]
            for wishes, units in ((tolerant, 15), (lying, 15), (on_top, 22), (greedy, 22))
        ]
        for rule in Shortage
    }
    proportional = [[8, 7], [9, 6], [11, 11], [12, 10]]

    assert got == {
        Shortage.UNIFORM: [[8, 7], [8, 7], [11, 11], [11, 11]],
        Shortage.PRO_RATA: proportional,
        Shortage.UNIFORM_FLOOR: proportional,
    }
    before = Policy(shortage=Shortage.UNIFORM, flexible=Flexible.PROPORTIONAL)
    assert told(share_out(demand(lying), supply(15), policy=before))[0] == [9, 6]


@calmly
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), st.data()
)
def test_a_level_line_between_floors_and_tops_is_exact_and_as_level_as_they_allow(
    rows: list[tuple[int, int]], data: st.DataObject
) -> None:
    floors = np.array([floor for floor, _ in rows], dtype=np.int64)
    tops = floors + np.array([room for _, room in rows], dtype=np.int64)
    total = data.draw(st.integers(int(floors.sum()), int(tops.sum())))

    got = level_between(
        Groups.of_rows(np.zeros(len(rows), dtype=np.int64), 1), np.array([total]), floors, tops
    )

    assert got.sum() == total
    assert ((floors <= got) & (got <= tops)).all()
    # Whoever has more than another by more than one unit cannot go lower, or the other not higher.
    for one in range(len(rows)):
        for other in range(len(rows)):
            if got[one] > got[other] + 1:
                assert got[one] == floors[one] or got[other] == tops[other]


def test_a_sharing_stored_before_is_done_again_as_it_was() -> None:
    wishes = demand([(20, 15, 0, 20, 0), (10, 5, 0, 10, 0)])
    before = Policy(shortage=Shortage.UNIFORM, flexible=Flexible.PROPORTIONAL)

    old, new = (runs.run(wishes, supply(15), policy=policy) for policy in (before, UNIFORM))

    assert '"flexible"' not in runs.to_json(old)
    assert runs.replay(runs.to_json(old)).shares.given["units"].tolist() == [9, 6]
    assert runs.replay_packed(runs.packed(old)).digest == old.digest
    assert runs.replay(runs.to_json(new)).shares.given["units"].tolist() == [8, 7]
    assert runs.replay_packed(runs.packed(new)).digest == new.digest
