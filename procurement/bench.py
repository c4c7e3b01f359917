"""How long pooling takes, beside the least that any program could do with the same rows.

The floor: the rows are read with COPY into a bare table and summed by one GROUP BY.
Ours: the same bytes are read as a person's file, checked row by row, filed as versions,
planned, ordered, and every seller's share and bill is written, behind row-level security.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection, transaction

from accounts.models import Company, CompanyKind
from catalog.models import TradingPartner
from catalog.rules import NewProduct
from catalog.services import add_products
from core.sheets import read_sheet
from core.walls import platform_wide
from procurement import services
from procurement.models import OrderShare, PoolRound
from procurement.rules.forecasting import Wish

#: A quarter nobody files for: the bench runs beside real rounds and is rolled back.
QUARTER = "2006-Q1"
OPENS = datetime(2006, 1, 2, tzinfo=UTC)
CUTOFF = datetime(2006, 2, 1, tzinfo=UTC)
COLUMNS = ("quarter", "seller", "sku", "forecast_units")
SUPPLIERS = 20
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Measured:
    """One file measured; seconds, the median of ``runs``. Peak memory is the process's."""

    name: str
    lines: int
    sellers: int
    products: int
    orders: int
    shares: int
    gap_ppm: int
    runs: int
    read_s: float
    file_s: float
    plan_s: float
    close_s: float
    floor_s: float
    memory_before_mib: int
    memory_peak_mib: int

    @property
    def total_s(self) -> float:
        """From the file's bytes to orders and shares in the database."""
        return self.read_s + self.file_s + self.plan_s + self.close_s

    @property
    def ratio(self) -> float:
        """Ours against the floor."""
        return self.total_s / self.floor_s


