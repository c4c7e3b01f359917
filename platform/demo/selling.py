"""How many consumers' orders the API takes, beside what PostgreSQL does with the bare rows.

The platform has a million orders already. Shops send theirs in batches, or one by one at a steady
pace; each order is checked, reserved by the earliest expiry from its seller's own stock and
written with its movements, its trace and its history, by the site's own server over HTTP.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.db import connection, connections
from stdnum.cn import ric

from accounts.models import Company, Membership, Role, User
from core.embedded.programs import postgres_folder
from core.walls import platform_wide
from demo.crowd import FULL, Size
from demo.serving import Served
from rest.rules import scopes_of
from rest.services import issue_token
from warehouse.models import Holding, Lot, RetailOrder
from warehouse.rules import posting
from warehouse.rules.posting import Kind, Posting
from warehouse.services.posting import post

#: A million orders with their movements, and a million holdings; little of what is not asked for.
SIZE = Size(
    forecast_lines=20_000,
    shipments=66_700,
    lots=333_500,
    movements=2_000_500,
    retail_orders=1_000_000,
    events=FULL.events,
    notices=1_000,
)
CHANNEL = "BENCH"
SELLERS = range(1002, 1006)
LOTS_OF_EACH = 60
IN_STOCK = 200_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured; seconds, milliseconds, orders and transactions a second."""

    stored: int
    seconds: float
    batch: int
    taken: int
    batch_p50_ms: float
    batch_p95_ms: float
    each_ten_seconds: list[int]
    singles: int
    single_p50_ms: float
    single_p95_ms: float
    late: int
    #: The same straight after the batches, while PostgreSQL is busy tidying up behind them.
    after_p50_ms: float
    after_p95_ms: float
    holdings: int
    pages: dict[str, float] = field(default_factory=dict)
    floors: dict[str, float] = field(default_factory=dict)

    @property
    def a_second(self) -> float:
        return self.taken / self.seconds

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"a_second": round(self.a_second)}


@dataclass(frozen=True, slots=True)
class Shop:
    """A seller's program: its token, and what it has to sell."""

    token: str
    skus: Sequence[str]


def open_shops(now: datetime) -> list[Shop]:
    """Four sellers with much of everything, and a token each; what they get is posted."""
    with platform_wide():
        return [_open(seller, now) for seller in Company.objects.filter(pk__in=SELLERS)]


def _open(seller: Company, now: datetime) -> Shop:
    person = User.objects.create(email=f"shop-{seller.pk}@bench.example", name="Shop")
    Membership.objects.create(user=person, company=seller, role=Role.SELLER)
    _token, text = issue_token(
        company=seller,
        role=Role.SELLER,
        created_by=person,
        name="bench",
        scopes=scopes_of(Role.SELLER),
        days=1,
        now=now,
    )
    begin = SELLERS.index(seller.pk) * LOTS_OF_EACH
    # Of one warehouse, as a parcel is, and not near their expiry.
    lots = list(
        Lot.objects.filter(warehouse_id=1, expires_on__gt=now.date() + timedelta(days=60))
        .select_related("product", "warehouse")
        .order_by("pk")[begin : begin + LOTS_OF_EACH]
    )
    gate = lots[0].warehouse.locations.get(code="GATE")
    post(
        postings=[
            Posting(
                key=f"bench:{seller.pk}:{lot.pk}",
                kind=Kind.RECEIVED,
                document="BENCH",
                owner=seller.pk,
                keeper=lot.warehouse.operator_id,
                moved_at=now,
                legs=posting.received(lot.pk, gate.pk, IN_STOCK),
            )
            for lot in lots
        ],
        now=now,
    )
    return Shop(text, sorted({lot.product.sku for lot in lots}))


