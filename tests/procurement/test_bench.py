"""The bench measures what users do and leaves nothing behind."""

from __future__ import annotations

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from procurement import bench, bench_large
from procurement.management.commands.bench import promises
from procurement.models import Forecast, PoolRound
from procurement.sharing_bench import FREIGHT_BILLS


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


def test_a_large_round_is_closed_as_a_real_one_and_leaves_nothing(transactional_db: None) -> None:
    case = bench_large.Case(lines=240, sellers=12, products=40, suppliers=4)

    measured = bench_large.measure(case, told=lambda _line: None)

    assert (measured.lines, measured.sellers, measured.products) == (240, 12, 40)
    assert 0 < measured.orders <= 4
    # One of the twelve has not paid its deposit.
    assert measured.shares >= 220
    assert measured.gap_percent <= 1
    assert 0 < measured.solve_s < measured.order_s
    assert measured.own_s < measured.billed_s
    with platform_wide():
        assert not Forecast.objects.exists()
    assert not PoolRound.objects.exists()
    assert not Company.objects.exists()


def test_every_promise_of_speed_is_told_with_what_was_measured() -> None:
    large = [
        {"lines": 10_000, "own_s": 0.5, "floor_s": 0.2, "ratio": 2.5, "memory_mib": 300},
        {"lines": 100_000, "own_s": 2.0, "floor_s": 0.5, "ratio": 4.0, "memory_mib": 500},
        {"lines": 1_000_000, "own_s": 21.0, "floor_s": 7.0, "ratio": 3.0, "memory_mib": 1_400},
    ]
    large = [one | {"billed_s": one["own_s"] * 2 / 3} for one in large]
    planned = [{"name": "real forecasts", "solve_s": 9.0, "floor_s": 0.1, "gap_percent": 1.2}]
    shared = [{"name": FREIGHT_BILLS, "groups": 1_233, "ours_s": 0.1, "floor_s": 0.01}]

    told = promises(shared, planned, large)

    assert [(one.limit, one.found, one.is_kept) for one in told] == [
        (15, 21.0, False),
        (15, 14.0, True),
        (1_536, 1_400, True),
        (4, 3.0, True),
        (10, 10.5, False),
        (10, 4.0, True),
        (30, 9.0, True),
        (1, 1.2, False),
        (1, 0.1, True),
    ]
