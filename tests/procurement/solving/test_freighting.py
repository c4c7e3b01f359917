"""The cheapest way to ship a volume and a weight: exact, for containers, part load and mixes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.rules.solving.freighting import Freight, Load, lcl_cost
from procurement.rules.solving.terms import Container, Lane

TYPES = st.lists(
    st.tuples(st.integers(50, 400), st.integers(20, 90), st.integers(20, 90)),
    min_size=0,
    max_size=3,
)


def lane(types: list[tuple[int, int, int]], lcl: int | None = None, minimum: int = 0) -> Lane:
    boxes = tuple(Container(f"BOX{n}", *told) for n, told in enumerate(types))
    return Lane(
        1, "CNY", "FOB", 10**9, containers=boxes, lcl_price=lcl, lcl_minimum=minimum,
        pays_freight=True,
    )  # fmt: skip


def tried(terms: Lane, cm3: int, grams: int) -> int:
    """Every mix, priced."""
    best = None
    most = [max(-(-cm3 // kind.cm3), -(-grams // kind.grams)) for kind in terms.containers]
    for counts in itertools.product(*(range(number + 1) for number in most)):
        kinds = list(zip(counts, terms.containers, strict=True))
        left = max(
            cm3 - sum(n * kind.cm3 for n, kind in kinds),
            grams - sum(n * kind.grams for n, kind in kinds),
            0,
        )
        cost = sum(n * kind.price for n, kind in kinds)
        if left and terms.lcl_price is None:
            continue
        cost += lcl_cost(terms, left) if left else 0
        best = cost if best is None else min(best, cost)
    assert best is not None
    return best


@given(
    types=TYPES,
    lcl=st.one_of(st.none(), st.integers(500_000, 9_000_000)),
    minimum=st.integers(0, 150),
    cm3=st.integers(0, 300),
    grams=st.integers(0, 300),
)
@settings(max_examples=150, deadline=None)
def test_no_mix_is_cheaper_than_the_one_found(
    types: list[tuple[int, int, int]], lcl: int | None, minimum: int, cm3: int, grams: int
) -> None:
    if not types and lcl is None:
        lcl = 1_000_000
    terms = lane(types, lcl, minimum)

    cost, load = Freight(terms).cheapest(cm3, grams)

    assert cost == (tried(terms, cm3, grams) if cm3 or grams else 0)
    assert load.count or load.lcl or not (cm3 or grams)


@pytest.mark.parametrize(
    ("cm3", "expected"),
    [
        (0, Load()),
        (10, Load(lcl=10)),
        (50, Load((("BOX0", 1),))),
        (70, Load((("BOX0", 1),), 10)),
        (119, Load((("BOX1", 1),))),
        (180, Load((("BOX0", 1), ("BOX1", 1)))),
    ],
)
def test_part_load_containers_and_mixes_each_have_their_turn(cm3: int, expected: Load) -> None:
    # A box of 60 for 100, one of 120 for 180, and part load at 4 for each.
    terms = lane([(100, 60, 60), (180, 120, 120)], 4_000_000)

    assert Freight(terms).cheapest(cm3, cm3)[1] == expected


def test_heavy_goods_fill_a_container_by_weight() -> None:
    terms = lane([(100, 60, 20)])

    assert Freight(terms).cheapest(30, 41) == (300, Load((("BOX0", 3),)))


def test_very_many_containers_are_found_at_once() -> None:
    terms = lane([(100, 60, 60), (180, 120, 120), (190, 130, 130)])

    cost, load = Freight(terms).cheapest(10**12, 10**12)

    assert load.count >= 10**12 // 130
    assert cost <= 190 * (10**12 // 130 + 1)
