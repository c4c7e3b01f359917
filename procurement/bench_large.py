"""A round of up to a million forecast lines: pooled, ordered, shared and stored, then billed.

The round is as hard as a real one: wishes with tolerance, freight terms and minimums of every
supplier, every fifth product from two suppliers, and a deposit that one seller in a hundred does
not pay. It is planned when the deposits are asked for, and closed after they were due; because
some have dropped out by then, it is solved twice. The solver has its time limit; what it took is
told apart, because it works while nothing is held.

The floor, in the same run: the same rows by COPY into a bare table, one GROUP BY, and one
largest-remainder split of what is ordered back to every row, in SQL. Ours starts from the
forecasts as they stand in the database and ends when a commit would: keys checked, shares
stored behind row-level security. What costs everybody bears of it, down to the books, the
deposits and the notices, is a transaction of its own after that, and told beside it.
"""

from __future__ import annotations

import gc
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db import connection, transaction

from accounts.models import Company, CompanyKind, CompanyStatus
from catalog.models import Product, TradingPartner
from catalog.rules import NewProduct
from catalog.services import add_products
from core.copying import Whole, write_whole
from core.walls import platform_wide
from procurement import services
from procurement.models import (
    Deposit,
    DepositEvent,
    DepositStep,
    Forecast,
    ForecastLine,
    PoolRound,
)
from procurement.rules import ordering
from procurement.rules.solving.solution import Solution, solve
from procurement.rules.solving.terms import Problem
from procurement.services.rows import insert_columns

#: A quarter nobody files for; everything is rolled back.
QUARTER = "2006-Q1"
OPENS = datetime(2006, 1, 2, tzinfo=UTC)
CUTOFF = datetime(2006, 2, 1, tzinfo=UTC)
DUE = datetime(2006, 2, 10, tzinfo=UTC)
LONG_AGO = date(1900, 1, 1)
_BOXES = (
    ("20GP", 900_000, 28_000_000, 21_700_000),
    ("40HC", 1_600_000, 68_000_000, 26_300_000),
)
#: The solver's time limit here; it stops earlier once the gap is small enough.
SECONDS = 20.0
_MIB = 1024


@dataclass(frozen=True, slots=True)
class Case:
    """How large a round is."""

    lines: int
    sellers: int
    products: int
    suppliers: int


CASES = (
    Case(10_000, 100, 2_000, 200),
    Case(100_000, 1_000, 2_000, 200),
    Case(1_000_000, 10_000, 2_000, 200),
)


@dataclass(frozen=True, slots=True)
class MeasuredRound:
    """Seconds of one run; ``memory_mib`` is the peak of the whole process."""

    lines: int
    sellers: int
    products: int
    orders: int
    shares: int
    order_s: float
    bill_s: float
    solve_s: float
    ask_s: float
    gap_percent: float
    floor_s: float
    memory_mib: int

    @property
    def own_s(self) -> float:
        """Closing without the solver's seconds: pooled, ordered, shared and stored."""
        return self.order_s - self.solve_s

    @property
    def billed_s(self) -> float:
        """The same until everybody is billed, booked and told."""
        return self.own_s + self.bill_s

    @property
    def ratio(self) -> float:
        return self.own_s / self.floor_s


