"""What may stand in a report of sales, and what is wrong in it, cell by cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from core.errors import DomainError, InputError
from procurement.rules import quarters
from procurement.rules.forecasting import LARGEST_LINE, Fault, check_units

#: How people say in a cell that stock ran out.
_YES = {"yes", "y", "1", "true", "x", "是", "有", "断货", "缺货"}
_NO = {"", "no", "n", "0", "false", "否", "无", "-"}


class SalesRefused(InputError):
    """Some rows of the sales cannot be taken as they are; nothing has been recorded."""

    code = "procurement.sales_refused"


class SalesRecorded(DomainError):
    """The sales of this file have been recorded already."""

    code = "procurement.sales_recorded"


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Told:
    """One row as somebody wrote it; ``seller`` is a company's code, empty when it is known."""

    row: int
    quarter: str
    sku: str
    units: str
    stocked_out: str = ""
    seller: str = ""


@dataclass(frozen=True, slots=True)
class Sold:
    """Units of a product sold in a quarter, which is a number of quarters."""

    seller: str
    sku: str
    product_id: int
    quarter: int
    units: int
    is_stocked_out: bool
    row: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one seller drew from bond of one product in a quarter, and whether none was left."""

    seller_id: int
    product_id: int
    quarter: str
    units: int
    is_stocked_out: bool


def check_sales(
    told: Iterable[Told],
    *,
    products: Mapping[str, int],
    newest: int,
    sellers: Collection[str] = ("",),
) -> tuple[list[Sold], list[Fault]]:
    """Sort rows into those that can be taken and everything that is wrong with the others.

    ``products`` are ids by SKU; ``newest`` is the last quarter that is over.
    """
    sold: list[Sold] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str, str], int] = {}
    for one in told:
        before = len(faults)

        def fault(field: str, message: str, row: int = one.row, **facts: object) -> None:
            faults.append(Fault(row, field, message, facts))

        quarter = _quarter(one.quarter)
        if quarter is None:
            fault("quarter", _("A quarter is written like 2026-Q3."))
        elif quarter > newest:
            fault("quarter", _("The quarter %(quarter)s is not over yet."), quarter=one.quarter)
        if one.seller not in sellers:
            fault("seller", _("The seller %(seller)s is not known."), seller=one.seller or "–")
        product = products.get(one.sku)
        if not one.sku:
            fault("sku", _("The product is missing."))
        elif product is None:
            fault("sku", _("The product %(sku)s is not in the catalogue."), sku=one.sku)
        first = seen.setdefault((one.seller, one.sku, one.quarter), one.row)
        if one.sku and first != one.row:
            fault(
                "sku",
                _("The product stands for this quarter in row %(first)s already."),
                first=first,
            )
        units = check_units(one.units)
        if isinstance(units, str):
            fault("actual_units", units, limit=f"{LARGEST_LINE:,}")
        word = one.stocked_out.strip().casefold()
        if word not in _YES and word not in _NO:
            fault("stocked_out", _("Say yes or no; empty means no."))
        if len(faults) == before and product is not None and quarter is not None:
            assert isinstance(units, int)  # noqa: S101 - or there would be a fault
            sold.append(Sold(one.seller, one.sku, product, quarter, units, word in _YES, one.row))
    return sold, faults


def _quarter(text: str) -> int | None:
    try:
        return quarters.number_of(text)
    except quarters.NotAQuarter:
        return None
