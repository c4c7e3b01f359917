"""What sellers sold, as they report it and as it was drawn from bond."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import Company, User
from catalog.models import Product
from core.sheets import MOST_FAULTS, RowError, SheetRefused, parse_sheet, read_sheet
from procurement.models import SalesReport, SellerSales
from procurement.queries import sales
from procurement.rules import quarters, selling
from procurement.rules.selling import Drawn, SalesRecorded, SalesRefused, Sold, Told
from procurement.services.filing import check_seller, told
from procurement.services.rows import Progress, insert_columns

QUARTER, SKU, UNITS, OUT, SELLER = "quarter", "sku", "actual_units", "stocked_out", "seller"
COLUMNS = (QUARTER, SKU, UNITS)
#: The heads that people write in Chinese stand for the same columns.
ALIASES = {
    "季度": QUARTER,
    "货号": SKU,
    "商品编码": SKU,
    "sku编码": SKU,
    "实际销量": UNITS,
    "销量": UNITS,
    "units": UNITS,
    "quantity": UNITS,
    "是否断货": OUT,
    "断货": OUT,
    "卖家": SELLER,
    "卖家编码": SELLER,
}
MAX_ROWS = 100_000
FILE, API, BOND = "file", "api", "bond"


@dataclass(frozen=True, slots=True)
class SalesPreview:
    """What a file says and what is wrong with it: the first ``errors`` of all ``error_count``.

    ``report`` is there when the file was kept; ``refused`` is the reason why the file as a whole
    cannot be read.
    """

    sold: list[Sold]
    errors: list[RowError]
    error_count: int = 0
    report: SalesReport | None = None
    refused: SheetRefused | None = None

    @property
    def units(self) -> int:
        return sum(one.units for one in self.sold)


def last_quarter(now: datetime) -> int:
    """The last quarter that is over where the house stands, as a number."""
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    return quarters.number_of(quarters.quarter_of(today)) - 1


@transaction.atomic
def preview_sales(
    *,
    seller: Company,
    file_name: str,
    content: bytes,
    sent_by: User,
    now: datetime,
    is_looked_at: bool = False,
) -> SalesPreview:
    """Read a file of sales and say what is wrong with it; nothing counts yet.

    Columns: quarter, sku, actual_units, and where the file has them stocked_out and seller (the
    seller itself). The file is kept when it could be recorded as it is, and when a person is
    going to look at what is wrong (``is_looked_at``). Raises NotASeller; then nothing has been
    written.
    """
    check_seller(seller)
    try:
        read = read_sales(seller, file_name, content, now)
    except SheetRefused as refused:
        return SalesPreview([], [], refused=refused)
    if read.errors and not is_looked_at:
        return read
    report = SalesReport.objects.create(
        seller=seller,
        source=FILE,
        file_name=file_name[-200:],
        content=content,
        sent_at=now,
        sent_by=sent_by,
    )
    return replace(read, report=report)


def look_at_sales(report: SalesReport, *, now: datetime) -> SalesPreview:
    """What a kept file says at this moment; reads only."""
    try:
        read = read_sales(report.seller, report.file_name, bytes(report.content or b""), now)
    except SheetRefused as refused:
        return SalesPreview([], [], report=report, refused=refused)
    return replace(read, report=report)


@transaction.atomic
def record_file(*, report: SalesReport, now: datetime) -> int:
    """Record what a looked-at file says; returns how many figures. The file is forgotten.

    Raises SalesRecorded, a SheetRefused or SalesRefused; then nothing has been written.
    """
    kept = SalesReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if kept.recorded_at is not None:
        raise SalesRecorded(file=kept.file_name)
    read = read_sales(kept.seller, kept.file_name, bytes(kept.content or b""), now)
    if read.errors:
        raise SalesRefused(count=read.error_count, rows=read.errors)
    kept.recorded_at, kept.content = now, None
    kept.save(update_fields=["recorded_at", "content"])
    return _write(kept, read.sold)


@transaction.atomic
def report_sales(
    *, seller: Company, rows: Sequence[Told], sent_by: User | None, now: datetime
) -> SalesReport:
    """Record a seller's sales as its program sends them.

    Raises NotASeller or SalesRefused (its fact ``rows`` lists every RowError); then nothing has
    been written.
    """
    check_seller(seller)
    sold = _sorted_out(rows, sellers={"", seller.code}, now=now)
    report = SalesReport.objects.create(
        seller=seller, source=API, sent_at=now, sent_by=sent_by, recorded_at=now
    )
    _write(report, sold)
    return report


@transaction.atomic
def import_sales(*, rows: Iterable[Told], now: datetime, progress: Progress | None = None) -> int:
    """Record what many sellers sold, each row with its seller's code, as sellers report it.

    For a platform that brings its history along. Set-based. Raises SalesRefused; then nothing
    has been written. Returns how many figures were recorded.
    """
    told_rows = list(rows)
    codes = {one.seller for one in told_rows}
    found = {one.code: one for one in Company.objects.filter(code__in=codes)}
    for company in found.values():
        check_seller(company)
    sold = _sorted_out(told_rows, sellers=set(found), now=now)
    reports = _reports(found.values(), FILE, now)
    return _insert(sold, {code: reports[one.pk] for code, one in found.items()}, found, progress)


@transaction.atomic
def record_drawn(*, drawn: Iterable[Drawn], now: datetime) -> int:
    """Record what was drawn from bond, for the stage that keeps the stock.

    Safe to do any number of times: only what differs from what is known is written. Returns how
    many figures are new.
    """
    told_rows = {
        (one.seller_id, one.product_id, quarters.number_of(one.quarter)): (
            one.units,
            one.is_stocked_out,
        )
        for one in drawn
    }
    known = sales.from_bond({quarter for _seller, _product, quarter in told_rows})
    new = {key: value for key, value in told_rows.items() if known.get(key) != value}
    if not new:
        return 0
    owners = Company.objects.filter(pk__in={seller for seller, _product, _quarter in new})
    reports = _reports(owners, BOND, now)
    return insert_columns(
        SellerSales,
        {
            "report_id": [reports[seller] for seller, _product, _quarter in new],
            "seller_id": [seller for seller, _product, _quarter in new],
            "product_id": [product for _seller, product, _quarter in new],
            "quarter": [quarter for _seller, _product, quarter in new],
            "units": [units for units, _out in new.values()],
            "is_stocked_out": [int(out) for _units, out in new.values()],
            "is_from_bond": [1] * len(new),
        },
    )


def read_sales(seller: Company, file_name: str, content: bytes, now: datetime) -> SalesPreview:
    """The rows of a file and what is wrong with them; reads only. Raises a SheetRefused."""
    sheet = parse_sheet(
        file_name,
        content,
        columns=COLUMNS,
        optional=(OUT, SELLER),
        aliases=ALIASES,
        max_rows=MAX_ROWS,
    )
    rows = [
        Told(
            row=row.number,
            quarter=row.values[QUARTER].upper(),
            sku=row.values[SKU],
            units=row.values[UNITS],
            stocked_out=row.values[OUT],
            seller=row.values[SELLER] or seller.code,
        )
        for row in sheet.rows
        if row.number not in sheet.broken
    ]
    sold, faults = selling.check_sales(
        rows,
        products=_products(one.sku for one in rows),
        newest=last_quarter(now),
        sellers={seller.code},
    )
    first = told(sorted(faults, key=lambda fault: fault.row)[:MOST_FAULTS])
    errors = sorted([*sheet.errors, *first], key=lambda error: error.row)
    return SalesPreview(sold, errors[:MOST_FAULTS], sheet.error_count + len(faults))


def import_sales_file(*, file_name: str, content: bytes, now: datetime) -> int:
    """The same from a CSV or XLSX with the columns quarter, seller, sku, actual_units and, where
    it has one, stocked_out. Raises a SheetRefused or what :func:`import_sales` raises."""
    sheet = read_sheet(
        file_name,
        content,
        columns=(QUARTER, SELLER, SKU, UNITS),
        optional=(OUT,),
        aliases=ALIASES,
        max_rows=1_000_000,
    )
    rows = [
        Told(
            row.number,
            row.values[QUARTER].upper(),
            row.values[SKU],
            row.values[UNITS],
            row.values[OUT],
            row.values[SELLER],
        )
        for row in sheet
    ]
    return import_sales(rows=rows, now=now)


def _products(skus: Iterable[str]) -> dict[str, int]:
    return dict(Product.objects.filter(sku__in=set(skus)).values_list("sku", "pk"))


def _sorted_out(rows: Sequence[Told], *, sellers: set[str], now: datetime) -> list[Sold]:
    sold, faults = selling.check_sales(
        rows,
        products=_products(one.sku for one in rows),
        newest=last_quarter(now),
        sellers=sellers,
    )
    if faults:
        raise SalesRefused(count=len(faults), rows=told(faults[:MOST_FAULTS]))
    return sold


def _reports(sellers: Iterable[Company], source: str, now: datetime) -> dict[int, int]:
    """A head for each seller, by its id."""
    made = SalesReport.objects.bulk_create(
        [
            SalesReport(seller=one, source=source, sent_at=now, recorded_at=now)
            for one in sorted(sellers, key=lambda one: one.pk)
        ],
        batch_size=5000,
    )
    return {one.seller_id: one.pk for one in made}


def _write(report: SalesReport, sold: Sequence[Sold]) -> int:
    codes = {one.seller for one in sold}
    return _insert(sold, dict.fromkeys(codes, report.pk), dict.fromkeys(codes, report.seller))


def _insert(
    sold: Sequence[Sold],
    reports: Mapping[str, int],
    sellers: Mapping[str, Company],
    progress: Progress | None = None,
) -> int:
    return insert_columns(
        SellerSales,
        {
            "report_id": [reports[one.seller] for one in sold],
            "seller_id": [sellers[one.seller].pk for one in sold],
            "product_id": [one.product_id for one in sold],
            "quarter": [one.quarter for one in sold],
            "units": [one.units for one in sold],
            "is_stocked_out": [int(one.is_stocked_out) for one in sold],
            "is_from_bond": [0] * len(sold),
        },
        progress=progress,
    )