def measure(case: Case, *, told: Callable[[str], None]) -> MeasuredRound:
    """Measure one round. Everything is rolled back; nothing stays in the database."""
    with platform_wide(), transaction.atomic():
        told(f"{case.lines:,} lines: preparing")
        sellers, products, buyer, platform = _prepare(case)
        policy = ordering.RoundPolicy(deposit_percent=20, deposit_due_at=DUE)
        held = services.open_round(quarter=QUARTER, opens_at=OPENS, cutoff_at=CUTOFF, policy=policy)
        rows = _wishes(case, sellers, products)
        _file(held, rows)
        _check_keys()
        told(f"{case.lines:,} lines: the floor")
        floor = _floor(rows)
        told(f"{case.lines:,} lines: planning, and asking for deposits")
        began = time.perf_counter()
        asked = services.ask_for_deposits(
            round=held, platform=platform, now=CUTOFF + timedelta(hours=1), seconds=SECONDS
        )
        ask_s = time.perf_counter() - began
        _pay(asked)
        # Filing, asking and paying commit by themselves: their keys are not closing's to check.
        _check_keys()
        # What the preparation left in memory is not the closing's to look through.
        gc.collect()
        gc.freeze()
        solved: list[float] = []
        told(f"{case.lines:,} lines: closing the round")
        began = time.perf_counter()
        now = DUE + timedelta(days=2)
        closed = services.order_round(
            round=held, buyer=buyer, platform=platform, now=now, solver=_timed(solved)
        )
        _check_keys()
        order_s = time.perf_counter() - began
        told(f"{case.lines:,} lines: billing the round")
        began = time.perf_counter()
        services.bill_at_once(held, closed.ordered, now=now)
        _check_keys()
        bill_s = time.perf_counter() - began
        plan = held.plans.order_by("number").last()
        shares = _count("SELECT count(*) FROM procurement_ordershare WHERE round_id = %s", held.pk)
        transaction.set_rollback(True)
    return MeasuredRound(
        lines=case.lines,
        sellers=case.sellers,
        products=case.products,
        orders=len(closed.orders),
        shares=shares,
        order_s=order_s,
        bill_s=bill_s,
        solve_s=sum(solved),
        ask_s=ask_s,
        gap_percent=plan.gap_ppm / 10_000 if plan else 0.0,
        floor_s=floor,
        memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _MIB,
    )


def _timed(solved: list[float]) -> Callable[[Problem], Solution]:
    """The solver within the bench's seconds; what it took is noted."""

    def solver(problem: Problem) -> Solution:
        began = time.perf_counter()
        try:
            return solve(problem, time_limit_s=SECONDS, gap=settings.SOLVER_GAP)
        finally:
            solved.append(time.perf_counter() - began)

    return solver


def _pay(asked: list[Deposit]) -> None:
    """All but one in a hundred pay in time; as the bank's lines came in, set-based."""
    DepositEvent.objects.bulk_create(
        [
            DepositEvent(
                deposit=one,
                seller_id=one.seller_id,
                step=DepositStep.PAID,
                amount_minor=one.amount_minor,
                value_date=CUTOFF.date(),
                reference=f"LARGE-{one.number}",
                noted_at=CUTOFF + timedelta(hours=2),
            )
            for place, one in enumerate(asked)
            if place % 100
        ],
        batch_size=5_000,
    )


