"""``bondpool tax_estimate FILE``: the import tax of many cases, as CSV."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from core.clock import now
from core.errors import DomainError
from core.sheets import file_bytes, read_sheet
from core.speaking import add_language
from customs.queries.retail import rounding_on
from customs.rules.rounding import USUAL, Rounding
from customs.rules.tax_file import (
    COLUMNS,
    OPTIONAL,
    RESULT,
    EstimatesRefused,
    estimate,
    read_cases,
    result,
    rule_on,
)
from warehouse.days import day_of
from web.templatetags.bondpool import sentence

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Print duty, consumption tax, VAT and their total for each row of a CSV or XLSX file, in "
        f"yuan. Columns: {', '.join(COLUMNS)}; optional: {', '.join(OPTIONAL)}. Rates are "
        "fractions (0.13). All rows or none. How taxes are rounded is the policy of the day."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="the day whose law and rounding are asked (default: today)",
        )

        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self._estimate(**options)

    def _estimate(self, file: Path, on: date | None, **options: Any) -> None:
        try:
            content = file_bytes(file)
            rows = read_sheet(file.name, content, columns=COLUMNS, optional=OPTIONAL)
            day = on or day_of(now())
            rule = rule_on(day)
            cases = read_cases(((row.number, row.values) for row in rows), rule)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except EstimatesRefused as refusal:
            raise CommandError("\n  ".join(_told(refusal))) from refusal
        except DomainError as refusal:
            raise CommandError(f"{file}: {sentence(refusal)}") from refusal
        rounding = self._rounding(day)
        out = csv.writer(self.stdout, lineterminator="\n")
        out.writerow(RESULT)
        out.writerows(result(case, estimate(case, rule, rounding)) for case in cases)

    def _rounding(self, day: date) -> Rounding:
        try:
            return rounding_on(day)
        except DatabaseError:
            # Before the first migration nobody can have set a policy.
            self.stderr.write(_("There is no database yet: taxes are rounded half up to the fen."))
            return USUAL


def _told(refusal: EstimatesRefused) -> list[str]:
    wrong: Any = refusal.facts["rows"]
    told = [
        _("row %(row)d, %(field)s: %(why)s")
        % {"row": one.row, "field": one.field, "why": sentence(one.error)}
        for one in wrong[:MOST_SHOWN]
    ]
    if len(wrong) > MOST_SHOWN:
        told.append(_("… and %(count)d more") % {"count": len(wrong) - MOST_SHOWN})
    return [_(refusal.rule()), *told]
