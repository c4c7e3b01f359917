"""Which lists a release of the authority is about, and which it cannot be about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from core.errors import DomainError
from customs.rules import releasing as rules
from customs.rules.releasing import ListStands

DRAWN = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
AT = DRAWN + timedelta(hours=3)
STANDS = MappingProxyType(
    {
        "RL-1": ListStands("RL-1", DRAWN),
        "RL-2": ListStands("RL-2", DRAWN, released="CEB-9"),
        "RL-3": ListStands("RL-3", DRAWN, is_voided=True),
    }
)


def test_what_was_recorded_before_is_left_and_a_list_told_twice_is_one() -> None:
    found = rules.to_release(["RL-1", "RL-2", "RL-1"], STANDS, reference="CEB-9", released_at=AT)

    assert found == ["RL-1"]


@pytest.mark.parametrize(
    ("lists", "at", "refusal"),
    [
        (["RL-1", "RL-7"], AT, rules.RetailListUnknown(list="RL-7")),
        (["RL-3"], AT, rules.RetailListVoided(list="RL-3")),
        (["RL-2"], AT, rules.RetailListReleased(list="RL-2", reference="CEB-9")),
        (
            ["RL-1"],
            DRAWN - timedelta(seconds=1),
            rules.ReleaseBeforeList(list="RL-1", field="released_at"),
        ),
        ([f"RL-{n}" for n in range(1001)], AT, rules.TooManyLists(lists=1001, limit=1000)),
    ],
)
def test_a_release_that_cannot_be_is_refused_and_names_the_list(
    lists: list[str], at: datetime, refusal: DomainError
) -> None:
    with pytest.raises(type(refusal)) as refused:
        rules.to_release(lists, STANDS, reference="CEB-8", released_at=at)

    assert refused.value.facts == refusal.facts


def test_a_reference_is_one_line_and_a_release_is_of_the_past() -> None:
    assert rules.check_told(" CEB-1 ", AT, now=AT) == "CEB-1"
    assert rules.check_told("", AT, now=AT) == ""
    for wrong in ("x" * 41, "one\ntwo"):
        with pytest.raises(rules.ReferenceWrong):
            rules.check_told(wrong, AT, now=AT)
    with pytest.raises(rules.ReleaseInTheFuture):
        rules.check_told("", AT, now=AT - timedelta(seconds=1))
