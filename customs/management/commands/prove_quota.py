"""``bondpool prove_quota YEAR``: the ledger of buyers' quota is held against the retail lists."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.walls import platform_wide
from customs.queries import quota_differences


class Command(BaseCommand):
    help = (
        "Compare what the ledger says buyers have used of a year with what their retail lists add "
        "up to; exit 1 on a difference. A buyer is named by the first digits of a keyed hash."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, year: int, **options: Any) -> None:
        with platform_wide():
            found = quota_differences(year)
        for buyer, (ledger, lists) in found.items():
            self.stdout.write(f"{buyer[:12]}: the ledger says {ledger} fen, the lists {lists}")
        if found:
            self.stderr.write(f"{len(found)} buyers differ in {year}")
            raise SystemExit(1)
        self.stdout.write(f"The ledger of {year} agrees with the retail lists.")
