from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.walls import platform_wide
from procurement import services
from procurement.models import RunKind
from procurement.rules import quarters


class Command(BaseCommand):
    help = "Scores all sellers after a quarter, or suggests quantities for one, at once and here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--after", help="2026-Q3; the last quarter that is over unless told")
        parser.add_argument("--suggest-for", help="2027-Q1: suggest quantities for it instead")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        kind = RunKind.SUGGEST if options["suggest_for"] else RunKind.SCORE
        over = quarters.named(services.last_quarter(now))
        with platform_wide():
            run = services.ask_run(
                kind=kind, quarter=options["suggest_for"] or options["after"] or over, now=now
            )
            services.work_runs(now=clock.now)
            run.refresh_from_db()
        self.stdout.write(
            _("%(sellers)s sellers, %(rows)s rows for %(quarter)s.")
            % {"sellers": f"{run.sellers:,}", "rows": f"{run.rows:,}", "quarter": run.quarter}
        )
