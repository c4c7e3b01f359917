"""The rules for retail import that the law has given so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customs.rules.retail_tax import Threshold


@dataclass(frozen=True, slots=True)
class RetailRule:
    """One rule by law; amounts in fen."""

    valid_from: date
    order_limit: int
    year_limit: int
    payable_fraction: Decimal
    source: str


RETAIL_RULES = (
    RetailRule(date(2016, 4, 8), 200_000, 2_000_000, Decimal("0.7"), "财关税〔2016〕18号"),
    RetailRule(date(2019, 1, 1), 500_000, 2_600_000, Decimal("0.7"), "财关税〔2018〕49号"),
)

#: High-priced cosmetics, fen: 10 yuan a millilitre or gram, 15 a sheet (财税〔2016〕103号).
COSMETICS_SINCE = date(2016, 10, 1)
COSMETICS = Threshold(per_measure=1_000, per_piece=1_500)