def _check_keys() -> None:
    """What a commit would do: foreign keys are checked at its end, and here nothing commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _count(query: str, *params: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return int(cursor.fetchone()[0])


_REMAINDER = """
WITH pool AS (
    SELECT product_id, sum(quantity) AS wanted, (sum(quantity) * 9 / 10)::bigint AS given
    FROM bare GROUP BY product_id
), part AS (
    SELECT b.product_id, b.seller_id, b.quantity * p.given / p.wanted AS units,
           b.quantity * p.given %% p.wanted AS rest, p.given
    FROM bare AS b JOIN pool AS p USING (product_id)
), ranked AS (
    SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY rest DESC, seller_id) AS place,
           given - sum(units) OVER (PARTITION BY product_id) AS left_over
    FROM part
)
SELECT sum(units + (place <= left_over)::int) FROM ranked
"""


def _floor(rows: dict[str, Whole]) -> float:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE bare (product_id bigint, seller_id bigint, quantity int)")
        began = time.perf_counter()
        write_whole("bare", {n: rows[n] for n in ("product_id", "seller_id", "quantity")})
        cursor.execute("SELECT product_id, sum(quantity) FROM bare GROUP BY product_id")
        cursor.fetchall()
        cursor.execute(_REMAINDER, [])
        cursor.fetchall()
        took = time.perf_counter() - began
        cursor.execute("DROP TABLE bare")
    return took


def _wishes(case: Case, sellers: list[int], products: list[int]) -> dict[str, Whole]:
    """Every seller the same number of different products; units mostly small."""
    chance = np.random.default_rng(20260701)
    each = case.lines // case.sellers
    picked = np.concatenate(
        [np.sort(chance.choice(len(products), each, replace=False)) for _ in sellers]
    )
    units = np.minimum(1 + chance.pareto(1.2, len(picked)).astype(np.int64), 9_999)
    flex = units * chance.integers(0, 3, len(picked)) // 10
    return {
        "product_id": np.array(products, dtype=np.int64)[picked],
        "seller_id": np.repeat(np.array(sellers, dtype=np.int64), each),
        "quantity": units,
        "less": flex,
        "more": flex,
    }


def _file(held: PoolRound, rows: dict[str, Whole]) -> None:
    sellers = np.unique(rows["seller_id"]).tolist()
    filed = Forecast.objects.bulk_create(
        [
            Forecast(
                round=held, seller_id=pk, version=1, filed_at=OPENS + timedelta(days=1), source="x"
            )
            for pk in sellers
        ],
        batch_size=5_000,
    )
    keys = {one.seller_id: one.pk for one in filed}
    forecast = [keys[pk] for pk in rows["seller_id"].tolist()]
    insert_columns(
        ForecastLine,
        {"forecast_id": forecast, **{name: told.tolist() for name, told in rows.items()}},
    )


def _prepare(case: Case) -> tuple[list[int], list[int], Company, Company]:
    """Sellers, products, suppliers and offers: made up, the same each time."""

    def company(code: str, kind: CompanyKind) -> Company:
        return Company(
            code=f"LARGE-{code}",
            kinds=[kind.value],
            status=CompanyStatus.ADMITTED,
            name_zh=code,
            name_en=code,
        )

    sellers = Company.objects.bulk_create(
        (company(f"S{n:05d}", CompanyKind.SELLER) for n in range(case.sellers)), batch_size=5_000
    )
    makers = Company.objects.bulk_create(
        company(f"SUPPLIER-{n:03d}", CompanyKind.SUPPLIER) for n in range(case.suppliers)
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
                sku=f"LARGE-{n:04d}",
                name_zh=f"品{n}",
                name_en=f"item {n}",
                hs_code="3304990099",
                origin="DEU",
                net_weight_g=500,
                gross_weight_g=600,
                volume_cm3=1_500 + n % 7 * 500,
            )
            for n in range(case.products)
        ]
    )
    for n, partner in enumerate(partners):
        services.set_freight(
            supplier=partner,
            valid_from=LONG_AGO,
            lcl_minor=45_000,
            lcl_minimum_minor=45_000,
            order_fee_minor=20_000,
            declaration_fee_minor=40_000,
            line_fee_minor=2_000,
            insurance_ppm=3_300,
            containers=[
                services.NewContainer(
                    kind=kind, price_minor=price + 1_000 * n, volume_cm3=cm3, weight_g=grams
                )
                for kind, price, cm3, grams in _BOXES
            ],
        )
        services.set_minimum(
            supplier=partner,
            currency=partner.currency,
            incoterm="FOB",
            amount_minor=100_000 * (n % 4),
        )

    def offer(n: int, product: Product, place: int, dearer: int) -> services.NewOffer:
        partner = partners[place % case.suppliers]
        return services.NewOffer(
            product=product,
            supplier=partner,
            currency=partner.currency,
            pack_quantity=1 + (n + place) % 12,
            minimum_quantity=10 * (n % 6),
            breaks=[(1, 5000 + n + dearer), (10, 4700 + n + dearer), (50, 4400 + n + dearer)],
            valid_from=LONG_AGO,
        )

    services.add_offers(
        offers=[
            *(offer(n, product, n, 0) for n, product in enumerate(products)),
            # Every fifth product from a neighbour too, a little dearer or cheaper by the pack.
            *(offer(n, product, n + 1, n % 9) for n, product in enumerate(products) if n % 5 == 0),
        ]
    )
    keys = Product.objects.filter(sku__startswith="LARGE-").order_by("pk")
    return [one.pk for one in sellers], list(keys.values_list("pk", flat=True)), buyer, platform
