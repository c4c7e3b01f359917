"""The problems the bench solves: always the same, and solved as near as is promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from procurement.bench_plans import made_up_problem, measure, real_problem

ROOT = Path(__file__).resolve().parents[3]
REAL = ROOT.parent / "shared/data/demand"
MAPPING = ROOT / "platform/demo/data/mapping.toml"


def test_a_made_up_round_is_always_the_same() -> None:
    one = made_up_problem(products=30, suppliers=3, twice=50)

    assert one == made_up_problem(products=30, suppliers=3, twice=50)
    assert len(one.items) == 30
    assert len(one.offers) > 30


def test_a_made_up_round_is_solved_as_near_as_promised() -> None:
    found = measure("small", made_up_problem(products=60, suppliers=4), time_limit_s=10)

    assert (found.products, found.suppliers, found.offers) == (60, 4, 60)
    assert found.gap_percent <= 1
    assert found.saved_percent >= 0
    assert 0 < found.floor_s < found.solve_s


@pytest.mark.skipif(not REAL.is_dir(), reason="the real demand is not beside the checkout")
def test_the_real_round_is_solved_within_one_percent() -> None:
    found = measure("real", real_problem(REAL, MAPPING), time_limit_s=20)

    assert (found.products, found.suppliers) == (248, 7)
    assert found.gap_percent <= 1
    assert found.saved_percent > 1
