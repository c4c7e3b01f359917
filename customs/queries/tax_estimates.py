"""What a parcel would be taxed, before anybody orders it. Nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.models import Product
from core.errors import InputError
from core.walls import platform_wide
from customs.queries.contents import contents_by_product
from customs.queries.quota import YearOfBuyer, grams_in_year, year_of_buyer
from customs.queries.retail import limits_on, rates_on, rounding_on, tax_rule_on
from customs.rules.contents import Contents, contents_of
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


class ContentsUnknown(InputError):
    """This code is taxed by quantity, and nobody says how much a unit of the goods holds."""

    code = "customs.contents_unknown"


class ContentsUnread(InputError):
    """What a unit holds is a number with its measure, as 30 ml, 0.5 L or 500 g."""

    code = "customs.contents_unread"


@dataclass(frozen=True, slots=True)
class Asked:
    """A line: a SKU or a tariff code, how many, and fen for each without tax.

    ``origin``: the country (ISO-3) whose proof of origin is at hand, empty where there is none.
    ``holds``: what a unit holds (``30毫升/瓶``), for a code, or instead of what the product says.
    """

    goods: str
    quantity: int
    unit_price: int
    origin: str = ""
    holds: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The working, the limits of the day, each line's product where it is one, and the buyer's year
    where one was asked after."""

    worked: Worked
    limits: Limits
    source: str
    products: tuple[Product | None, ...]
    year: YearOfBuyer | None = None

    @property
    def pairs(self) -> list[tuple[WorkedLine, Product | None]]:
        """Each line with its product."""
        return list(zip(self.worked.lines, self.products, strict=True))


def estimate(
    lines: Sequence[Asked],
    *,
    freight: int,
    insurance: int,
    used_this_year: int,
    day: date,
    buyer: str = "",
    is_retail: bool = True,
) -> Estimate:
    """The tax of a parcel by the law and the tariff of a day; amounts are fen.

    ``buyer`` is the digest of a buyer: what the lists of all sellers hold of that year counts with
    ``used_this_year``, which is then what was ordered elsewhere.

    ``is_retail`` false: as general trade, duty and both taxes in full, whatever the limits.

    Raises GoodsUnknown, RateUnknown, ContentsUnknown or ContentsUnread; their facts ``row`` and
    ``field`` say where. BeforeTheLaw for a day before the first rule.
    """
    # The law as it stands in its table; a site that never drew a list has none there yet.
    kept, limits = tax_rule_on(day), limits_on(day)
    law = rule_on(day)
    if limits is None:
        limits = Limits(law.order_limit, law.year_limit, law.payable_fraction, rounding_on(day))
    products = Product.objects.in_bulk({one.goods for one in lines}, field_name="sku")
    codes = [_code(one.goods, products.get(one.goods), row) for row, one in enumerate(lines, 1)]
    rates = rates_on(set(codes), day)
    contents = contents_by_product(products.values())
    parts = [
        _part(one, contents, products.get(one.goods), code, _rates(rates, code, row), row)
        for row, (one, code) in enumerate(zip(lines, codes, strict=True), 1)
    ]
    year, grams = None, {}
    if buyer:
        # The year is the person's, whoever sold; nothing but its sum is told.
        with platform_wide():
            year = year_of_buyer(buyer, day, limit=limits.year_limit)
            grams = grams_in_year([buyer], day.year)
        used_this_year += year.reserved + year.used
    worked = work_out(
        Parcel(tuple(parts), freight + insurance),
        used_this_year=used_this_year,
        limits=limits,
        used_grams={code: n for (_buyer, code), n in grams.items()},
        is_retail=is_retail,
    )
    found = tuple(products.get(one.goods) for one in lines)
    return Estimate(worked, limits, kept.source if kept else law.source, found, year)


def _part(
    one: Asked,
    contents: Mapping[int, Contents],
    product: Product | None,
    code: str,
    rates: Rates,
    row: int,
) -> ParcelLine:
    part = ParcelLine(
        one.quantity,
        one.quantity * one.unit_price,
        code,
        rates,
        _contents(one, contents, product, row),
        one.origin,
    )
    if part.by_quantity is None:
        raise ContentsUnknown(row=row, field="goods", hs_code=code, unit=rates.specific_unit)
    return part


def _contents(
    one: Asked, contents: Mapping[int, Contents], product: Product | None, row: int
) -> Contents | None:
    if one.holds:
        told = contents_of(one.holds, product.net_weight_g if product else 0)
        if not (told.measure or told.sheets):
            raise ContentsUnread(row=row, field="holds", value=one.holds[:40])
        return told
    return contents[product.pk] if product else None


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
