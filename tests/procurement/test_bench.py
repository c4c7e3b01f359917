"""The bench measures what users do and leaves nothing behind."""

from __future__ import annotations

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from procurement import bench
from procurement.models import Forecast, PoolRound


def test_the_bench_pools_what_it_says_and_leaves_nothing(transactional_db: None) -> None:
    told: list[str] = []

    measured = bench.measure("small", bench.made_up_rows(300), runs=1, told=told.append)

    assert (measured.lines, measured.sellers, measured.products) == (300, 30, 10)
    assert measured.shares >= 300
    assert 0 < measured.floor_s < measured.total_s
    assert measured.memory_peak_mib > 0
    assert told
    with platform_wide():
        assert not Forecast.objects.exists()
    assert not PoolRound.objects.exists()
    assert not Product.objects.exists()
    assert not Company.objects.exists()


def test_the_made_up_rows_are_always_the_same() -> None:
    rows = bench.made_up_rows(1000)

    assert rows == bench.made_up_rows(1000)
    assert len({(seller, sku) for seller, sku, _ in rows}) == 1000
    assert all(1 <= units <= 9999 for _, _, units in rows)
