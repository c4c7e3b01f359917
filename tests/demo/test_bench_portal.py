"""The bench of the pages works: rows that keep the tables' rules, addresses that are asked."""

from __future__ import annotations

from accounts.models import Role
from core.walls import platform_wide
from demo import measuring, sampling
from demo.crowd import Crowd, Size
from procurement.models import ForecastLine, PoolRound
from procurement.queries import forecasts
from warehouse.models import Lot, StockPosting

SMALL = Size(
    sellers=12,
    products=40,
    suppliers=4,
    forecast_lines=2000,
    shipments=88,
    lots=440,
    movements=1600,
    retail_orders=150,
    payables=60,
    events=60,
    notices=60,
)


def test_the_bench_fills_a_platform_and_asks_its_pages(db: None) -> None:
    told: list[str] = []
    with platform_wide():
        Crowd(SMALL, using="default", told=lambda what, _done, _of: told.append(what)).fill()
        assert ForecastLine.objects.count() == 2000
        assert Lot.objects.count() == 440
        assert StockPosting.objects.count() == 1600
        addresses = {route: sampling.address_of(route) for route in sampling.routes()}
        for closed in PoolRound.objects.filter(state="closed"):
            assert forecasts.standings([closed]) == forecasts.count_standings([closed])
    assert told[-1] == "done"

    asking = measuring.Asking(runs=1, list_runs=1, only="warehouse/lots/")
    report = measuring.measure(asking, told=told.append)

    asked = {(one.address, one.role) for one in report.figures}
    assert ("warehouse/lots/", Role.WAREHOUSE) in asked
    assert ("warehouse/lots/<str:number>/", Role.OPERATOR) in asked
    assert all(one.p95_ms > 0 and one.queries > 0 for one in report.figures)
    assert report.floor_ms > 0
    table = measuring.markdown(report.as_json(), rows=1).splitlines()
    assert len(table) == 3
    assert table[2].startswith("| `/warehouse/lots/")
    # Only what a letter or a moment opens is not known; tests/walls/test_query_counts.py.
    unknown = {route for route, address in addresses.items() if address is None}
    assert not any(report_of in unknown for report_of in ("", "stock/", "api/v1/jobs/<job>"))
