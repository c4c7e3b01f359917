"""The bench of storage charges measures what a day costs and leaves nothing behind."""

from __future__ import annotations

import pytest

from accounts.models import Company
from core.walls import platform_wide
from warehouse import bench_fees
from warehouse.models import StorageCharge


@pytest.mark.django_db
def test_the_bench_charges_what_it_says_and_leaves_nothing() -> None:
    told: list[str] = []

    measured = bench_fees.measure(60, lots_each=6, told=told.append)

    # Ten owners with six lots each, one leg in, two out, two sides each.
    assert (measured.balances, measured.legs) == (60, 360)
    # Two units of each lot left twice: by age the two younger layers of each product are whole, of
    # what is loose the younger and a part of the older; the youngest stands on a pallet.
    assert measured.charges == 40 + 40 + 20
    assert measured.corrections > 0
    assert min(measured.floor_s, measured.day_s) > 0
    assert told
    with platform_wide():
        assert not StorageCharge.objects.exists()
    assert not Company.objects.exists()
