from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from rich.console import Console
from rich.table import Table

from core import clock
from customs import bench_messages as bench
from demo import scratch

DATABASE = "bondpool_bench_messages"
#: CPU seconds in which ten thousand lists are made.
LIMIT_S = 10.0


class Command(BaseCommand):
    help = (
        "Measures how fast retail lists become messages to customs (taxed, checked and written on "
        "one core, beside bare formatting of the same bytes), and how fast workers send a queue of "
        "signed documents; exit status 1 where a promise is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lists", type=int, default=10_000)
        parser.add_argument("--documents", type=int, default=1_000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--stage", default="", help="used by the command itself")
        parser.add_argument("--folder", default="", help="used by the command itself")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["stage"] == "work":
            bench.wait_for_bell(self._say)
            self._say(str(bench.work()))
            return
        if options["stage"] == "measure":
            self._say(json.dumps(asdict(self._sent(options))))
            return
        made = bench.make(options["lists"])
        sent = self._in_a_database_of_its_own(options)
        self._show(made, sent)
        if made.seconds * 10_000 / made.lists > LIMIT_S:
            raise SystemExit(1)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()

    def _in_a_database_of_its_own(self, options: dict[str, Any]) -> bench.SentAll:
        with tempfile.TemporaryDirectory() as folder, scratch.emptied(DATABASE):
            told = {name: options[name] for name in ("documents", "workers")}
            more = dict(bench.open_bench(Path(folder), now=clock.now()))
            done = scratch.stage(
                "bench_messages",
                told | {"stage": "measure", "folder": folder},
                database=DATABASE,
                stdout=subprocess.PIPE,
                more=more,
            )
        return bench.SentAll(**json.loads(done.stdout.splitlines()[-1]))

    def _sent(self, options: dict[str, Any]) -> bench.SentAll:
        call_command("migrate", verbosity=0, interactive=False)
        words = [sys.executable, sys.argv[0], "bench_messages", "--stage", "work"]
        workers = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _worker in range(options["workers"])
        ]
        try:
            for worker in workers:
                # It says so once it has started.
                if worker.stdout is None or worker.stdout.readline().strip() != "ready":
                    raise RuntimeError("a worker did not start")
            began = clock.now()
            bench.queue(options["documents"], now=began)
            for worker in workers:
                worker.communicate("go\n")
        finally:
            for worker in workers:
                worker.kill()
        return bench.measured(options["documents"], options["workers"], began)

    def _show(self, made: bench.Made, sent: bench.SentAll) -> None:
        table = Table(title="Messages to customs")
        table.add_column("")
        table.add_column("", justify="right")
        for label, shown in (
            ("retail lists taxed, checked and written", f"{made.lists:,}"),
            ("bytes", f"{made.size:,}"),
            (f"CPU seconds (at most {LIMIT_S:g} for 10,000)", f"{made.seconds:.2f}"),
            ("floor: bare formatting of the same bytes", f"{made.floor:.2f}"),
            ("times the floor", f"{made.seconds / made.floor:.1f}"),
            ("signed documents in the queue", f"{sent.documents:,}"),
            ("workers", str(sent.workers)),
            ("documents a second", f"{sent.per_second:.0f}"),
            ("waiting: half of them, seconds", f"{sent.p50:.2f}"),
            ("waiting: 95 of 100", f"{sent.p95:.2f}"),
            ("waiting: the last", f"{sent.longest:.2f}"),
        ):
            table.add_row(label, shown)
        Console().print(table)
        target = settings.VAR / "bench_messages.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        told = {
            "measured_at": clock.now().isoformat(timespec="seconds"),
            "made": asdict(made),
            "sent": asdict(sent) | {"per_second": sent.per_second},
        }
        target.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f"written to {target}")