def made_up_rows(count: int) -> list[tuple[str, str, int]]:
    """Seller, SKU and units: always the same, each pair once, units mostly small."""
    # A generator of our own with a fixed seed: it makes a load, not a secret.
    chance = random.Random(20260701)  # noqa: S311
    products = max(10, min(1000, count // 100))
    per_seller = min(50, products)
    rows: list[tuple[str, str, int]] = []
    seller = 0
    while len(rows) < count:
        wanted = chance.sample(range(products), min(per_seller, count - len(rows)))
        rows += [
            (f"SELLER-{seller:05d}", f"ITEM-{product:04d}", 1 + int(chance.paretovariate(1.2)))
            for product in wanted
        ]
        seller += 1
    return [(s, sku, min(units, 9999)) for s, sku, units in rows]


def rows_of(path: Path) -> list[tuple[str, str, int]]:
    """The rows of a real forecast file: columns seller, sku, forecast_units."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (row["seller"], row["sku"], int(row["forecast_units"])) for row in csv.DictReader(file)
        ]


def measure(
    name: str, rows: list[tuple[str, str, int]], *, runs: int, told: Callable[[str], None]
) -> Measured:
    """Measure one set of rows. Everything is rolled back; nothing stays in the database."""
    # Codes of its own, so that a demo in the same database is not met.
    content = _as_file([(f"BENCH-{seller}", f"BENCH-{sku}", n) for seller, sku, n in rows])
    ours: list[tuple[float, float, float, float]] = []
    with platform_wide(), transaction.atomic():
        told(f"{name}: {len(rows):,} lines, preparing sellers, products and offers")
        buyer, platform = _prepare(rows)
        held = services.open_round(quarter=QUARTER, opens_at=OPENS, cutoff_at=CUTOFF)
        floor = [_floor(content) for _ in range(runs + 1)][1:]
        before = _peak_mib()
        made = (0, 0, 0)
        for run in range(runs):
            with transaction.atomic():
                told(f"{name}: run {run + 1} of {runs}")
                *seconds, orders, shares, gap = _ours(content, held, buyer, platform)
                ours.append((seconds[0], seconds[1], seconds[2], seconds[3]))
                made = (orders, shares, gap)
                transaction.set_rollback(True)
        transaction.set_rollback(True)
    middle = [statistics.median(values) for values in zip(*ours, strict=True)]
    return Measured(
        name=name,
        lines=len(rows),
        sellers=len({seller for seller, _, _ in rows}),
        products=len({sku for _, sku, _ in rows}),
        orders=made[0],
        shares=made[1],
        gap_ppm=made[2],
        runs=runs,
        read_s=middle[0],
        file_s=middle[1],
        plan_s=middle[2],
        close_s=middle[3],
        floor_s=statistics.median(floor),
        memory_before_mib=before,
        memory_peak_mib=_peak_mib(),
    )


def _ours(
    content: bytes, held: PoolRound, buyer: Company, platform: Company
) -> tuple[float, float, float, float, int, int, int]:
    began = time.perf_counter()
    rows = read_sheet("forecasts.csv", content, columns=COLUMNS, max_rows=1_000_000)
    wishes = [
        Wish(
            row=row.number,
            quarter=row.values["quarter"],
            sku=row.values["sku"],
            units=row.values["forecast_units"],
            seller=row.values["seller"],
        )
        for row in rows
    ]
    read = time.perf_counter()
    services.import_forecasts(round=held, rows=wishes, filed_by=None, now=OPENS + timedelta(days=1))
    _check_keys()
    filed = time.perf_counter()
    after = CUTOFF + timedelta(days=1)
    # What is planned now is what closing takes.
    planned = services.plan_round(round=held, now=after)
    there = time.perf_counter()
    orders = services.close_round(round=held, buyer=buyer, platform=platform, now=after)
    _check_keys()
    closed = time.perf_counter()
    shares = OrderShare.objects.filter(round=held).count()
    gap = planned.row.gap_ppm
    return read - began, filed - read, there - filed, closed - there, len(orders), shares, gap


def _check_keys() -> None:
    """What a commit would do: foreign keys are checked at its end, and here nothing commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _floor(content: bytes) -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (quarter text, seller text, sku text, units int)")
        began = time.perf_counter()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)
        cursor.execute("SELECT sku, sum(units) FROM bare GROUP BY sku")
        cursor.fetchall()
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return took


def _as_file(rows: list[tuple[str, str, int]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows((QUARTER, *row) for row in rows)
    return out.getvalue().encode()


def _prepare(rows: list[tuple[str, str, int]]) -> tuple[Company, Company]:
    """Sellers, products and offers for the rows: made up, the same each time."""

    def company(code: str, kind: CompanyKind) -> Company:
        return Company(code=f"BENCH-{code}", kinds=[kind.value], name_zh=code, name_en=code)

    sellers = sorted({seller for seller, _, _ in rows})
    Company.objects.bulk_create(
        (company(code, CompanyKind.SELLER) for code in sellers), batch_size=5000
    )
    makers = Company.objects.bulk_create(
        company(f"SUPPLIER-{n}", CompanyKind.SUPPLIER) for n in range(SUPPLIERS)
    )
    partners = TradingPartner.objects.bulk_create(
        TradingPartner(company=maker, currency=("EUR", "USD")[n % 2])
        for n, maker in enumerate(makers)
    )
    buyer, platform = Company.objects.bulk_create(
        [company("BUYER", CompanyKind.IMPORTER), company("PLATFORM", CompanyKind.PLATFORM)]
    )
    products = add_products(
        products=[
            NewProduct(
                sku=f"BENCH-{sku}",
                name_zh=sku,
                name_en=sku,
                hs_code="3304990099",
                origin="DEU",
                net_weight_g=500,
                gross_weight_g=600,
            )
            for sku in sorted({sku for _, sku, _ in rows})
        ]
    )
    services.add_offers(
        offers=[
            services.NewOffer(
                product=product,
                supplier=partners[n % SUPPLIERS],
                currency=partners[n % SUPPLIERS].currency,
                pack_quantity=1 + n % 12,
                minimum_quantity=10 * (n % 6),
                breaks=[(1, 5000 + n), (10, 4700 + n), (50, 4400 + n)],
                valid_from=date(1900, 1, 1),
            )
            for n, product in enumerate(products)
        ]
    )
    return buyer, platform


def _peak_mib() -> int:
    # Linux tells kibibytes.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 // _MIB
