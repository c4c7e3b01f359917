"""``bondpool load_tariff FILE``: dated rates of 10-digit codes, added and never edited."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.sheets import file_bytes, read_sheet
from core.walls import platform_wide
from customs.rules.tariff import COLUMNS, parse_rates
from customs.services import load_tariff

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Add the rates of a CSV or XLSX file to the tariff. Columns: "
        + ", ".join(COLUMNS)
        + ". Rates are fractions (0.13) or percentages (13%); all rows or none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            content = file_bytes(file)
            rows = read_sheet(file.name, content, columns=COLUMNS)
            rates = parse_rates([(row.number, row.values) for row in rows])
            with platform_wide():
                added = load_tariff(rates=rates)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except DomainError as refusal:
            wrong = refusal.facts.get("rows")
            told = [str(one) for one in wrong] if isinstance(wrong, list) else []
            more = [f"... and {len(told) - MOST_SHOWN} more"] if len(told) > MOST_SHOWN else []
            lines = [refusal.rule(), *told[:MOST_SHOWN], *more]
            if not told:
                lines = [str(refusal)]
            raise CommandError("\n  ".join(lines)) from refusal
        there = len(rates) - added
        self.stdout.write(f"{added} rates added, {there} were there already.")
