"""A month's statement of a guarantee as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.sheets import write_csv, write_xlsx
from customs.models import TaxBill
from customs.queries.guarantees import Statement
from warehouse.days import day_of
from web.files import XLSX

_UNNAMED = re.compile(r"[^0-9A-Za-z_]+")
STATEMENT_FILES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def statement_name(code: str, month: str) -> str:
    """Of the file, without its ending: a guarantor's code on a bill may be any text."""
    return _UNNAMED.sub("-", f"{code}-{month}")


def statement_file(statement: Statement, kind: str) -> bytes:
    """All bills of the month and the sum of each tax, ``csv`` or ``xlsx``."""
    columns = [
        *(_("Tax bill"), _("List of customs"), _("List"), _("Billed on"), _("Status")),
        *(_("Duty"), _("Consumption tax"), _("VAT"), _("Total, yuan")),
    ]
    write = write_xlsx if kind == "xlsx" else write_csv
    return write(columns, _rows(statement))


def _rows(statement: Statement) -> Iterator[list[object]]:
    for one in statement.bills.iterator(chunk_size=2_000):
        yield _row(one)
    yield [
        *(_("Sum without void bills"), "", "", "", ""),
        *(statement.duty, statement.consumption_tax, statement.vat, statement.total),
    ]


def _row(one: TaxBill) -> list[object]:
    return [
        one.number,
        one.list_number,
        one.retail_list.number if one.retail_list else "",
        f"{day_of(one.made_at)}",
        str(one.get_status_display()),
        *(one.duty, one.consumption_tax, one.vat, one.total),
    ]
