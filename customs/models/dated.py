"""Which table keeps which kind of reference data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customs.models.reference import CustomsCode, ExchangeRate, PositiveEntry, TariffRate
from customs.models.tax_policy import PriceThreshold, TaxRounding
from customs.rules.reference.kinds import CODE_TABLES

DATED: Mapping[str, type[Any]] = {
    "tariff": TariffRate,
    "positive": PositiveEntry,
    "exchange": ExchangeRate,
    "rounding": TaxRounding,
    "price-threshold": PriceThreshold,
    **dict.fromkeys(CODE_TABLES, CustomsCode),
}
