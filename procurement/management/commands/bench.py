from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from core import clock
from procurement import bench, bench_large, bench_plans, sharing_bench

#: Real forecasts beside the checkout, where there are any.
REAL = Path("../shared/data/demand/forecasts.csv")
#: Real shipments with one freight bill, likewise.
FREIGHT = Path("../shared/data/freight/lines.csv.gz")
SHARING = "sharing"
PLANS = "plans"
LARGE = "large"
#: The made-up mapping of the demo: supplier, pack and price of the real goods.
MAPPING = Path("platform/demo/data/mapping.toml")


class Command(BaseCommand):
    help = "Measures pooling: wall time, peak memory, and the ratio to the bare floor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=None, help="a forecast file to measure")
        parser.add_argument("--lines", type=int, default=100_000, help="lines of the made-up file")
        parser.add_argument("--runs", type=int, default=3, help="runs; the median counts")
        parser.add_argument("--case", default="", help="measure one case and print it as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["case"]:
            self._case(options["case"], options["runs"])
            return
        call_command("migrate", verbosity=0, interactive=False)
        real = options["file"] or settings.BASE_DIR / REAL
        cases = [str(real)] if real.is_file() else []
        cases.append(f"made-up:{options['lines']}")
        # Each case is a process of its own, so that its peak memory is its own.
        measured = [self._in_process(case, options["runs"]) for case in cases]
        shared = self._in_process(SHARING, options["runs"])[SHARING]
        planned = self._in_process(PLANS, 1)[PLANS]
        large = [self._in_process(f"{LARGE}:{at}", 1) for at in range(len(bench_large.CASES))]
        target = settings.VAR / "bench.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        told = {"measured_at": clock.now().isoformat(timespec="seconds"), "cases": measured}
        told |= {SHARING: shared, PLANS: planned, LARGE: large}
        target.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        _print(measured)
        _print_sharing(shared)
        _print_plans(planned)
        _print_large(large)
        _print_growth(large)
        _print_promises(promises(shared, planned, large))
        self.stdout.write(f"written to {target}")

    def _in_process(self, case: str, runs: int) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, sys.argv[0], "bench", "--case", case, "--runs", str(runs)],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return measured

    def _case(self, case: str, runs: int) -> None:
        if case == SHARING:
            self._sharing(runs)
            return
        if case == PLANS:
            self._plans()
            return
        kind, _, number = case.partition(":")
        if kind == LARGE:
            large = bench_large.measure(bench_large.CASES[int(number)], told=self.stderr.write)
            figures = asdict(large) | {
                "ratio": large.ratio,
                "own_s": large.own_s,
                "billed_s": large.billed_s,
            }
            self.stdout.write(json.dumps(figures))
            return
        if kind == "made-up":
            name, rows = f"made up, {int(number):,} lines", bench.made_up_rows(int(number))
        else:
            name, rows = Path(case).name, bench.rows_of(Path(case))
        measured = bench.measure(name, rows, runs=runs, told=self.stderr.write)
        facts = asdict(measured) | {"total_s": measured.total_s, "ratio": measured.ratio}
        self.stdout.write(json.dumps(facts))

    def _sharing(self, runs: int) -> None:
        freight = settings.BASE_DIR / FREIGHT
        measured = []
        if freight.is_file():
            measured.append(sharing_bench.measure_freight(freight, runs=runs))
        else:
            self.stderr.write(f"{FREIGHT} is not here: the real freight bills are not measured")
        measured += sharing_bench.measure_quantities(1_000_000, runs=runs)
        measured.append(sharing_bench.measure_costs(1_000_000, runs=runs))
        told = [asdict(one) | {"ratio": one.ratio} for one in measured]
        self.stdout.write(json.dumps({SHARING: told}))

    def _plans(self) -> None:
        folder = (settings.BASE_DIR / REAL).parent
        names = [name for name in bench_plans.CASES if name != "real" or folder.is_dir()]
        if "real" not in names:
            self.stderr.write(f"{REAL} is not here: its round is not solved")
        mapping = settings.BASE_DIR / MAPPING
        told = [asdict(bench_plans.case(name, folder=folder, mapping=mapping)) for name in names]
        self.stdout.write(json.dumps({PLANS: told}))


@dataclass(frozen=True, slots=True)
class Promise:
    """One figure that the house gives its word for."""

    what: str
    unit: str
    limit: float
    found: float
    floor: float | None = None

    @property
    def is_kept(self) -> bool:
        return self.found <= self.limit


def promises(
    shared: list[dict[str, Any]], planned: list[dict[str, Any]], large: list[dict[str, Any]]
) -> list[Promise]:
    """What is promised of speed, and what was measured of it."""
    most = large[-1]
    lines = f"{most['lines']:,} lines"
    told = [
        Promise(
            f"{lines} pooled, ordered, shared, stored", "s", 15, most["own_s"], most["floor_s"]
        ),
        Promise(f"{lines}: also billed, booked, told", "s", 15, most["billed_s"], most["floor_s"]),
        Promise(f"{lines}: peak memory", "MiB", 1_536, most["memory_mib"]),
        Promise(f"{lines}: times the floor", "x", 4, most["ratio"]),
    ]  # fmt: skip
    # Ten times the lines take at most ten times as long.
    for less, more in reversed(list(pairwise(large))):
        what = f"{more['lines']:,} lines against {less['lines']:,}"
        times = more["lines"] / less["lines"]
        told.append(Promise(what, "x", times, more["own_s"] / less["own_s"]))
    for one in planned:
        told.append(Promise(f"plan, {one['name']}", "s", 30, one["solve_s"], one["floor_s"]))
        told.append(Promise(f"plan, {one['name']}: gap", "%", 1, one["gap_percent"]))
    for one in shared:
        if one["name"] == sharing_bench.FREIGHT_BILLS:
            what = f"landed cost of {one['groups']:,} real freight bills"
            told.append(Promise(what, "s", 1, one["ours_s"], one["floor_s"]))
    return told


