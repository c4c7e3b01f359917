"""A forecast as a file: looked at first, filed after."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.sheets import MOST_FAULTS, RowError, Sheet, SheetRefused, parse_sheet
from procurement.models import Forecast, ForecastUpload, PoolRound
from procurement.queries.naming import in_catalogue_words
from procurement.rules.forecasting import Fault, ForecastRefused, NothingForecast, Want, Wish
from procurement.services.filing import (
    check_open,
    check_seller,
    check_wishes,
    file_forecast,
    idle,
    lock_open,
    told,
)

QUARTER, SKU, UNITS, SELLER = "quarter", "sku", "forecast_units", "seller"
LESS, MORE = "less", "more"
COLUMNS = (QUARTER, SKU, UNITS)
#: The heads that people write in Chinese stand for the same columns.
ALIASES = {
    "季度": QUARTER,
    "货号": SKU,
    "商品编码": SKU,
    "sku编码": SKU,
    "预测数量": UNITS,
    "数量": UNITS,
    "units": UNITS,
    "quantity": UNITS,
    "可减数量": LESS,
    "可减": LESS,
    "可加数量": MORE,
    "可加": MORE,
    "卖家": SELLER,
    "卖家编码": SELLER,
}
#: A seller has a few hundred products; a file longer than this is another file.
MAX_ROWS = 100_000
_FIELDS = {"units": UNITS}


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row of a file as it was written, and what is wrong with its cells, by column."""

    pk: int
    row: int
    quarter: str
    sku: str
    units: str
    less: str
    more: str
    faults: Mapping[str, str]

    @property
    def is_fit(self) -> bool:
        return not self.faults

    @property
    def is_wrong(self) -> bool:
        return bool(self.faults)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file says and what is wrong with it: the first ``errors`` of all ``error_count``.

    ``upload`` is there when the file was kept; it can be filed when nothing is wrong.
    ``refused`` is the reason why the file as a whole cannot be read.
    """

    wants: list[Want]
    errors: list[RowError]
    error_count: int = 0
    upload: ForecastUpload | None = None
    refused: SheetRefused | None = None
    checked: Sequence[CheckedRow] = ()
    #: The numbers of the rows in which anything is wrong.
    wrong_rows: Sequence[int] = ()

    @property
    def units(self) -> int:
        return sum(want.quantity for want in self.wants)


@transaction.atomic
def preview_upload(
    *,
    round: PoolRound,
    seller: Company,
    file_name: str,
    content: bytes,
    uploaded_by: User,
    now: datetime,
    is_looked_at: bool = False,
) -> Preview:
    """Read a file and say what is wrong with it; nothing is filed.

    The file is kept when it could be filed as it is, and when a person is going to look at what
    is wrong with it (``is_looked_at``). Columns: quarter, sku, forecast_units, less and more
    where the file has them, and seller where it has one (it must be the seller itself).

    Raises RoundNotOpenYet, RoundClosed or NotASeller; then nothing has been written.
    """
    # Nothing is filed here, so nobody else need wait while a long file is read.
    check_open(round, now)
    check_seller(seller)
    try:
        read = read_forecast(round, seller, file_name, content, now)
    except SheetRefused as refused:
        return Preview([], [], refused=refused)
    if read.errors and not is_looked_at:
        return read
    upload = ForecastUpload.objects.create(
        round=round,
        seller=seller,
        file_name=file_name[-200:],
        content=content,
        uploaded_at=now,
        uploaded_by=uploaded_by,
    )
    return replace(read, upload=upload)


def look_again(upload: ForecastUpload, now: datetime) -> Preview:
    """What a kept file says at this moment; reads only."""
    try:
        content = bytes(upload.content)
        read = read_forecast(upload.round, upload.seller, upload.file_name, content, now)
    except SheetRefused as refused:
        return Preview([], [], upload=upload, refused=refused)
    return replace(read, upload=upload)


@transaction.atomic
def file_upload(*, upload: ForecastUpload, filed_by: User, now: datetime) -> Forecast:
    """File what a looked-at file says. Safe to do twice: the second time finds the first.

    The file is checked again, for offers may have changed since. Raises RoundNotOpenYet,
    RoundClosed, NotASeller, a SheetRefused or ForecastRefused; then nothing has been
    written.
    """
    return _file(upload, filed_by, now, is_partial=False)[0]


@transaction.atomic
def file_partly(
    *, upload: ForecastUpload, filed_by: User, now: datetime
) -> tuple[Forecast, Sequence[int]]:
    """File the rows of a file in which nothing is wrong; also tells the rows left out.

    Only for who asked for it. Raises what ``file_upload`` raises, and ForecastRefused when no
    row is left.
    """
    return _file(upload, filed_by, now, is_partial=True)


def _file(
    upload: ForecastUpload, filed_by: User, now: datetime, *, is_partial: bool
) -> tuple[Forecast, Sequence[int]]:
    lock_open(upload.round, now)
    kept = ForecastUpload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if kept.filed_as is not None:
        return kept.filed_as, ()
    read = read_forecast(kept.round, kept.seller, kept.file_name, bytes(kept.content), now)
    if read.errors and not (is_partial and read.wants):
        raise ForecastRefused(count=read.error_count, rows=read.errors)
    forecast = file_forecast(
        round=kept.round,
        seller=kept.seller,
        lines={want.product_id: want.quantity for want in read.wants},
        tolerances={want.product_id: (want.less, want.more) for want in read.wants},
        filed_by=filed_by,
        source="upload",
        now=now,
    )
    kept.filed_as = forecast
    kept.save(update_fields=["filed_as"])
    return forecast, read.wrong_rows


def as_file(round: PoolRound, pasted: str) -> tuple[str, bytes]:
    """Rows pasted from a spreadsheet as a CSV file with heads, the quarter where none stands.

    Cells are parted by tabs, else by commas. Without heads the columns are SKU, units, less and
    more, or these after a quarter.
    """
    text = pasted.lstrip("\ufeff")
    lines = list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in text else ","))
    lines = [row for row in lines if any(cell.strip() for cell in row)]
    first = [cell.strip().casefold() for cell in lines[0]] if lines else []
    heads = [ALIASES.get(cell, cell) for cell in first]
    if SKU in heads or UNITS in heads:
        lines = lines[1:]
    else:
        with_quarter = bool(first) and first[0].upper() in {round.quarter, round.code.upper()}
        heads = [*([QUARTER] if with_quarter else []), SKU, UNITS, LESS, MORE]
        heads = heads[: max(map(len, lines), default=2)]
    if QUARTER not in heads:
        heads = [QUARTER, *heads]
        lines = [[round.quarter, *row] for row in lines]
    out = io.StringIO()
    csv.writer(out).writerows([heads, *lines])
    return "pasted.csv", out.getvalue().encode()


def read_forecast(
    round: PoolRound, seller: Company, file_name: str, content: bytes, now: datetime
) -> Preview:
    """The rows of a file and what is wrong with them; reads only.

    Raises a SheetRefused for a file that is no table of forecasts.
    """
    sheet = parse_sheet(
        file_name,
        content,
        columns=COLUMNS,
        optional=(SELLER, LESS, MORE),
        aliases=ALIASES,
        max_rows=MAX_ROWS,
    )
    written = [
        Wish(
            row=row.number,
            quarter=row.values[QUARTER].upper(),
            sku=row.values[SKU],
            units=row.values[UNITS],
            seller=row.values[SELLER] or seller.code,
            less=row.values[LESS],
            more=row.values[MORE],
        )
        for row in sheet.rows
        if row.number not in sheet.broken
    ]
    wishes = in_catalogue_words(seller, written)
    wants, faults = check_wishes(round, wishes, sellers={seller.code: seller}, now=now)
    zeros = wants and not any(want.quantity for want in wants)
    if zeros and not faults and not sheet.errors and idle(round, [seller]):
        faults.append(Fault(wants[0].row, "units", NothingForecast.rule(), {}))
    first = sorted(faults, key=lambda fault: fault.row)[:MOST_FAULTS]
    errors = [RowError(e.row, _FIELDS.get(e.field, e.field), e.message) for e in told(first)]
    errors = sorted([*sheet.errors, *errors], key=lambda error: error.row)
    wrong = {fault.row for fault in faults} | sheet.broken
    # A row with a fault is wrong as a whole, also where only one of its cells is.
    fit = [want for want in wants if want.row not in wrong]
    return Preview(
        fit,
        errors[:MOST_FAULTS],
        sheet.error_count + len(faults),
        checked=_checked(sheet, errors),
        wrong_rows=sorted(wrong),
    )


def _checked(sheet: Sheet, errors: Sequence[RowError]) -> list[CheckedRow]:
    told: dict[int, dict[str, str]] = {}
    for error in errors:
        cells = told.setdefault(error.row, {})
        cells[error.field] = (
            f"{cells[error.field]} {error.message}" if error.field in cells else error.message
        )
    return [
        CheckedRow(
            pk=place,
            row=row.number,
            quarter=row.values[QUARTER],
            sku=row.values[SKU],
            units=row.values[UNITS],
            less=row.values[LESS],
            more=row.values[MORE],
            faults=told.get(row.number, {}),
        )
        for place, row in enumerate(sheet.rows, start=1)
    ]
