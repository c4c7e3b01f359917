"""Offers from a file a person sends: looked at first, stored all or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.utils.translation import gettext

from catalog.models import Product, TradingPartner
from core.money import exponent
from core.sheets import MOST_FAULTS, RowError, SheetRefused, SheetRow, parse_sheet
from procurement.models import SupplierOffer
from procurement.rules.offering import INCOTERMS, MULTIPLES, PRICINGS, OffersRefused
from procurement.services.offers import NewOffer, add_offers, check_offers, told

NEEDED = ("sku", "supplier", "currency", "pack_quantity", "valid_from", "price_breaks")
OPTIONAL = (
    *("supplier_code", "incoterm", "pricing", "packs_per_layer", "layers_per_pallet", "multiple"),
    *("minimum_quantity", "capacity", "lead_time_days", "valid_to"),
)
#: The heads that people write in Chinese stand for the same columns.
ALIASES = {
    "货号": "sku",
    "供应商": "supplier",
    "供应商编码": "supplier",
    "供应商货号": "supplier_code",
    "币种": "currency",
    "贸易术语": "incoterm",
    "计价方式": "pricing",
    "每箱数量": "pack_quantity",
    "每层箱数": "packs_per_layer",
    "每托层数": "layers_per_pallet",
    "订货倍数": "multiple",
    "起订量": "minimum_quantity",
    "产能": "capacity",
    "交货期天数": "lead_time_days",
    "生效日期": "valid_from",
    "失效日期": "valid_to",
    "阶梯价": "price_breaks",
}
MAX_ROWS = 20_000
#: How an example of each column is written, for the template.
EXAMPLE: Mapping[str, str] = {
    "sku": "MILK-900",
    "supplier": "SUP01",
    "currency": "EUR",
    "pack_quantity": "6",
    "valid_from": "2026-01-01",
    "price_breaks": "1:84.00;50:79.20",
    "supplier_code": "A-4711",
    "incoterm": "FOB",
    "pricing": "all_units",
    "packs_per_layer": "12",
    "layers_per_pallet": "8",
    "multiple": "pack",
    "minimum_quantity": "60",
    "capacity": "",
    "lead_time_days": "30",
    "valid_to": "",
}


@dataclass(frozen=True, slots=True)
class OfferFile:
    """What a file of offers says; ``refused`` when it cannot be read as a whole. ``errors`` are
    the first of all ``error_count``."""

    offers: list[NewOffer]
    errors: list[RowError]
    error_count: int = 0
    refused: SheetRefused | None = None

    @property
    def is_clean(self) -> bool:
        return not self.errors and self.refused is None


def preview_offers(name: str, content: bytes) -> OfferFile:
    """Everything that is right and wrong in a file of offers; reads only, refuses nothing."""
    try:
        return read_offers(name, content)
    except SheetRefused as refused:
        return OfferFile([], [], refused=refused)


@transaction.atomic
def import_offers(*, name: str, content: bytes) -> list[SupplierOffer]:
    """Store every offer of a file, or none.

    Raises a SheetRefused, or OffersRefused with the first RowErrors in ``rows``; then nothing
    has been written.
    """
    read = read_offers(name, content)
    if read.errors:
        raise OffersRefused(rows=read.errors, count=read.error_count)
    return add_offers(offers=read.offers)


def read_offers(name: str, content: bytes) -> OfferFile:
    """The offers of a CSV or XLSX file and what is wrong with them, cell by cell.

    Prices are per pack in the currency's own units: ``1:84.00;50:79.20`` is from one pack on
    84.00, from fifty on 79.20. Raises a SheetRefused for a file that is no table of offers.
    """
    sheet = parse_sheet(
        name, content, columns=NEEDED, optional=OPTIONAL, aliases=ALIASES, max_rows=MAX_ROWS
    )
    rows = [row for row in sheet.rows if row.number not in sheet.broken]
    products = Product.objects.in_bulk({row.values["sku"] for row in rows}, field_name="sku")
    suppliers = {
        partner.company.code: partner
        for partner in TradingPartner.objects.select_related("company").filter(
            company__code__in={row.values["supplier"] for row in rows}
        )
    }
    errors: list[RowError] = []
    offers: list[NewOffer] = []
    for row in rows:
        reader = _Reader(row)
        offer = reader.offer(products, suppliers)
        errors += reader.errors
        if offer is not None and not reader.errors:
            offers.append(offer)
    errors += told(check_offers(offers))
    count = sheet.error_count + len(errors)
    errors = sorted([*sheet.errors, *errors], key=lambda error: error.row)
    return OfferFile(offers, errors[:MOST_FAULTS], count)


class _Reader:
    """One row's cells, and what is wrong with them."""

    def __init__(self, row: SheetRow) -> None:
        self.row, self.errors = row, list[RowError]()

    def offer(
        self, products: Mapping[str, Product], suppliers: Mapping[str, TradingPartner]
    ) -> NewOffer | None:
        said = self.row.values
        product, supplier = products.get(said["sku"]), suppliers.get(said["supplier"])
        if product is None:
            self.wrong("sku", gettext("The catalogue has no product of this SKU."))
        if supplier is None:
            self.wrong("supplier", gettext("No supplier with terms of trade has this code."))
        currency = said["currency"].upper()
        valid_from = self.day("valid_from")
        terms = {
            "currency": currency,
            "incoterm": self.one_of("incoterm", "FOB", INCOTERMS),
            "pricing": self.one_of("pricing", "all_units", PRICINGS),
            "multiple": self.one_of("multiple", "pack", MULTIPLES),
            "pack_quantity": self.number("pack_quantity", None),
            "packs_per_layer": self.number("packs_per_layer", 0),
            "layers_per_pallet": self.number("layers_per_pallet", 0),
            "minimum_quantity": self.number("minimum_quantity", 0),
            "capacity": self.number("capacity", None) if said["capacity"] else None,
            "lead_time_days": self.number("lead_time_days", 30),
            "supplier_code": said["supplier_code"],
            "valid_to": self.day("valid_to") if said["valid_to"] else None,
            "breaks": self.breaks(currency),
        }
        if self.errors or product is None or supplier is None or valid_from is None:
            return None
        return NewOffer(
            row=self.row.number,
            product=product,
            supplier=supplier,
            valid_from=valid_from,
            **terms,  # type: ignore[arg-type]  # each was read as its column says
        )

    def wrong(self, column: str, message: str) -> None:
        self.errors.append(RowError(self.row.number, column, message))

    def number(self, column: str, default: int | None) -> int:
        text = self.row.values[column] or ("" if default is None else str(default))
        if text.isascii() and text.isdigit() and len(text) <= 12:
            return int(text)
        self.wrong(column, gettext("A whole number is needed here."))
        return 0

    def day(self, column: str) -> date | None:
        try:
            return date.fromisoformat(self.row.values[column].replace("/", "-"))
        except ValueError:
            self.wrong(column, gettext("A day is written 2026-03-31."))
            return None

    def one_of(self, column: str, default: str, known: tuple[str, ...]) -> str:
        text = self.row.values[column] or default
        for word in known:
            if text.casefold() == word.casefold():
                return word
        self.wrong(
            column, gettext("One of these is needed: %(known)s.") % {"known": ", ".join(known)}
        )
        return default

    def breaks(self, currency: str) -> list[tuple[int, int]]:
        """``1:84.00;50:79.20`` as (from packs, price per pack in minor units)."""
        found = []
        for part in filter(None, self.row.values["price_breaks"].replace("；", ";").split(";")):
            packs, _colon, price = part.replace("：", ":").partition(":")
            packs = packs.strip()
            try:
                minor = Decimal(price.strip()).scaleb(exponent(currency))
            except InvalidOperation:
                minor = Decimal("NaN")
            is_whole = packs.isascii() and packs.isdigit() and len(packs) <= 12
            if not is_whole or not minor.is_finite() or minor != minor.to_integral_value():
                self.wrong(
                    "price_breaks",
                    gettext("Prices are written 1:84.00;50:79.20, and this is not: %(part)s")
                    % {"part": part.strip()[:40]},
                )
                return []
            found.append((int(packs), int(minor)))
        if not found:
            self.wrong("price_breaks", gettext("An offer needs at least one price."))
        return found
