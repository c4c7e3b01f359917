"""Whatever travels in whatever parts: units and money sum to the line, and no part is negative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rules.parting import MoreThanIsOpen, Part, amount_of, left_of, part_of

OWNERS = st.dictionaries(
    st.integers(1, 50),
    st.builds(Part, st.integers(0, 10_000), st.integers(0, 10**9)),
    min_size=1,
    max_size=12,
)


@given(OWNERS, st.lists(st.integers(1, 5_000), max_size=8))
def test_the_parts_of_a_line_sum_to_it_for_everybody(
    owners: dict[int, Part], wanted: list[int]
) -> None:
    whole, still_open = owners, owners
    taken = {owner: Part(0, 0) for owner in owners}
    units = [*wanted, 10**9]
    for at, one in enumerate(units):
        there = sum(part.quantity for part in still_open.values())
        money = sum(part.amount_minor for part in still_open.values())
        is_last = at == len(units) - 1
        quantity = there if is_last else min(one, there)
        amount = amount_of(quantity=quantity, open_quantity=there, open_minor=money)
        parts = part_of(still_open, quantity=quantity, amount_minor=amount)

        assert sum(part.quantity for part in parts.values()) == quantity
        assert sum(part.amount_minor for part in parts.values()) == amount
        assert all(part.quantity >= 0 and part.amount_minor >= 0 for part in parts.values())
        still_open = left_of(still_open, parts)
        assert all(p.quantity >= 0 and p.amount_minor >= 0 for p in still_open.values())
        taken = {
            owner: Part(
                taken[owner].quantity + parts[owner].quantity,
                taken[owner].amount_minor + parts[owner].amount_minor,
            )
            for owner in taken
        }

    assert taken == whole


@given(OWNERS)
def test_all_at_once_is_everybodys_own(owners: dict[int, Part]) -> None:
    units = sum(part.quantity for part in owners.values())
    money = sum(part.amount_minor for part in owners.values())

    assert part_of(owners, quantity=units, amount_minor=money) == owners


def test_a_part_costs_to_the_nearest_cent_and_the_last_the_rest() -> None:
    assert amount_of(quantity=1, open_quantity=3, open_minor=100) == 33
    assert amount_of(quantity=2, open_quantity=3, open_minor=100) == 67
    assert amount_of(quantity=1, open_quantity=1, open_minor=34) == 34


def test_more_than_is_open_is_refused() -> None:
    with pytest.raises(MoreThanIsOpen):
        amount_of(quantity=4, open_quantity=3, open_minor=100)
    with pytest.raises(MoreThanIsOpen):
        part_of({1: Part(3, 100)}, quantity=4, amount_minor=100)
