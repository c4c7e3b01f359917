"""A list as a file: typed cells, row by row, in bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import IO, Any

from django.utils.text import slugify
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext as _

from core.listed import Exportable, how_many, walk
from core.listing import Listing, ListQuery, parse
from core.money import Money
from core.sheets import MOST_XLSX_ROWS, csv_into, xlsx_into
from jobs.refusals import TooManyForXlsx
from web.tables import Column, Table, Viewer, file_columns
from web.templatetags.bondpool import country
from web.templatetags.lists import label_of

#: So many rows are written while the person waits; more are a job.
AT_ONCE = 5_000
STEP = 1_000

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def export_now(
    *, viewer: Viewer, table: Table, params: Mapping[str, Sequence[str]], kind: str, file: IO[bytes]
) -> bool:
    """Write a short list into ``file``; False, and nothing written, when it is a job's work."""
    listing = table.listing_for(viewer)
    query = parse(listing, dict(params))
    found = table.rows_in(viewer, table.place_in(params))
    most = min(AT_ONCE, table.at_once)
    if most < 1 or how_many(listing, found, query, most=most) > most:
        return False
    write(viewer, table, found, listing, query, kind, file)
    return True


def check_fits(kind: str, rows: int) -> None:
    """Raises TooManyForXlsx before a million rows are written in vain."""
    if kind == "xlsx" and rows > MOST_XLSX_ROWS:
        raise TooManyForXlsx(limit=MOST_XLSX_ROWS)


def write(
    viewer: Viewer,
    table: Table,
    found: Exportable,
    listing: Listing,
    query: ListQuery,
    kind: str,
    file: IO[bytes],
    told: Callable[[int], None] = lambda _done: None,
) -> int:
    """All rows of a list into a file; ``told`` hears how many are written, page by page."""
    columns = file_columns(table, viewer)
    rows = _rows(table, viewer, found, listing, query, columns, kind, told)
    heads = [str(head) for column in columns for head in _heads(column)]
    return csv_into(file, heads, rows) if kind == "csv" else xlsx_into(file, heads, rows)


def _rows(
    table: Table,
    viewer: Viewer,
    found: Exportable,
    listing: Listing,
    query: ListQuery,
    columns: Sequence[Column],
    kind: str,
    told: Callable[[int], None],
) -> Iterator[list[Any]]:
    done = 0
    for page in walk(listing, found, query, step=STEP):
        check_fits(kind, done + len(page))
        if table.attach:
            table.attach(page, viewer)
        for row in page:
            yield [cell for column in columns for cell in _cells(column, row)]
        done += len(page)
        told(done)


def _heads(column: Column) -> list[str]:
    label = str(column.label)
    if column.kind != "money":
        return [label]
    return [label, _("%(amount)s (currency)") % {"amount": label}]


def _cells(column: Column, row: Any) -> list[Any]:
    """An amount is a number and its currency a cell beside it; days are days, words are words."""
    value = column.read(row)
    if column.kind == "money":
        if value is None or value == "":
            return [None, None]
        currency = column.currency_of(row)
        return [Money(int(value), currency).amount, currency]
    if value is None:
        return [None]
    if isinstance(value, datetime):
        return [localtime(value).replace(tzinfo=None) if is_aware(value) else value]
    if column.kind in {"state", "choice"}:
        return [str(label_of(column, row, value))]
    if column.kind == "country":
        return [country(value)]
    if column.kind == "yes":
        return [_("yes") if value else _("no")]
    if column.kind in {"qty", "percent", "day", "moment"}:
        return [value]
    return [str(value)]


def file_name(table: Table, kind: str, now: datetime) -> str:
    return f"{slugify(table.key)}-{localtime(now):%Y%m%d-%H%M}.{kind}"
