from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from rich.console import Console
from rich.table import Table

from core import clock
from core.models import NumberSeries, WorkState
from core.walls import platform_wide
from customs.models import Declaration, DeclarationDocument, PaperKind
from customs.services import documents as papers
from demo import processes, scratch
from demo.crowd import Size

DATABASE = "bondpool_bench_documents"
#: An entry's papers but the form, which goes its own way, and the share sheets, one a seller.
KINDS = (
    PaperKind.BONDED_LIST,
    PaperKind.INVOICE,
    PaperKind.PACKING_LIST,
    PaperKind.CONTRACT,
    PaperKind.ATTORNEY,
    PaperKind.TAX_ESTIMATE,
)
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Made:
    """How so many papers were made: seconds from the first order to the last paper, and how long
    papers waited from their own order on."""

    documents: int
    processes: int
    seconds: float
    p50: float
    p95: float
    longest: float
    alone: float


class Command(BaseCommand):
    help = (
        "Measures how fast a real Celery worker makes a queue of customs papers, and how long they "
        "wait, beside one process that only draws the same papers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--documents", type=int, default=1_000)
        parser.add_argument("--workers", type=int, default=2, help="processes of the worker")
        parser.add_argument("--stage", action="store_true", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stage"]:
            made = _measured(options["documents"], options["workers"])
            self.stdout.write(json.dumps(asdict(made)))
            return
        told = {name: options[name] for name in ("documents", "workers")}
        # A broker number of its own: another worker of the house takes none of these.
        more = {"BONDPOOL_BROKER_DB": str(os.getpid() % 16383 + 1)}
        with scratch.emptied(DATABASE):
            done = scratch.stage(
                "bench_documents",
                told | {"stage": True},
                database=DATABASE,
                stdout=subprocess.PIPE,
                more=more,
            )
        self._show(Made(**json.loads(done.stdout.splitlines()[-1])))

    def _show(self, made: Made) -> None:
        table = Table(title="Customs papers from a queue")
        table.add_column("")
        table.add_column("", justify="right")
        rate = made.documents / made.seconds
        for label, shown in (
            ("papers in the queue", f"{made.documents:,}"),
            ("processes of the worker", str(made.processes)),
            ("papers a second", f"{rate:.1f}"),
            ("floor: one process that only draws, papers a second", f"{made.alone:.1f}"),
            ("times the floor", f"{rate / made.alone:.2f}"),
            ("waiting: half of them, seconds", f"{made.p50:.1f}"),
            ("waiting: 95 of 100", f"{made.p95:.1f}"),
            ("waiting: the last", f"{made.longest:.1f}"),
        ):
            table.add_row(label, shown)
        Console().print(table)
        target = settings.VAR / "bench_documents.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        when = {"measured_at": clock.now().isoformat(timespec="seconds")}
        target.write_text(json.dumps(when | asdict(made), indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"written to {target}")


def _size(documents: int) -> Size:
    entries = -(-documents // (len(KINDS) * len(LANGUAGES)))
    return Size(
        sellers=12,
        products=40,
        suppliers=4,
        forecast_lines=2_000,
        shipments=entries,
        lots=5 * entries,
        movements=1_600,
        retail_orders=150,
        payables=60,
        events=60,
        notices=60,
    )


def _measured(documents: int, workers: int) -> Made:
    scratch.fill(_size(documents))
    with tempfile.TemporaryDirectory() as folder, platform_wide():
        words = ["django", "worker", "--concurrency", str(workers), "--no-sweeper"]
        with processes.child(words, log=Path(folder) / "worker.log"):
            # Nothing is due yet: what answers has started, with its connections open.
            _until_at_work(workers)
            began = clock.now()
            rows = _queue(documents)
            while _left():
                time.sleep(0.2)
        found = DeclarationDocument.objects.filter(pk__in=rows, made_at__isnull=False)
        made = [(one.queued_at, one.made_at or began) for one in found.defer("content")]
        waits = sorted((at - since).total_seconds() for since, at in made)
        seconds = (max(at for _since, at in made) - began).total_seconds()
        return Made(
            documents,
            workers,
            seconds,
            statistics.median(waits),
            waits[int(len(waits) * 0.95)],
            waits[-1],
            _alone(rows),
        )


def _until_at_work(workers: int) -> None:
    from celery import current_app

    until = time.monotonic() + 60
    while time.monotonic() < until:
        told = current_app.control.inspect(timeout=0.5).stats() or {}
        if sum(len(one["pool"]["processes"]) for one in told.values()) >= workers:
            return
    raise RuntimeError("the worker did not start")


def _queue(documents: int) -> list[int]:
    """Order so many papers of all entries as their importers do; the keys of their rows."""
    now = clock.now()
    # The crowd's own papers have the first numbers.
    NumberSeries.objects.create(prefix="DOC", year=now.year, last=Declaration.objects.count())
    found: list[int] = []
    for entry in Declaration.objects.order_by("pk"):
        for language in LANGUAGES:
            kinds = KINDS[: documents - len(found)]
            made = papers.order_papers(
                declaration=entry, kinds=kinds, language=language, now=clock.now()
            )
            found += [one.pk for one in made]
    return found


def _left() -> bool:
    if DeclarationDocument.objects.filter(state=WorkState.FAILED).exists():
        raise RuntimeError("a paper could not be made")
    return DeclarationDocument.objects.exclude(state=WorkState.READY).exists()


def _alone(rows: list[int]) -> float:
    """Papers a second of one process that reads the data and draws, and keeps nothing."""
    some = list(DeclarationDocument.objects.filter(pk__in=rows).defer("content")[:100])
    began = time.perf_counter()
    for one in some:
        papers.drawn(one)
    seconds = time.perf_counter() - began
    connections.close_all()
    return len(some) / seconds
