"""Consumers who buy in the sellers' shops: made up, and the same at every run.

Identity numbers are well-formed and belong to nobody: their birthday is the first of
January 1900, and the region is Beijing's Dongcheng district for all.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from stdnum.cn import ric

from demo.calendar import Quarter
from warehouse.rules.retail import IncomingLine, IncomingOrder

_FAMILY = "赵钱孙李周吴郑王冯陈"
_GIVEN = ["试用", "示例", "演示", "样本", "测验"]
_TOWNS = ["浙江省宁波市北仑区", "上海市浦东新区", "四川省成都市武侯区", "广东省深圳市南山区"]


def _identity(number: int) -> str:
    body = f"11010119000101{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def orders_of(
    seller: str,
    shelf: Mapping[str, int],
    prices: Mapping[str, int],
    *,
    quarter: Quarter,
    first_day: int,
    most: int,
) -> Iterator[IncomingOrder]:
    """Orders of one shop: about two thirds of its shelf, one to three units each.

    ``shelf``: units on hand by SKU; ``prices``: CNY fen by SKU.
    """
    rng = random.Random(f"{quarter.name}/{seller}")  # noqa: S311 - repeatable, not secret
    left = {sku: units * 2 // 3 for sku, units in sorted(shelf.items()) if units}
    left = {sku: units for sku, units in left.items() if units}
    days = (quarter.last_day - quarter.first_day).days - first_day - 2
    for number in count(1):
        if not left or number > most:
            return
        lines = list(_basket(rng, left, prices))
        day = first_day + days * (number - 1) // most
        buyer = rng.randrange(1000)
        yield IncomingOrder(
            channel="demo-shop",
            order_number=f"{quarter.name}-{seller}-{number:04d}",
            placed_at=quarter.at(day, 8) + timedelta(minutes=rng.randrange(840)),
            buyer_name=f"{_FAMILY[buyer % 10]}{_GIVEN[buyer % 5]}",
            buyer_id_number=_identity(buyer),
            buyer_telephone=f"1390000{buyer:04d}",
            consignee_address=f"{_TOWNS[buyer % 4]}示例路{buyer + 1}号",
            lines=tuple(lines),
            freight_minor=1_000,
            insurance_minor=200 if number % 6 == 0 else 0,
            discount_minor=500 if number % 5 == 0 else 0,
            # Some have it sent to their parents.
            consignee_name=f"{_FAMILY[buyer % 10]}建国" if number % 7 == 0 else "",
        )


def once_more(order: IncomingOrder) -> IncomingOrder:
    """The same buyer orders one more unit of the same, half an hour later."""
    line = replace(order.lines[0], quantity=1)
    return replace(
        order,
        order_number=f"{order.order_number}-B",
        placed_at=order.placed_at + timedelta(minutes=30),
        lines=(line,),
    )


def _basket(
    rng: random.Random, left: dict[str, int], prices: Mapping[str, int]
) -> Iterator[IncomingLine]:
    skus: Sequence[str] = sorted(left)
    for sku in rng.sample(skus, k=min(len(skus), rng.choice((1, 1, 2)))):
        # A parcel over the order limit is refused by customs; shops split before that.
        units = min(left[sku], rng.choice((1, 1, 1, 2)), max(1, 180_000 // max(1, prices[sku])))
        left[sku] -= units
        if not left[sku]:
            del left[sku]
        yield IncomingLine(sku=sku, quantity=units, unit_price_minor=prices[sku])
