"""What a parcel would be taxed, before anybody orders it. Nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catalog.models import Product
from core.errors import InputError
from customs.queries.retail import rates_on, tax_rule_on
from customs.rules.retail_tax import Limits, Parcel, ParcelLine, Rates
from customs.rules.tax_file import rule_on
from customs.rules.tax_working import Worked, WorkedLine, work_out

#: A parcel for an estimate; a retail list has 99 lines, and nobody types that many.
MOST_LINES = 99
MOST_UNITS = 9_999
HS_LENGTH = 10


class GoodsUnknown(InputError):
    """This is neither the SKU of a product nor a tariff code of ten digits."""

    code = "customs.goods_unknown"


class RateUnknown(InputError):
    """The tariff has no rate of this code on that day."""

    code = "customs.rate_unknown"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line: a SKU or a tariff code, how many, and fen for each without tax."""

    goods: str
    quantity: int
    unit_price: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The working, the limits of the day, and each line's product where it is one."""

    worked: Worked
    limits: Limits
    source: str
    products: tuple[Product | None, ...]

    @property
    def pairs(self) -> list[tuple[WorkedLine, Product | None]]:
        """Each line with its product."""
        return list(zip(self.worked.lines, self.products, strict=True))


def estimate(
    lines: Sequence[Asked], *, freight: int, insurance: int, used_this_year: int, day: date
) -> Estimate:
    """The tax of a parcel by the law and the tariff of a day; amounts are fen.

    Raises GoodsUnknown or RateUnknown; their facts ``row`` and ``field`` say where. BeforeTheLaw
    for a day before the first rule.
    """
    # The law as it stands in its table; a site that never drew a list has none there yet.
    kept = tax_rule_on(day)
    law = rule_on(day)
    limits = (
        Limits(kept.order_limit_minor, kept.year_limit_minor, kept.payable_fraction)
        if kept
        else Limits(law.order_limit, law.year_limit, law.payable_fraction)
    )
    products = Product.objects.in_bulk({one.goods for one in lines}, field_name="sku")
    codes = [_code(one.goods, products.get(one.goods), row) for row, one in enumerate(lines, 1)]
    rates = rates_on(set(codes), day)
    parts = [
        ParcelLine(one.quantity, one.quantity * one.unit_price, code, _rates(rates, code, row))
        for row, (one, code) in enumerate(zip(lines, codes, strict=True), 1)
    ]
    worked = work_out(
        Parcel(tuple(parts), freight + insurance), used_this_year=used_this_year, limits=limits
    )
    found = tuple(products.get(one.goods) for one in lines)
    return Estimate(worked, limits, kept.source if kept else law.source, found)


def _code(goods: str, product: Product | None, row: int) -> str:
    if product is not None:
        return product.hs_code
    if len(goods) == HS_LENGTH and goods.isascii() and goods.isdigit():
        return goods
    raise GoodsUnknown(row=row, field="goods", value=goods[:40])


def _rates(rates: dict[str, Rates], code: str, row: int) -> Rates:
    found = rates.get(code)
    if found is None:
        raise RateUnknown(row=row, field="goods", hs_code=code)
    return found
