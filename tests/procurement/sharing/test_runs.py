"""A stored sharing is done again, and a changed number in it is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.sharing import runs
from procurement.rules.sharing.quantities import Policy, SharesNotUsable
from tests.procurement.sharing.wishes import (
    UNIFORM,
    Line,
    calmly,
    demand,
    held,
    lines,
    policies,
    stock,
    supply,
)


@calmly
@given(lines=lines, units=stock, policy=policies, again=stock)
def test_a_stored_run_comes_to_the_same_again(
    lines: list[Line], units: int, policy: Policy, again: int
) -> None:
    wishes = demand(lines)
    first = runs.run(wishes, supply(units, pack=4), policy=policy)
    second = runs.run(wishes, supply(again, pack=4), policy=policy, **held(first.shares))

    for made in (first, second):
        replayed = runs.replay(runs.to_json(made))
        assert replayed.digest == made.digest
        assert replayed.shares.given.equals(made.shares.given)


@calmly
@given(place=st.integers(0, 10_000), by=st.sampled_from([-1, 1]))
def test_no_number_of_a_stored_run_can_be_changed_unseen(place: int, by: int) -> None:
    made = runs.run(
        demand([(9, 2, 1, 8, 0), (7, 0, 3, 7, 1), (5, 5, 0, 9, 1)]), supply(13), policy=UNIFORM
    )
    text = json.loads(runs.to_json(made))
    spots = [
        (table, column, row)
        for table in runs.TABLES
        if text[table]
        for column, values in text[table].items()
        for row in range(len(values))
    ]
    table, column, row = spots[place % len(spots)]
    text[table][column][row] += by

    with pytest.raises((runs.RunDiffers, runs.RunNotReadable, SharesNotUsable)):
        runs.replay(json.dumps(text))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format":"bondpool.allocation/1"}', "\x00"])
def test_what_is_no_stored_run_is_said_to_be_none(text: str) -> None:
    with pytest.raises(runs.RunNotReadable):
        runs.replay(text)
