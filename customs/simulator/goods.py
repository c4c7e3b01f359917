"""The positive list as the simulated authority knows it, and what a buyer may have of it a year."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from customs.rules.ceb.messages import Business
from customs.simulator.book import Book

_KILOGRAM, _GRAM = "035", "036"
_BONDED_ONLY = ("bonded_only", "仅限网购保税")
_NAMES = {"税则号列": "code", "备注类别": "remarks", "每人每年千克": "weight_limit_kg"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A code of the list: whether its goods go over a bonded house only, and the kilograms that a
    person may have of it a year."""

    is_bonded_only: bool = False
    limit: Decimal | None = None


class GoodsFileWrong(Exception):
    """A file of the positive list cannot be read; says where."""


def read(path: Path) -> Mapping[str, Listed]:
    """By code of eight digits, from the file that the reference data are loaded from
    (``code,remarks,weight_limit_kg`` or the Chinese headings)."""
    found = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for place, told in enumerate(csv.DictReader(file), 2):
            row = {_NAMES.get(name, name): value for name, value in told.items()}
            try:
                limit = (row.get("weight_limit_kg") or "").strip()
                found[row["code"].strip()] = Listed(
                    any(word in (row.get("remarks") or "") for word in _BONDED_ONLY),
                    Decimal(limit) if limit else None,
                )
            except (KeyError, AttributeError, InvalidOperation) as error:
                raise GoodsFileWrong(f"{path.name}:{place}: {error!r}") from error
    return found


def kilograms(one: Business) -> dict[str, Decimal]:
    """What the lines weigh by code of eight digits, as far as a legal unit is a weight."""
    found: dict[str, Decimal] = {}
    for line in one.lines:
        for number in ("1", "2"):
            unit, qty = line.get(f"unit{number}"), line.get(f"qty{number}")
            if qty and unit in (_KILOGRAM, _GRAM):
                weight = Decimal(qty) / (1 if unit == _KILOGRAM else 1000)
                code = line["gcode"][:8]
                found[code] = found.get(code, Decimal(0)) + weight
                break
    return found


def refusal(
    book: Book, listed: Mapping[str, Listed], one: Business, year: str, *, but: str = ""
) -> str:
    """Why the goods of a retail list may not come this way; empty where they may. ``but`` is the
    list that they are to take the place of."""
    if not listed:
        return ""
    for place, line in enumerate(one.lines, 1):
        known = listed.get(line["gcode"][:8])
        if known is None:
            return f"第{place}项 {line['gcode']} 不在跨境电商零售进口商品清单内"
        if known.is_bonded_only and one.head["tradeMode"] != "1210":
            return f"第{place}项 {line['gcode']} 仅限网购保税商品"
    buyer = one.head["buyerIdNumber"]
    for code, weight in kilograms(one).items():
        limit = listed[code].limit
        if limit is None:
            continue
        rows = book.rows(
            "SELECT kilograms FROM weighed WHERE buyer = ? AND year = ? AND code = ? AND list <> ?",
            *(buyer, year, code, but),
        )
        had = sum((Decimal(row[0]) for row in rows), Decimal(0))
        if had + weight > limit:
            return f"{code} 每人每年限 {limit:f} 千克，已有 {had:f}，本单 {weight:f}"
    return ""


def weigh(book: Book, key: str, one: Business, year: str) -> None:
    """Count what a retail list brings its buyer."""
    for code, weight in kilograms(one).items():
        book.rows(
            "INSERT INTO weighed VALUES (?, ?, ?, ?, ?)",
            *(key, one.head["buyerIdNumber"], year, code, str(weight)),
        )
