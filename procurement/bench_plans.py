"""How long a round's plan takes to solve, and how close to the best it provably is.

The floor of each row is the plain rule: the same terms read once, each product by itself.
The problems are made up (always the same for a size) or made of real forecasts with the
made-up mapping of the demo: no statement about any real price.
"""

from __future__ import annotations

import csv
import random
import re
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.money import exponent
from procurement.rules.solving.solution import solve
from procurement.rules.solving.terms import (
    BILLION,
    MILLION,
    Break,
    Container,
    Item,
    Lane,
    Offer,
    Pricing,
    Problem,
    Valuation,
)

#: Usual inner measures and payloads; the prices are made up.
CONTAINERS = (
    Container("20GP", 900_000, 28_000_000, 21_700_000),
    Container("40GP", 1_500_000, 58_000_000, 26_500_000),
    Container("40HC", 1_600_000, 68_000_000, 26_300_000),
)


def made_up_problem(
    *, products: int, suppliers: int, seed: int = 20260701, twice: int = 0
) -> Problem:
    """A round of its size; ``twice``: of every hundred products, how many two suppliers offer."""
    # A generator of our own with a fixed seed: it makes a load, not a secret.
    chance = random.Random(seed)  # noqa: S311
    lanes = [_lane(chance, supplier) for supplier in range(1, suppliers + 1)]
    items: list[Item] = []
    offers: list[Offer] = []
    for product in range(1, products + 1):
        price = chance.randint(300, 8_000)
        wanted = min(int(40 * chance.paretovariate(1.1)), 5_000)
        home = (product - 1) % suppliers
        # Unit value in fen: the minor price at about 7 fen, and a fifth for the way.
        items.append(
            Item(
                product=product,
                firm=wanted - wanted * chance.randint(0, 20) // 100,
                wanted=wanted,
                most=wanted + wanted * chance.randint(0, 20) // 100,
                gross_weight_g=chance.randint(100, 4_000),
                volume_cm3=chance.randint(300, 15_000),
                duty_ppm=chance.choice([0, 50_000, 65_000, 100_000]),
                **Valuation().of(price * 85 // 10),
            )
        )
        places = [home]
        if suppliers > 1 and chance.randint(1, 100) <= twice:
            places.append((home + chance.randint(1, suppliers - 1)) % suppliers)
        for place in places:
            offers.append(_offer(chance, len(offers) + 1, product, lanes[place], price))
    return Problem(tuple(items), tuple(offers), tuple(lanes))


def _lane(chance: random.Random, supplier: int) -> Lane:
    return Lane(
        supplier=supplier,
        currency=("EUR", "USD")[supplier % 2],
        incoterm="FOB",
        rate_ppb=(7_800_000_000, 6_400_000_000)[supplier % 2],
        minimum_minor=chance.choice([0, 200_000, 500_000]),
        containers=CONTAINERS,
        lcl_price=45_000,
        lcl_minimum=45_000,
        wire_fee=20_000,
        declaration_fee=40_000,
        line_fee=2_000,
        insurance_ppm=3_300,
        pays_freight=True,
    )


def _offer(chance: random.Random, number: int, product: int, lane: Lane, price: int) -> Offer:
    pack = chance.choice([1, 4, 6, 10, 12, 24])
    base = max(price * pack * chance.randint(95, 110) // 100, 10)
    second, third = chance.randint(5, 20), chance.randint(30, 120)
    return Offer(
        id=number,
        product=product,
        supplier=lane.supplier,
        currency=lane.currency,
        incoterm=lane.incoterm,
        pack_quantity=pack,
        multiple=chance.choice([1, 1, 1, 4]),
        minimum_quantity=pack * chance.choice([0, 1, 4, 8]),
        capacity=None if chance.random() < 0.9 else 2_000,
        breaks=(Break(1, base), Break(second, base * 93 // 100), Break(third, base * 86 // 100)),
        pricing=Pricing.ALL_UNITS if chance.random() < 0.8 else Pricing.INCREMENTAL,
    )


#: The demo's suppliers and what they are paid in.
CURRENCIES = {
    "LAV": "EUR",
    "RHG": "EUR",
    "COL": "EUR",
    "ALM": "EUR",
    "HAN": "JPY",
    "BLU": "AUD",
    "RBC": "USD",
}


def real_problem(folder: Path, mapping: Path) -> Problem:
    """One round of real forecasts; supplier, pack, price and freight are made up by a mapping.

    ``folder`` holds forecasts.csv and products.csv; ``mapping`` is the demo's TOML. Of every
    wish a fifth may be left out and a fifth more would be taken.
    """
    rules = tomllib.loads(mapping.read_text("utf-8"))
    with (folder / "forecasts.csv").open(encoding="utf-8", newline="") as file:
        wanted: Counter[str] = Counter()
        for row in csv.DictReader(file):
            wanted[row["sku"]] += int(row["forecast_units"])
    with (folder / "products.csv").open(encoding="utf-8", newline="") as file:
        products = [row for row in csv.DictReader(file) if wanted[row["sku"]]]
    codes = sorted(CURRENCIES)
    per = {code: Decimal(rate) for code, rate in rules["prices"]["cny_per"].items()}
    items, offers = [], []
    for number, row in enumerate(sorted(products, key=lambda row: row["sku"]), 1):
        found = [one for one in rules["rule"] if re.search(one["match"], row["category"])]
        rule: dict[str, Any] = {**rules["default"], **(found[0] if found else {})}
        currency, pack = CURRENCIES[rule["supplier"]], int(rule["pack_quantity"])
        retail = Decimal(row["retail_price_brl"]) * Decimal(rules["prices"]["retail_to_cny"])
        cost = retail * Decimal(rules["prices"]["cost_share"])
        minor = cost / per[currency] * pack * 10 ** exponent(currency)
        units = wanted[row["sku"]]
        items.append(
            Item(
                product=number,
                firm=units - units // 5,
                wanted=units,
                most=units + units // 5,
                gross_weight_g=max(int(Decimal(row["weight_g"] or 0)), 1),
                volume_cm3=max(int(Decimal(row["volume_m3"] or 0) * MILLION), 1),
                duty_ppm=int(Decimal(rule["duty_rate"]) * MILLION),
                # What it costs, and a quarter for the way.
                **Valuation().of(int(cost * 125)),
            )
        )
        offers.append(
            Offer(
                id=number,
                product=number,
                supplier=codes.index(rule["supplier"]),
                currency=currency,
                incoterm=rule["incoterm"],
                pack_quantity=pack,
                minimum_quantity=pack * int(rule["minimum_packs"]),
                breaks=tuple(
                    Break(int(start), max(int(minor * Decimal(factor)), 1))
                    for start, factor in sorted(rules["breaks"].items(), key=lambda b: int(b[0]))
                ),
            )
        )
    chance = random.Random(1)  # noqa: S311
    lanes = {}
    for offer in offers:
        rate = per[offer.currency] * 100 * BILLION / 10 ** exponent(offer.currency)
        lanes[offer.lane] = replace(
            _lane(chance, offer.supplier),
            currency=offer.currency,
            incoterm=offer.incoterm,
            rate_ppb=int(rate),
            minimum_minor=0,
        )
    return Problem(tuple(items), tuple(offers), tuple(lanes.values()))


@dataclass(frozen=True, slots=True)
class Planned:
    """One problem solved; ``floor_s`` is the plain rule on the same terms."""

    name: str
    products: int
    suppliers: int
    offers: int
    solve_s: float
    floor_s: float
    gap_percent: float
    saved_percent: float
    chosen: str
    parts: int
    split_parts: int


def measure(name: str, problem: Problem, *, time_limit_s: float = 28.0) -> Planned:
    """Solve once, from terms to a counted plan."""
    began = time.perf_counter()
    solution = solve(problem, time_limit_s=time_limit_s, gap=0.01)
    took = time.perf_counter() - began
    paid = solution.plans["plain"].adjusted
    return Planned(
        name=name,
        products=len(problem.items),
        suppliers=len({offer.supplier for offer in problem.offers}),
        offers=len(problem.offers),
        solve_s=took,
        floor_s=solution.milliseconds["plain"] / 1000,
        gap_percent=solution.gap_ppm / 10_000,
        saved_percent=100 * solution.saved / paid if paid else 0.0,
        chosen=solution.chosen,
        parts=solution.parts,
        split_parts=solution.split_parts,
    )


#: What the bench solves, by name; the real one where its data is.
CASES = ("real", "alone", "rivals")


def case(name: str, *, folder: Path, mapping: Path) -> Planned:
    """One row of the bench."""
    if name == "real":
        return measure("real forecasts", real_problem(folder, mapping))
    if name == "alone":
        problem = made_up_problem(products=3_000, suppliers=200)
        return measure("made up, one supplier a product", problem)
    problem = made_up_problem(products=3_000, suppliers=200, twice=40)
    return measure("made up, 40 % with two suppliers", problem)
