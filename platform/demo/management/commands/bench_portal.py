from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from core import clock
from demo import crowd, measuring, scratch, serving

DATABASE = "bondpool_bench"


class Command(BaseCommand):
    help = (
        "Measures every page and every list of the API on a platform of a million forecast lines, "
        "in a database of its own, which is kept for the next time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--runs", type=int, default=20, help="answers per page and role")
        parser.add_argument(
            "--scale", type=float, default=1.0, help="0.01: a hundredth of the rows"
        )
        parser.add_argument("--only", default="", help="addresses that contain this")
        parser.add_argument("--strict", action="store_true", help="exit with 1 over 200 ms at p95")
        parser.add_argument("--markdown", action="store_true", help="a table for documentation")
        parser.add_argument("--rows", type=int, default=0, help="only the slowest so many")
        parser.add_argument("--again", action="store_true", help="make the rows anew")
        parser.add_argument(
            "--list-runs",
            type=int,
            default=3,
            help="answers per order, filter, search and far page of a list; 0: none of those",
        )
        parser.add_argument(
            "--through-server",
            action="store_true",
            help="ask one worker of the site's own server as well, on a free port of this machine",
        )
        parser.add_argument("--stage", default="", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        size = crowd.FULL.times(options["scale"])
        if options["stage"] == "fill":
            scratch.fill(size)
            return
        if options["stage"] == "measure":
            report = self._measured(options)
            self.stdout.write(json.dumps(report.as_json()))
            return
        told = {name: options[name] for name in ("runs", "scale", "only", "list_runs")}
        told["through_server"] = options["through_server"]
        scratch.prepare(
            DATABASE,
            size,
            partial(scratch.stage, "bench_portal", told | {"stage": "fill"}, database=DATABASE),
            again=options["again"],
        )
        done = scratch.stage(
            "bench_portal", told | {"stage": "measure"}, database=DATABASE, stdout=subprocess.PIPE
        )
        report_told = json.loads(done.stdout.splitlines()[-1])
        settings.VAR.mkdir(parents=True, exist_ok=True)
        target = settings.VAR / "bench-portal.json"
        report_told["measured_at"] = clock.now().isoformat(timespec="seconds")
        target.write_text(json.dumps(report_told, indent=2) + "\n", encoding="utf-8")
        slow = [one for one in report_told["figures"] if one["p95_ms"] > measuring.LIMIT_MS]
        if options["markdown"]:
            self.stdout.write(measuring.markdown(report_told, rows=options["rows"]))
        else:
            _print(report_told, options["rows"])
        self.stdout.write(
            f"{len(report_told['figures'])} pages and lists, {len(slow)} over "
            f"{measuring.LIMIT_MS:.0f} ms at p95{_served(report_told)}; "
            f"the floor is {report_told['floor_ms']} ms; "
            f"written to {target}"
        )
        if options["strict"] and slow:
            sys.exit(1)

    def _measured(self, options: dict[str, Any]) -> measuring.Report:
        asking = measuring.Asking(
            runs=options["runs"], list_runs=options["list_runs"], only=options["only"]
        )
        if not options["through_server"]:
            return measuring.measure(asking, told=self.stderr.write)
        with serving.site(Path(sys.argv[0])) as served:
            return measuring.measure(replace(asking, served=served), told=self.stderr.write)


def _served(report: dict[str, Any]) -> str:
    times = [one["served_p95_ms"] for one in report["figures"] if one["served_p95_ms"]]
    slow = sum(one > measuring.LIMIT_MS for one in times)
    return f", {slow} of them through one worker of the server" if times else ""


def _print(report: dict[str, Any], rows: int) -> None:
    table = Table(title="Pages and lists, milliseconds")
    for name in ("address", "as", "p50", "p95", "served p95", "× floor", "queries", "KB"):
        table.add_column(name, justify="left" if name in {"address", "as"} else "right")
    figures = sorted(report["figures"], key=lambda one: -one["p95_ms"])
    for one in figures[: rows or None]:
        table.add_row(
            f"/{one['address']}",
            one["role"],
            f"{one['p50_ms']:.1f}",
            f"{one['p95_ms']:.1f}",
            f"{one['served_p95_ms']:.1f}" if one["served_p95_ms"] else "",
            f"{one['p50_ms'] / report['floor_ms']:.1f}",
            str(one["queries"]),
            str(one["kilobytes"]),
            style="red" if one["p95_ms"] > measuring.LIMIT_MS else "",
        )
    Console(width=150).print(table)
