from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from core.walls import platform_wide
from demo import house, processes
from demo.calendar import Quarter
from demo.goods import Goods, read_goods
from demo.story import ForecastFile, Story
from demo.telling import Teller

TODAY = datetime(2026, 11, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
#: Two suppliers in two currencies, four of the demo's products, one of them fresh.
SKUS = ("DE-PAN-28", "DE-FLASK-500", "JP-SHAMPOO-500", "US-CHERRY-2")
SELLERS = tuple(f"S{number:03d}" for number in range(1, 13))


def forecast_rows() -> list[dict[str, str]]:
    """The demo's own forecasts, cut down to a few sellers and products."""
    return [
        row
        for row in house.rows("forecasts.csv")
        if row["sku"] in SKUS and row["seller"] in SELLERS
    ]


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["quarter", "seller", "sku", "forecast_units"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


@pytest.fixture
def wide(transactional_db: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def tellable(wide: None, tmp_path: Path) -> Callable[[list[dict[str, str]]], Story]:
    """A story about some forecasts, told on a clock file in a folder of the test's own."""

    def make(rows: list[dict[str, str]]) -> Story:
        clock = tmp_path / "clock"
        clock.write_text(TODAY.isoformat())
        furnished = house.furnish()
        return Story(
            house=furnished,
            quarter=Quarter.named("2026-Q3"),
            goods=_goods(furnished),
            forecasts=ForecastFile("forecasts.csv", as_csv(rows)),
            teller=Teller(Console(file=io.StringIO()), 13),
            clock=clock,
            today=TODAY,
            retail_orders_per_seller=6,
        )

    return make


def _goods(furnished: house.House) -> list[Goods]:
    currencies = {code: partner.currency for code, partner in furnished.partners.items()}
    content = (house.DATA / "products.csv").read_bytes()
    every = read_goods("products.csv", content, mapping=None, currencies=currencies)
    return [one for one in every if one.sku in SKUS]


@pytest.fixture
def at_work(
    broker: str, tmp_path: Path, wide: None, settings: object, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """A real worker on the story's clock; it and the simulated customs share a test's folders."""
    settings.BONDPOOL_GATEWAYS = tmp_path / "gateways"  # type: ignore[attr-defined]
    monkeypatch.setenv("BONDPOOL_GATEWAYS", str(tmp_path / "gateways"))
    clock = tmp_path / "clock"
    clock.write_text(TODAY.isoformat())
    with processes.worker(tmp_path, clock=clock):
        yield
