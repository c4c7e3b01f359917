"""What a seller's file of orders says, before and after it is taken."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext, pgettext_lazy

from catalog.models import Product
from core.errors import DomainError
from core.sheets import MOST_FAULTS, RowError, parse_sheet
from warehouse.days import day_of
from warehouse.models import RetailUpload
from warehouse.queries.parting import terms_of
from warehouse.queries.retail import known_orders, shelves_of, stock_for
from warehouse.queries.shelf_life import minimums_of
from warehouse.rules import retail_file
from warehouse.rules.retail import Decision, IncomingOrder, decide


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The orders of a file, how many rows it has, and what is wrong, by row: the first ``faults``
    of all ``fault_count``."""

    orders: list[IncomingOrder]
    row_count: int
    faults: list[RowError]
    fault_count: int


class UploadForgotten(DomainError):
    """This file was left for a week, so what stood in it is deleted; send it again."""

    code = "warehouse.upload_forgotten"


def read_upload(upload: RetailUpload, *, now: datetime) -> ReadFile:
    """Read a kept file again. Raises UploadForgotten, and what :func:`core.sheets.parse_sheet`
    refuses."""
    if not upload.content:
        raise UploadForgotten(file=upload.file_name)
    sheet = parse_sheet(
        upload.file_name,
        b64decode(upload.content),
        columns=retail_file.COLUMNS,
        optional=retail_file.OPTIONAL,
        max_rows=retail_file.MOST_ROWS,
    )
    read = retail_file.read_orders(
        [retail_file.Row(row.number, row.values) for row in sheet.rows],
        products=_catalogue(),
        zone=get_default_timezone(),
        now=now,
    )
    # A formula is told once, and not also as a wrong number.
    told = {(error.row, error.field) for error in sheet.errors}
    is_all = sheet.error_count == len(sheet.errors)
    others = [
        fault
        for fault in read.faults
        if (fault.row, fault.field) not in told and (is_all or fault.row not in sheet.broken)
    ]
    faults = list(sheet.errors) + [
        RowError(fault.row, fault.field, _sentence(fault.error)) for fault in others[:MOST_FAULTS]
    ]
    faults.sort(key=lambda fault: (fault.row, fault.field))
    count = sheet.error_count + len(others)
    return ReadFile(read.orders, len(sheet.rows), faults[:MOST_FAULTS], count)


#: Facts that help to mend a row, beside the sentence; the value itself stands in the file.
_HELPFUL = {
    "longest": pgettext_lazy("fact", "longest"),
    "highest": pgettext_lazy("fact", "highest"),
    "first_row": pgettext_lazy("fact", "first row"),
    "limit": pgettext_lazy("fact", "limit"),
}


def _sentence(error: DomainError) -> str:
    told = [f"{_HELPFUL[name]}: {error.facts[name]}" for name in _HELPFUL if name in error.facts]
    return " ".join([gettext(error.rule()), *told])


def foresee(upload: RetailUpload, read: ReadFile, *, now: datetime) -> list[Decision]:
    """What would become of each order if the file were taken now; nothing is held back for it."""
    known, _numbers = known_orders(upload.seller, read.orders)
    skus = {line.sku for order in read.orders for line in order.lines}
    return decide(
        read.orders,
        known=known,
        products=skus,
        shelves=shelves_of(stock_for(upload.seller, skus)),
        today=day_of(now),
        now=now,
        terms=terms_of(upload.seller),
        minimums=minimums_of(upload.seller),
    )


def _catalogue() -> dict[str, str]:
    """The SKU for every SKU and GTIN; a GTIN with or without its leading zeros."""
    found: dict[str, str] = {}
    for sku, gtin in Product.objects.values_list("sku", "gtin"):
        found |= {gtin: sku, gtin.zfill(14): sku, gtin.lstrip("0"): sku}
    found |= {sku: sku for sku in Product.objects.values_list("sku", flat=True)}
    return found
