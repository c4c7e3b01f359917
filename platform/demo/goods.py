"""What the demo buys: a products file, completed by a mapping where it says less.

A full products file has the columns of ``data/products.csv``. One that lacks supplier, HS
code, pack or price is completed by a mapping (``data/mapping.toml`` is one, explained there).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.errors import InputError
from core.money import Money, exponent
from core.sheets import RowError, SheetRow, read_sheet

COLUMNS = (
    *("sku", "name_zh", "name_en", "brand", "category", "specification", "hs_code", "origin"),
    *("declared_unit", "net_weight_g", "gross_weight_g", "volume_cm3", "pack_quantity"),
    *("shelf_life_days", "storage", "supplier", "currency", "incoterm", "minimum_quantity"),
    *("price_breaks", "retail_price_cny"),
)


class GoodsRefused(InputError):
    """The products file has rows that cannot be used; nothing has been loaded."""

    code = "demo.goods_refused"


class MappingRefused(InputError):
    """The mapping lacks a part, or a part of it cannot be read."""

    code = "demo.mapping_refused"


@dataclass(frozen=True, slots=True)
class Goods:
    """One product with its supplier's offer and what a shop asks for it (CNY fen)."""

    row: int
    sku: str
    name_zh: str
    name_en: str
    brand: str
    category: str
    specification: str
    hs_code: str
    origin: str
    declared_unit: str
    net_weight_g: int
    gross_weight_g: int
    volume_cm3: int
    pack_quantity: int
    shelf_life_days: int | None
    storage: str
    supplier: str
    currency: str
    incoterm: str
    minimum_quantity: int
    breaks: tuple[tuple[int, int], ...]
    retail_price_minor: int
    rates: tuple[Decimal, Decimal, Decimal] | None = None


def read_goods(
    name: str, content: bytes, *, mapping: Mapping[str, Any] | None, currencies: Mapping[str, str]
) -> list[Goods]:
    """The goods of a products file. ``currencies``: supplier code to its currency.

    Raises GoodsRefused naming every wrong row and field.
    """
    if mapping is None:
        rows = read_sheet(name, content, columns=COLUMNS)
    else:
        theirs = _section(mapping, "columns")
        rows = read_sheet(name, content, columns=list(theirs.values()))
    goods: list[Goods] = []
    errors: list[RowError] = []
    seen: dict[str, int] = {}
    for row in rows:
        try:
            one = _full(row) if mapping is None else _completed(row, mapping, currencies)
        except _Wrong as wrong:
            errors.append(RowError(row.number, wrong.field, wrong.why))
            continue
        if one.supplier not in currencies:
            errors.append(RowError(row.number, "supplier", _("no such supplier")))
        elif one.sku in seen:
            said = _("the product stands in row %(row)s already") % {"row": seen[one.sku]}
            errors.append(RowError(row.number, "sku", said))
        else:
            seen[one.sku] = row.number
            goods.append(one)
    if errors:
        raise GoodsRefused(rows=errors, wrong=len(errors))
    return goods


def read_mapping(content: bytes) -> dict[str, Any]:
    """A mapping from TOML. Raises MappingRefused."""
    try:
        mapping = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MappingRefused(why=str(error)) from error
    for part in ("columns", "prices", "breaks", "default"):
        _section(mapping, part)
    return mapping


class _Wrong(Exception):
    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field, self.why = field, why