def _print_promises(told: list[Promise]) -> None:
    table = Table(title="What is promised of speed")
    for title in ("", "at most", "measured", "floor", "times the floor", "kept"):
        table.add_column(title, justify="right" if title else "left")
    for one in told:
        table.add_row(
            one.what,
            f"{one.limit:,.0f} {one.unit}",
            f"{one.found:,.2f} {one.unit}",
            f"{one.floor:.3f} s" if one.floor else "",
            f"{one.found / one.floor:.1f}" if one.floor else "",
            "yes" if one.is_kept else "NO",
        )
    Console().print(table)


def _print_plans(measured: list[dict[str, Any]]) -> None:
    table = Table(title="The round's plan, solved once")
    titles = ("", "products / suppliers / offers", "seconds", "floor: plain rule", "gap %")
    for title in (*titles, "saved % against it", "parts (too large)"):
        table.add_column(title, justify="right" if title else "left")
    for one in measured:
        table.add_row(
            one["name"],
            "{products:,} / {suppliers:,} / {offers:,}".format(**one),
            *(f"{one[key]:.2f}" for key in ("solve_s", "floor_s", "gap_percent", "saved_percent")),
            "{parts} ({split_parts})".format(**one),
        )
    Console().print(table)


def _print_large(measured: list[dict[str, Any]]) -> None:
    table = Table(title="A large round, seconds: ordered, shared and stored; then billed")
    table.add_column("forecast lines")
    for one in measured:
        table.add_column(f"{one['lines']:,}", justify="right")
    rows = (
        ("sellers / products / orders", "{sellers:,} / {products:,} / {orders:,}"),
        ("shares", "{shares:,}"),
        ("plan, ask for deposits", "{ask_s:.2f}"),
        ("solve again", "{solve_s:.2f}"),
        ("gap of the plan, %", "{gap_percent:.2f}"),
        ("all else", "{own_s:.2f}"),
        ("floor: the same in SQL", "{floor_s:.2f}"),
        ("times the floor", "{ratio:.1f}"),
        ("then bill, book and tell", "{bill_s:.2f}"),
        ("peak memory", "{memory_mib:,} MiB"),
    )
    for label, shown in rows:
        table.add_row(label, *(shown.format(**one) for one in measured))
    Console().print(table)


def _print_growth(measured: list[dict[str, Any]]) -> None:
    """Linear: a line of a larger round takes no longer than one of a smaller."""
    table = Table(title="How a large round grows: all but the solver")
    for title in ("lines", "seconds", "µs a line", "times the lines", "times the seconds"):
        table.add_column(title, justify="right")
    before: dict[str, Any] | None = None
    for one in measured:
        table.add_row(
            f"{one['lines']:,}",
            f"{one['own_s']:.2f}",
            f"{one['own_s'] / one['lines'] * 1_000_000:.1f}",
            f"{one['lines'] / before['lines']:.1f}" if before else "",
            f"{one['own_s'] / before['own_s']:.1f}" if before else "",
        )
        before = one
    Console().print(table)


def _print_sharing(measured: list[dict[str, Any]]) -> None:
    table = Table(title="Sharing, seconds (median of the runs)")
    for title in ("", "rows", "bills or products", "ours", "floor: pandas", "times the floor"):
        table.add_column(title, justify="right" if title else "left")
    for one in measured:
        table.add_row(
            one["name"],
            *(f"{one[key]:,}" for key in ("rows", "groups")),
            *(f"{one[key]:.3f}" for key in ("ours_s", "floor_s")),
            f"{one['ratio']:.1f}",
        )
    Console().print(table)


def _print(measured: list[dict[str, Any]]) -> None:
    table = Table(title="Pooling, seconds (median of the runs)")
    table.add_column("")
    for case in measured:
        table.add_column(case["name"], justify="right")
    rows = (
        ("lines / sellers / products", "{lines:,} / {sellers:,} / {products:,}"),
        ("orders / shares", "{orders:,} / {shares:,}"),
        ("read the file", "{read_s:.3f}"),
        ("check and file", "{file_s:.3f}"),
        ("plan: solve and keep", "{plan_s:.3f}"),
        ("order, share, bill, store", "{close_s:.3f}"),
        ("in all", "{total_s:.3f}"),
        ("floor: COPY and GROUP BY", "{floor_s:.3f}"),
        ("times the floor", "{ratio:.1f}"),
        ("gap of the plan, ppm", "{gap_ppm}"),
        ("peak memory (before)", "{memory_peak_mib} MiB ({memory_before_mib})"),
    )
    for label, shown in rows:
        table.add_row(label, *(shown.format(**case) for case in measured))
    Console().print(table)