class Orders:
    """Made-up orders, no two of one number, of buyers whose numbers have right check digits."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a load, not a secret
        self.number = count(1)
        self.seed = seed

    def body(self, shop: Shop, orders: int) -> bytes:
        """A batch of them, or for 1 the order alone."""
        told = [self._one(shop) for _ in range(orders)]
        made = {"orders": told} if orders > 1 else told[0]
        return json.dumps(made, ensure_ascii=False).encode()

    def _one(self, shop: Shop) -> dict[str, Any]:
        n, chance = next(self.number), self.chance
        lines = [
            {"sku": sku, "quantity": chance.randint(1, 3), "unit_price_minor": 9_900}
            for sku in chance.sample(shop.skus, 2 if n % 4 == 0 else 1)
        ]
        return {
            "channel": CHANNEL,
            "order_number": f"{self.seed}-{n:08d}",
            "placed_at": "2026-08-01T14:05:00+08:00",
            "buyer_name": "王小明",
            "buyer_id_number": _id_number(chance.randrange(60_000)),
            "buyer_telephone": "13800000000",
            "consignee_address": "浙江省杭州市西湖区示例路 1 号 2 幢 3 单元 401 室",
            "freight_minor": 1_200,
            "lines": lines,
        }


def _id_number(n: int) -> str:
    told = f"3604261991{1 + n % 12:02d}{1 + n // 12 % 28:02d}{n // 336 % 1000:03d}"
    return told + str(ric.calc_check_digit(told + "0"))


def send_batches(
    served: Served, shops: Sequence[Shop], *, batch: int, seconds: float, seed: int
) -> tuple[int, float, list[float], list[int]]:
    """Four programs at once. Orders taken, seconds, milliseconds of each batch, and how many were
    taken in each ten seconds."""
    # Made before, so that the machine measures the site and not the maker of the load.
    most = int(seconds * 4_000 / batch / len(shops)) + 1
    bodies = [
        [made.body(shop, batch) for _ in range(most)]
        for shop, made in ((shop, Orders(seed + at)) for at, shop in enumerate(shops))
    ]
    begun = time.perf_counter()

    def send(at: int) -> list[tuple[float, float, int]]:
        line, answers = Served(served.port), []
        for number, body in enumerate(bodies[at]):
            asked = time.perf_counter()
            if asked - begun >= seconds:
                break
            status, told = line.send(
                "/api/v1/retail-order-batches",
                body,
                _headers(shops[at], f"batch-{seed}-{at}-{number}"),
            )
            ended = time.perf_counter()
            taken = json.loads(told)["accepted"] if status == 200 else 0
            if taken != batch:
                raise AssertionError(f"{status}: {told[:400]!r}")
            answers.append((ended - begun, (ended - asked) * 1000, taken))
        return answers

    with ThreadPoolExecutor(len(shops)) as pool:
        answers = [one for found in pool.map(send, range(len(shops))) for one in found]
    spent = max(ended for ended, _took, _taken in answers)
    tens = [0] * (int(spent // 10) + 1)
    for ended, _took, taken in answers:
        tens[int(ended // 10)] += taken
    return (
        sum(taken for _ended, _took, taken in answers),
        spent,
        [took for _ended, took, _taken in answers],
        tens,
    )


def send_singles(
    served: Served, shops: Sequence[Shop], *, a_second: int, seconds: float, seed: int
) -> tuple[list[float], int]:
    """One by one at a steady pace, whatever the answers take: milliseconds from the moment each
    was due, and how many of them could not be sent within 10 ms of it."""
    made = Orders(seed)
    due = [(n / a_second, shops[n % len(shops)]) for n in range(int(a_second * seconds))]
    bodies = [made.body(shop, 1) for _at, shop in due]
    lines: list[Served] = [Served(served.port) for _ in range(8)]
    begun = time.perf_counter() + 0.1

    def send(hand: int) -> list[tuple[float, float]]:
        told = []
        for n in range(hand, len(due), len(lines)):
            at, shop = due[n]
            wait = begun + at - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            asked = time.perf_counter()
            status, answer = lines[hand].send(
                "/api/v1/retail-orders", bodies[n], _headers(shop, f"single-{seed}-{n}")
            )
            if status != 201:
                raise AssertionError(f"{status}: {answer[:400]!r}")
            told.append((time.perf_counter() - begun - at, asked - begun - at))
        return told

    with ThreadPoolExecutor(len(lines)) as pool:
        answers = [one for found in pool.map(send, range(len(lines))) for one in found]
    return [took * 1000 for took, _late in answers], sum(late > 0.01 for _took, late in answers)


def _headers(shop: Shop, key: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {shop.token}",
        "Idempotency-Key": f"bench-{key}",
        "Accept-Language": "en",
    }


def rows() -> tuple[int, int]:
    """How many orders and how many holdings there are."""
    with platform_wide():
        return RetailOrder.objects.count(), Holding.objects.count()


def check(taken: int) -> None:
    """Every order that was answered is there once, with its units; nothing is below zero."""
    with platform_wide(), connection.cursor() as cursor:
        orders = RetailOrder.objects.filter(channel=CHANNEL)
        if (found := orders.count()) != taken:
            raise AssertionError(f"{taken} orders were answered, {found} are there")
        cursor.execute(
            "SELECT coalesce(sum(line.quantity), 0), ("
            "  SELECT coalesce(sum(moved.quantity), 0) FROM warehouse_stockmovement AS moved"
            "  JOIN warehouse_retailorder AS made ON made.number = moved.document"
            "  WHERE made.channel = %s AND moved.status = 'reserved') "
            "FROM warehouse_retailorderline AS line "
            "JOIN warehouse_retailorder AS made ON made.id = line.order_id "
            "WHERE made.channel = %s",
            [CHANNEL, CHANNEL],
        )
        ordered, reserved = cursor.fetchone()
        if ordered != reserved:
            raise AssertionError(f"{ordered} units are ordered, {reserved} reserved")


#: Bare rows: one update under a CHECK and two inserts, as little as a reservation can be.
_BARE = """
CREATE TABLE bench_balance (
    id integer PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0)
);
CREATE TABLE bench_entry (
    id bigserial PRIMARY KEY, balance integer NOT NULL, units integer NOT NULL
);
INSERT INTO bench_balance SELECT n, 100000000 FROM generate_series(1, 1000) n;
"""
_SCRIPT = r"""
\set k random(1, {rows})
BEGIN;
UPDATE bench_balance SET on_hand = on_hand - 1 WHERE id = :k AND on_hand >= 1;
INSERT INTO bench_entry (balance, units) VALUES (:k, -1), (:k, 1);
COMMIT;
"""


def measure_floor(seconds: int, told: Callable[[str], None]) -> dict[str, float]:
    """Transactions a second of PostgreSQL's own pgbench, on one row and spread over a thousand."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_BARE)
    found = {}
    for name, rows in (("one row", 1), ("spread", 1000)):
        script = settings.VAR / "bench-bare.sql"
        script.write_text(_SCRIPT.format(rows=rows), encoding="utf-8")
        owner = connections["owner"].settings_dict
        words = [
            *(str(postgres_folder() / "bin" / "pgbench"), "-n", "-M", "prepared"),
            *("-c", "4", "-j", "1", "-T", str(seconds), "-f", str(script)),
            *("-h", str(owner["HOST"]), "-U", str(owner["USER"]), str(owner["NAME"])),
        ]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        (line,) = [one for one in done.stdout.splitlines() if one.startswith("tps = ")]
        found[name] = float(line.split()[2])
        told(f"bare rows, {name}: {found[name]:,.0f} transactions a second")
    return found


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them are; of one value that one."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


@contextmanager
def timed(found: list[float]) -> Iterator[None]:
    """Adds the milliseconds of the block."""
    begun = time.perf_counter()
    yield
    found.append((time.perf_counter() - begun) * 1000)
