from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from procurement.study import demand, figures, report
from procurement.study.running import study
from procurement.study.terms import read_mapping

#: Real forecasts and sales beside the checkout, where there are any.
REAL = Path("../shared/data/demand")


class Command(BaseCommand):
    help = (
        "Runs the rounds of past quarters: each seller alone, pooled by the plain rule, optimised; "
        "and writes a report with charts. No database is read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--data",
            type=Path,
            default=None,
            help="folder of forecasts.csv, history.csv.gz and products.csv "
            f"({REAL}, if not given; without it a small made-up example)",
        )
        parser.add_argument(
            "--out", type=Path, default=None, help="folder of the report (var/study)"
        )
        parser.add_argument(
            "--seconds", type=float, default=30.0, help="at most so long for each solution (30)"
        )
        parser.add_argument(
            "--language",
            choices=("zh-hans", "en"),
            default="zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en",
            help="the language of the report (the shell's, if not given)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            try:
                self._study(options["data"], options["out"], options["seconds"])
            except DomainError as refusal:
                raise CommandError(f"{_(refusal.rule())} {refusal.facts}") from refusal

    def _study(self, folder: Path | None, out: Path | None, seconds: float) -> None:
        if not 0 < seconds <= 3600:
            raise CommandError(_("Seconds are more than 0 and at most 3,600."))
        asked = folder or settings.BASE_DIR / REAL
        if demand.has_data(asked):
            found = demand.read(asked)
        elif folder is not None:
            names = ", ".join(demand.FILES)
            told = _("There is no demand in %(folder)s: a study needs %(files)s.")
            # Told apart from a study that failed.
            refused = CommandError(told % {"folder": folder, "files": names}, returncode=2)
            raise refused
        else:
            found = demand.made_up()
            told = _("%(folder)s is not here: this is a small made-up example, not real demand.")
            self.stderr.write(told % {"folder": REAL})
        began = time.perf_counter()
        made = study(found, read_mapping(), seconds=seconds, told=self._told)
        took = time.perf_counter() - began
        target = out or settings.VAR / "study"
        target.mkdir(parents=True, exist_ok=True)
        for name, text in report.files(made, seconds=took, command=_command(folder)).items():
            (target / name).write_text(text, encoding="utf-8")
        exact = json.dumps(figures.as_json(made), indent=1, sort_keys=True)
        (target / "study.json").write_text(exact + "\n", encoding="utf-8")
        (target / "sellers.csv").write_text(figures.sellers_csv(made), encoding="utf-8")
        for line in report.summary(made):
            self.stdout.write(line)
        told = _("The report: %(file)s (%(seconds)s s)")
        self.stdout.write(told % {"file": target / "report.md", "seconds": f"{took:.0f}"})

    def _told(self, what: str) -> None:
        self.stderr.write(f"  {what}")


def _command(folder: Path | None) -> str:
    return "make study" if folder is None else f"bondpool study --data {folder.name}"