def _section(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = mapping.get(name)
    if not isinstance(part, Mapping):
        raise MappingRefused(lacks=name)
    return part


def _decimal(field: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _Wrong(field, _("not a number")) from None
    if not value.is_finite() or value < 0:
        raise _Wrong(field, _("not a number of zero or more"))
    return value


def _whole(field: str, text: str) -> int:
    value = _decimal(field, text)
    if value != value.to_integral_value():
        raise _Wrong(field, _("not a whole number"))
    return int(value)


def _breaks(text: str, currency: str) -> tuple[tuple[int, int], ...]:
    """``1:84.00;50:79.20`` as (from packs, price per pack in minor units)."""
    found = []
    for part in text.split(";"):
        packs, _colon, price = part.partition(":")
        amount = _decimal("price_breaks", price).scaleb(exponent(currency))
        if amount != amount.to_integral_value() or not amount:
            raise _Wrong("price_breaks", _("not a price of the currency"))
        found.append((_whole("price_breaks", packs), int(amount)))
    return _falling(found)


def _falling(found: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    starts = [packs for packs, _price in found]
    prices = [price for _packs, price in found]
    if starts != sorted(set(starts)) or prices != sorted(prices, reverse=True) or starts[0] > 1:
        raise _Wrong("price_breaks", _("breaks must start at 1 pack, rise in packs, fall in price"))
    return tuple(found)


def _full(row: SheetRow) -> Goods:
    said = row.values
    for field in ("sku", "name_zh", "name_en", "supplier"):
        if not said[field]:
            raise _Wrong(field, _("empty"))
    life = said["shelf_life_days"]
    return Goods(
        row=row.number,
        sku=said["sku"],
        name_zh=said["name_zh"],
        name_en=said["name_en"],
        brand=said["brand"],
        category=said["category"],
        specification=said["specification"],
        hs_code=said["hs_code"],
        origin=said["origin"],
        declared_unit=said["declared_unit"],
        storage=said["storage"],
        supplier=said["supplier"],
        currency=said["currency"],
        incoterm=said["incoterm"],
        net_weight_g=_whole("net_weight_g", said["net_weight_g"]),
        gross_weight_g=_whole("gross_weight_g", said["gross_weight_g"]),
        volume_cm3=_whole("volume_cm3", said["volume_cm3"]),
        pack_quantity=_whole("pack_quantity", said["pack_quantity"]),
        minimum_quantity=_whole("minimum_quantity", said["minimum_quantity"]),
        shelf_life_days=_whole("shelf_life_days", life) if life else None,
        breaks=_breaks(said["price_breaks"], said["currency"]),
        retail_price_minor=_fen("retail_price_cny", said["retail_price_cny"]),
    )


def _fen(field: str, text: str) -> int:
    return Money.rounded(_decimal(field, text), "CNY").minor


def _completed(row: SheetRow, mapping: Mapping[str, Any], currencies: Mapping[str, str]) -> Goods:
    columns = _section(mapping, "columns")

    def given(name: str) -> str:
        return row.values[columns[name]] if name in columns else ""

    sku, category = given("sku"), given("category")
    if not sku:
        raise _Wrong(str(columns.get("sku", "sku")), _("empty"))
    rule = dict(_section(mapping, "default"))
    for candidate in mapping.get("rule", ()):
        if re.search(candidate["match"], category):
            rule |= candidate
            break
    prices = _section(mapping, "prices")
    currency = currencies.get(rule["supplier"], "")
    retail = _decimal(columns["retail_price"], given("retail_price")) * Decimal(
        prices["retail_to_cny"]
    )
    if not retail:
        raise _Wrong(columns["retail_price"], _("a price above zero is needed"))
    if currency not in prices["cny_per"]:
        raise MappingRefused(lacks=f"prices.cny_per.{currency}", supplier=rule["supplier"])
    pack = int(rule["pack_quantity"])
    cost = retail * Decimal(prices["cost_share"]) / Decimal(prices["cny_per"][currency]) * pack
    breaks = [
        (int(packs), max(1, Money.rounded(cost * Decimal(factor), currency).minor))
        for packs, factor in _section(mapping, "breaks").items()
    ]
    grams = _decimal(columns["weight_g"], given("weight_g") or "500")
    net = max(1, int(grams.to_integral_value(ROUND_HALF_UP)))
    cubic = _decimal(columns.get("volume_m3", ""), given("volume_m3") or "0") * 1_000_000
    name = sku.replace("-", " ").title()
    return Goods(
        row=row.number,
        sku=sku,
        name_zh=given("name_zh") or name,
        name_en=given("name_en") or name,
        brand="",
        category=category,
        specification=category,
        hs_code=str(rule["hs_code"]),
        origin=str(rule["origin"]),
        declared_unit=str(rule["declared_unit"]),
        net_weight_g=net,
        gross_weight_g=net + max(10, net // 10),
        volume_cm3=int(cubic.to_integral_value(ROUND_HALF_UP)),
        pack_quantity=pack,
        shelf_life_days=rule.get("shelf_life_days"),
        storage=str(rule["storage"]),
        supplier=str(rule["supplier"]),
        currency=currency,
        incoterm=str(rule["incoterm"]),
        minimum_quantity=pack * int(rule["minimum_packs"]),
        breaks=tuple(breaks),
        retail_price_minor=Money.rounded(retail, "CNY").minor,
        rates=(
            Decimal(rule["duty_rate"]),
            Decimal(rule["vat_rate"]),
            Decimal(rule["consumption_tax_rate"]),
        ),
    )
