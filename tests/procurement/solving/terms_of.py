"""Random terms of a round for the tests: small, always valid, with every kind of rule in them."""

from __future__ import annotations

import random

from procurement.rules.solving.terms import (
    Break,
    Container,
    Item,
    Lane,
    Offer,
    Pricing,
    Problem,
    Valuation,
)

BOXES = (
    Container("20GP", 90_000, 60_000, 45_000),
    Container("40GP", 150_000, 120_000, 60_000),
    Container("40HC", 165_000, 140_000, 60_000),
)


def random_problem(
    seed: int,
    *,
    products: int = 3,
    lanes: int = 2,
    most_units: int = 12,
    has_budget: bool = False,
) -> Problem:
    """A little round in which packs, minimums, breaks, freight and fees all matter."""
    chance = random.Random(seed)
    terms = [_lane(chance, supplier) for supplier in range(1, lanes + 1)]
    items: list[Item] = []
    offers: list[Offer] = []
    for product in range(1, products + 1):
        price = chance.randint(500, 9_000)
        wanted = chance.randint(0, most_units)
        # Surplus is always worth less than the cheapest unit: see brute force.
        values = Valuation().of(price * 8)
        items.append(
            Item(
                product=product,
                firm=chance.randint(0, wanted),
                wanted=wanted,
                most=wanted + chance.randint(0, 4),
                gross_weight_g=chance.choice([0, 300, 2_500]),
                volume_cm3=chance.choice([0, 800, 9_000]),
                duty_ppm=chance.choice([0, 60_000, 120_000]),
                surplus_limit=chance.choice([None, None, 0, 3]),
                **values,
            )
        )
        chosen = chance.sample(terms, chance.randint(1, len(terms)))
        for lane in chosen:
            offers.append(_offer(chance, len(offers) + 1, product, lane, price))
    budget = chance.randint(0, 3_000_000) if has_budget else None
    return Problem(tuple(items), tuple(offers), tuple(terms), budget, chance.random() < 0.8)


def _lane(chance: random.Random, supplier: int) -> Lane:
    pays = chance.random() < 0.7
    return Lane(
        supplier=supplier,
        currency=chance.choice(["EUR", "USD"]),
        incoterm="FOB" if pays else "CIF",
        rate_ppb=chance.choice([7_800_000_000, 6_400_000_001]),
        minimum_minor=chance.choice([0, 0, 20_000]),
        containers=tuple(chance.sample(BOXES, chance.randint(1, 3))) if pays else (),
        lcl_price=chance.choice([1_400_000, 2_100_000]) if chance.random() < 0.7 else None,
        lcl_minimum=chance.choice([0, 20_000]),
        wire_fee=chance.choice([0, 15_000]),
        declaration_fee=chance.choice([0, 30_000]),
        line_fee=chance.choice([0, 2_000]),
        insurance_ppm=chance.choice([0, 3_300]),
        pays_freight=pays,
    )


def _offer(chance: random.Random, number: int, product: int, lane: Lane, price: int) -> Offer:
    pack, multiple = chance.choice([1, 2, 3, 5]), chance.choice([1, 1, 1, 2])
    base = price * pack * chance.randint(90, 115) // 100
    breaks = [Break(1, base)]
    if chance.random() < 0.7:
        breaks.append(Break(chance.randint(2, 5), base * chance.randint(70, 98) // 100))
    return Offer(
        id=number,
        product=product,
        supplier=lane.supplier,
        currency=lane.currency,
        incoterm=lane.incoterm,
        pack_quantity=pack,
        multiple=multiple,
        minimum_quantity=chance.choice([0, 0, 4, 9]),
        capacity=chance.choice([None, None, None, 10]),
        breaks=tuple(breaks),
        pricing=chance.choice([Pricing.ALL_UNITS, Pricing.INCREMENTAL]),
    )
