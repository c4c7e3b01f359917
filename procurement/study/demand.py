"""Who wished how much of what in which quarter, and what was then sold: read, or made up."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import pandas as pd

from core.errors import InputError
from procurement.rules import quarters

#: What a quarter has of sales that nobody knows yet.
UNKNOWN: Final = -1
#: What one line may hold.
LARGEST: Final = 10**6

PRODUCTS: Final = ("sku", "category", "retail_price_brl", "weight_g", "volume_m3")
FORECASTS: Final = ("quarter", "seller", "sku", "forecast_units")
HISTORY: Final = (*FORECASTS, "actual_units")
FILES: Final = ("forecasts.csv", "history.csv.gz", "products.csv")


class StudyNotUsable(InputError):
    """A study reads forecasts.csv, history.csv.gz and products.csv: each seller once per quarter
    and product, whole units not below zero, products that have a price, a weight and a volume."""

    code = "procurement.study_not_usable"


@dataclass(frozen=True, slots=True)
class Product:
    """``retail`` is in the currency of the data."""

    id: int
    sku: str
    category: str
    retail: Decimal
    grams: int
    cm3: int


@dataclass(frozen=True, slots=True)
class Demand:
    """``lines``: quarter (counted since the year 0), seller_id, product_id, forecast, actual
    (:data:`UNKNOWN` where nobody knows yet); sorted. ``sellers`` are codes by id."""

    is_real: bool
    products: tuple[Product, ...]
    sellers: dict[int, str]
    lines: pd.DataFrame

    @property
    def quarters(self) -> list[int]:
        """The quarters in which anybody wished for anything."""
        return sorted(set(self.lines.loc[self.lines["forecast"] > 0, "quarter"].tolist()))

    def of(self, quarter: int) -> pd.DataFrame:
        """The lines of one quarter."""
        return self.lines.loc[self.lines["quarter"] == quarter].reset_index(drop=True)


def number(quarter: str) -> int:
    """A quarter counted since the year 0. Raises NotAQuarter."""
    begins = quarters.first_day(quarter)
    return begins.year * 4 + (begins.month - 1) // 3


def name(quarter: int) -> str:
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def has_data(folder: Path) -> bool:
    """Are the files of a study there?"""
    return all((folder / file).is_file() for file in FILES)


def read(folder: Path) -> Demand:
    """Real demand from a folder. Raises StudyNotUsable or NotAQuarter."""
    products = _csv(folder / "products.csv", PRODUCTS)
    past = _csv(folder / "history.csv.gz", HISTORY)
    coming = _csv(folder / "forecasts.csv", FORECASTS).assign(actual_units=str(UNKNOWN))
    return _demand(products, pd.concat([past, coming], ignore_index=True), is_real=True)


def _csv(path: Path, columns: Iterable[str]) -> pd.DataFrame:
    try:
        found = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as problem:
        raise StudyNotUsable(file=path.name, reason=str(problem)) from problem
    lacking = [column for column in columns if column not in found]
    if lacking:
        raise StudyNotUsable(file=path.name, column=lacking[0])
    return found[list(columns)]


def _demand(products: pd.DataFrame, lines: pd.DataFrame, *, is_real: bool) -> Demand:
    goods = products.sort_values("sku", ignore_index=True)
    if goods["sku"].duplicated().any():
        raise StudyNotUsable(file="products.csv", reason="twice")
    skus = {sku: at for at, sku in enumerate(goods["sku"].tolist(), 1)}
    codes = {code: at for at, code in enumerate(sorted(set(lines["seller"].tolist())), 1)}
    unknown = sorted(set(lines["sku"].tolist()) - skus.keys())
    if unknown:
        raise StudyNotUsable(products=unknown[:10])
    told = {text: number(text) for text in set(lines["quarter"].tolist())}
    frame = pd.DataFrame(
        {
            "quarter": lines["quarter"].map(told),
            "seller_id": lines["seller"].map(codes),
            "product_id": lines["sku"].map(skus),
            "forecast": _units(lines["forecast_units"], least=0),
            "actual": _units(lines["actual_units"], least=UNKNOWN),
        }
    ).astype("int64")
    if not (frame["forecast"] > 0).any():
        raise StudyNotUsable(reason="empty")
    keys = ["quarter", "seller_id", "product_id"]
    if frame.duplicated(keys).any():
        raise StudyNotUsable(reason="twice")
    return Demand(
        is_real,
        tuple(_product(at, *row) for at, *row in goods[list(PRODUCTS)].itertuples(name=None)),
        {at: code for code, at in codes.items()},
        frame.sort_values(keys, ignore_index=True),
    )


def _units(texts: pd.Series[str], *, least: int) -> pd.Series[int]:
    is_whole = texts.str.fullmatch(r"-?\d{1,7}")
    if not is_whole.all():
        raise StudyNotUsable(found=texts[~is_whole].iloc[0])
    units = texts.astype("int64")
    if len(units) and (int(units.min()) < least or int(units.max()) > LARGEST):
        raise StudyNotUsable(found=int(units.min() if units.min() < least else units.max()))
    return units


def _product(place: int, sku: str, category: str, retail: str, grams: str, volume: str) -> Product:
    try:
        price = Decimal(retail)
        sizes = [
            int(Decimal(grams).to_integral_value()),
            int((Decimal(volume) * 10**6).to_integral_value()),
        ]
        is_usable = 0 < price < LARGEST and all(0 <= size <= 10**8 for size in sizes)
    except (InvalidOperation, ValueError, OverflowError) as problem:
        raise StudyNotUsable(product=sku) from problem
    if not is_usable:
        raise StudyNotUsable(product=sku)
    # Whatever is that light and small is a gram and a cubic centimetre.
    return Product(place + 1, sku, category, price, *(max(size, 1) for size in sizes))


#: Categories of the made-up example, so that every kind of offer is in it.
_KINDS: Final = ("health_beauty", "toys", "electronics", "fashion_shoes", "housewares", "pet_shop")


def made_up(*, sellers: int = 30, products: int = 18, seed: int = 20260701) -> Demand:
    """A small example, always the same: four quarters and one to come."""
    # It makes a load, not a secret.
    chance = random.Random(seed)  # noqa: S311
    goods = [
        {
            "sku": f"{_KINDS[at % len(_KINDS)].upper()}-{at:03}",
            "category": _KINDS[at % len(_KINDS)],
            "retail_price_brl": str(chance.randint(12, 400)),
            "weight_g": str(chance.randint(100, 4_000)),
            "volume_m3": f"0.{chance.randint(5, 300):05}",
        }
        for at in range(products)
    ]
    rows = []
    for seller in range(1, sellers + 1):
        # Some sell very much and most very little; a few always hope for more than they sell.
        size, hope = chance.paretovariate(1.1), chance.choice([100, 100, 100, 140])
        for item in chance.sample(goods, min(chance.randint(1, 5), len(goods))):
            before = max(int(3 * size * chance.uniform(0.5, 1.5)), 0)
            for at in range(5):
                sold = int(before * chance.uniform(0.6, 1.5))
                wish, before = before * hope // 100, sold
                rows.append(
                    (name(8068 + at), f"M{seller:04}", item["sku"], str(wish),
                     str(UNKNOWN if at == 4 else sold))
                )  # fmt: skip
    lines = pd.DataFrame(rows, columns=list(HISTORY))
    kept = lines.loc[(lines["forecast_units"] != "0") | (lines["actual_units"] > "0")]
    return _demand(pd.DataFrame(goods, columns=list(PRODUCTS)), kept, is_real=False)
