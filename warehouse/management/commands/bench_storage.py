"""``bondpool bench_storage``: how long a day's storage charges take for very many balances."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from core import clock
from warehouse import bench_fees

#: Seconds that the house gives its word for.
LIMIT_S = 10


class Command(BaseCommand):
    help = "Measures a day of storage charges: wall time, and the ratio to the bare floor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--balances", type=int, default=60_000, help="owner times lot")

    def handle(self, *args: Any, **options: Any) -> None:
        found = bench_fees.measure(options["balances"], told=self.stderr.write)
        table = Table(title="A day of storage charges")
        table.add_column("")
        table.add_column(f"{found.balances:,} balances", justify="right")
        for label, shown in (
            ("legs in the ledger", f"{found.legs:,}"),
            ("charges written", f"{found.charges:,}"),
            (f"a day, seconds (at most {LIMIT_S})", f"{found.day_s:.2f}"),
            ("floor: GROUP BY into a bare table", f"{found.floor_s:.3f}"),
            ("times the floor", f"{found.ratio:.1f}"),
            ("the next day, a tenth told late", f"{found.late_s:.2f}"),
            ("corrections written", f"{found.corrections:,}"),
            ("kept", "yes" if found.day_s <= LIMIT_S else "NO"),
        ):
            table.add_row(label, shown)
        Console().print(table)
        target = settings.VAR / "bench_storage.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        at = {"measured_at": clock.now().isoformat(timespec="seconds")}
        told = at | asdict(found) | {"ratio": found.ratio}
        target.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"written to {target}")
