from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.urls import reverse
from rich.console import Console
from rich.table import Table

from accounts.models import Role
from core import clock
from demo import measuring, scratch, selling, serving

DATABASE = "bondpool_bench_orders"
WORKERS = 2


class Command(BaseCommand):
    help = (
        "Measures how many consumers' orders the API takes on a platform that has a million, in a "
        "copy of a database of its own, beside PostgreSQL's own pgbench on bare rows."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seconds", type=int, default=60, help="of batches; a third of singles"
        )
        parser.add_argument("--batch", type=int, default=1000, help="orders in a batch")
        parser.add_argument("--pace", type=int, default=100, help="single orders a second")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="0.01: a hundredth of the rows"
        )
        parser.add_argument(
            "--strict", action="store_true", help="exit with 1 if a promise is broken"
        )
        parser.add_argument("--again", action="store_true", help="make the rows anew")
        parser.add_argument("--stage", default="", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        size = selling.SIZE.times(options["scale"])
        if options["stage"] == "fill":
            scratch.fill(size)
            return
        if options["stage"] == "measure":
            self.stdout.write(json.dumps(self._measured(options).as_json()))
            return
        told = {name: options[name] for name in ("seconds", "batch", "pace", "scale")}
        scratch.prepare(
            DATABASE,
            size,
            partial(scratch.stage, "bench_orders", told | {"stage": "fill"}, database=DATABASE),
            again=options["again"],
        )
        with scratch.copied(DATABASE) as copy:
            done = scratch.stage(
                "bench_orders", told | {"stage": "measure"}, database=copy, stdout=subprocess.PIPE
            )
        found = json.loads(done.stdout.splitlines()[-1])
        found["measured_at"] = clock.now().isoformat(timespec="seconds")
        settings.VAR.mkdir(parents=True, exist_ok=True)
        target = settings.VAR / "bench-orders.json"
        target.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        broken = _print(found)
        self.stdout.write(f"written to {target}")
        if options["strict"] and broken:
            sys.exit(1)

    def _measured(self, options: dict[str, Any]) -> selling.Figures:
        told = self.stderr.write
        stored, holdings = selling.rows()
        floors = selling.measure_floor(10, told)
        shops = selling.open_shops(clock.now())
        with serving.site(Path(sys.argv[0]), WORKERS) as served:
            # Both workers have met everything once.
            selling.send_batches(served, shops, batch=50, seconds=3, seed=90)
            warm = selling.rows()[0] - stored
            # Each promise by itself: first at a steady rate, then as fast as it goes.
            told(f"one by one, {options['pace']} a second")
            singles, late = selling.send_singles(
                served, shops, a_second=options["pace"], seconds=options["seconds"] / 3, seed=1
            )
            told(f"batches of {options['batch']:,} for {options['seconds']} seconds")
            taken, spent, took, tens = selling.send_batches(
                served, shops, batch=options["batch"], seconds=options["seconds"], seed=10
            )
            told(f"{taken / spent:,.0f} orders a second; once more one by one")
            after, _late = selling.send_singles(
                served, shops, a_second=options["pace"], seconds=options["seconds"] / 3, seed=2
            )
            selling.check(warm + len(singles) + taken + len(after))
            pages = self._pages(served)
        return selling.Figures(
            stored=stored,
            seconds=round(spent, 1),
            batch=options["batch"],
            taken=taken,
            batch_p50_ms=round(selling.quantile(took, 0.5)),
            batch_p95_ms=round(selling.quantile(took, 0.95)),
            each_ten_seconds=tens,
            singles=len(singles),
            single_p50_ms=round(selling.quantile(singles, 0.5), 1),
            single_p95_ms=round(selling.quantile(singles, 0.95), 1),
            late=late,
            after_p50_ms=round(selling.quantile(after, 0.5), 1),
            after_p95_ms=round(selling.quantile(after, 0.95), 1),
            holdings=holdings,
            pages=pages,
            floors=floors,
        )

    def _pages(self, served: serving.Served) -> dict[str, float]:
        """Stock by owner, as the warehouse and as the largest seller sees it: ms at p95."""
        found = {}
        for name, role in (("warehouse_stock", Role.WAREHOUSE), ("my_stock", Role.SELLER)):
            cookies = {key: one.value for key, one in measuring.signed_in(role).cookies.items()}
            address, took = reverse(name), list[float]()
            for _ in range(40):
                with selling.timed(took):
                    status, _body = served.ask(address, cookies)
                if status != 200:
                    raise AssertionError(f"{address}: {status}")
            found[address] = round(selling.quantile(took[2:], 0.95), 1)
        return found


def _print(found: dict[str, Any]) -> bool:
    """Whether a promise is broken."""
    floor = found["floors"]["spread"]
    rows = [
        (
            f"orders a second, batches of {found['batch']:,}, {found['seconds']} s, "
            f"{found['stored']:,} stored",
            f"{found['a_second']:,}",
            "1,200 or more",
            found["a_second"] >= 1_200,
        ),
        (
            "the worst ten seconds of them",
            f"{min(found['each_ten_seconds'][:-1] or [0]) / 10:,.0f}",
            "",
            True,
        ),
        ("bare rows spread over a thousand, ÷ ours", f"{floor / found['a_second']:.1f}", "", True),
        (
            "bare rows, all on one, ÷ ours",
            f"{found['floors']['one row'] / found['a_second']:.1f}",
            "",
            True,
        ),
        ("one batch, ms at p50", f"{found['batch_p50_ms']:,}", "", True),
        ("one batch, ms at p95", f"{found['batch_p95_ms']:,}", "", True),
        ("single order, ms at p50", f"{found['single_p50_ms']}", "", True),
        (
            f"single order, ms at p95 ({found['singles']:,} of them)",
            f"{found['single_p95_ms']}",
            "under 30",
            found["single_p95_ms"] < 30,
        ),
        (
            "the same straight after the batches, ms at p50 and p95",
            f"{found['after_p50_ms']} · {found['after_p95_ms']}",
            "",
            True,
        ),
        *(
            (f"{address} of {found['holdings']:,}, ms at p95", f"{took}", "under 200", took < 200)
            for address, took in found["pages"].items()
        ),
    ]
    table = Table(title="Consumers' orders over the API")
    for name in ("what", "measured", "promised"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for what, measured, promised, is_kept in rows:
        table.add_row(what, measured, promised, style="" if is_kept else "red")
    Console(width=110).print(table)
    return not all(is_kept for *_told, is_kept in rows)
