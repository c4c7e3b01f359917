"""The made-up terms of a study: suppliers, offers, freight and rates, from ``mapping.toml``."""

from __future__ import annotations

import copy
import re
import tomllib
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

import pandas as pd

from core.money import exponent
from procurement.rules.billing import valued
from procurement.rules.offering import BUYER_CARRIES, BUYER_INSURES
from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.plain import plain
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
from procurement.study.demand import Demand, Product

MAPPING: Final = Path(__file__).with_name("mapping.toml")


@dataclass(frozen=True, slots=True)
class Mapping:
    """What was made up; ``told`` is the file as it stands."""

    told: dict[str, Any]

    @property
    def suppliers(self) -> list[str]:
        return [one["code"] for one in self.told["supplier"]]

    def rule(self, product: Product) -> dict[str, Any]:
        """The first rule whose pattern is found in the category."""
        found: dict[str, Any] = next(
            one for one in self.told["rule"] if re.search(one["match"], product.category)
        )
        return found

    def retail(self, product: Product) -> int:
        """What a unit sells for, fen."""
        return _fen(product.retail * Decimal(self.told["prices"]["retail_to_cny"]))

    def cost(self, product: Product) -> Decimal:
        """What a unit costs at a supplier before any break, CNY."""
        prices = self.told["prices"]
        return product.retail * Decimal(prices["retail_to_cny"]) * Decimal(prices["cost_share"])

    def landed(self, product: Product) -> int:
        """What a unit costs landed, roughly: its price and something for the way, fen."""
        return _fen(self.cost(product) * (1 + Decimal(self.told["prices"]["way_share"])))

    def pack(self, product: Product, usual: int) -> int:
        """Units in a pack: fewer of what is dear."""
        cost = self.cost(product)
        limits = [
            int(one["units"])
            for one in self.told["most_in_pack"]
            if cost >= Decimal(one["from_cny"])
        ]
        return min([usual, *limits])


def read_mapping(path: Path = MAPPING) -> Mapping:
    return Mapping(tomllib.loads(path.read_text("utf-8")))


def easy(mapping: Mapping) -> Mapping:
    """The same suppliers if they sold single units, without minimums, at one price, and neither
    bank nor broker asked anything: what is left for a pool to save is the freight."""
    told = copy.deepcopy(mapping.told)
    told["most_in_pack"] = [{"from_cny": "0", "units": 1}]
    told["fees"] |= {"wire": "0", "declaration": "0", "line": "0"}
    told["lcl"]["minimum"] = "0"
    for house in told["supplier"]:
        house["minimum"] = "0"
    for rule in told["rule"]:
        for offer in rule["offers"]:
            offer |= {"minimum": 0, "breaks": "flat"}
    return Mapping(told)


def problem(
    mapping: Mapping, demand: Demand, wishes: pd.DataFrame, *, valuation: Valuation | None = None
) -> Problem:
    """The terms of a round of ``wishes``: product_id, quantity, less, more."""
    products = {one.id: one for one in demand.products}
    sums = wishes.assign(
        firm=wishes["quantity"] - wishes["less"], most=wishes["quantity"] + wishes["more"]
    )
    asked = sums.groupby("product_id", sort=True)[["firm", "quantity", "most"]].sum()
    items, offers = [], []
    for at, firm, wanted, most in asked.reset_index().to_numpy("int64").tolist():
        product = products[at]
        items.append(
            Item(
                product=at,
                firm=firm,
                wanted=wanted,
                most=most,
                gross_weight_g=product.grams,
                volume_cm3=product.cm3,
                duty_ppm=int(Decimal(mapping.rule(product)["duty"]) * MILLION),
            )
        )
        offers += _offers(mapping, product)
    used = {offer.supplier for offer in offers}
    lanes = [
        _lane(mapping, place, terms)
        for place, terms in enumerate(mapping.told["supplier"], 1)
        if place in used
    ]
    bare = Problem(tuple(items), tuple(offers), tuple(lanes))
    evaluator = Evaluator(bare)
    return valued(bare, evaluator.evaluate(plain(evaluator)), valuation or Valuation())


def _offers(mapping: Mapping, product: Product) -> list[Offer]:
    codes = mapping.suppliers
    found = []
    for place, terms in enumerate(mapping.rule(product)["offers"]):
        supplier = codes.index(terms["supplier"])
        house = mapping.told["supplier"][supplier]
        pack = mapping.pack(product, terms["pack"])
        price = mapping.cost(product) * Decimal(terms["price"]) * pack
        price = price / Decimal(mapping.told["cny_per"][house["currency"]])
        minor = price * 10 ** exponent(house["currency"])
        steps = mapping.told["breaks"][terms["breaks"]]
        found.append(
            Offer(
                # Ids that stay whatever else is wished for.
                id=product.id * 10 + place,
                product=product.id,
                supplier=supplier + 1,
                currency=house["currency"],
                incoterm=house["incoterm"],
                pack_quantity=pack,
                minimum_quantity=pack * terms["minimum"],
                breaks=tuple(
                    Break(int(start), max(_whole(minor * Decimal(factor)), 1))
                    for start, factor in sorted(steps.items(), key=lambda step: int(step[0]))
                ),
                pricing=Pricing(terms.get("pricing", "all_units")),
            )
        )
    return found


def _lane(mapping: Mapping, supplier: int, house: dict[str, Any]) -> Lane:
    told, digits = mapping.told, 10 ** exponent(house["currency"])
    per = Decimal(house["freight"])
    pays = house["incoterm"] in BUYER_CARRIES
    return Lane(
        supplier=supplier,
        currency=house["currency"],
        incoterm=house["incoterm"],
        rate_ppb=_whole(Decimal(told["cny_per"][house["currency"]]) * 100 * BILLION / digits),
        minimum_minor=_whole(Decimal(house["minimum"]) * digits),
        containers=tuple(
            Container(
                one["code"], _fen(Decimal(one["price"]) * per), one["m3"] * MILLION,
                one["kg"] * 1000,
            )
            for one in told["container"]
        ) if pays else (),
        lcl_price=_fen(Decimal(told["lcl"]["price"]) * per) if pays else None,
        lcl_minimum=_fen(Decimal(told["lcl"]["minimum"]) * per) if pays else 0,
        wire_fee=_fen(Decimal(told["fees"]["wire"])),
        declaration_fee=_fen(Decimal(told["fees"]["declaration"])),
        line_fee=_fen(Decimal(told["fees"]["line"])),
        insurance_ppm=_whole(Decimal(told["fees"]["insurance"]) * MILLION)
        if house["incoterm"] in BUYER_INSURES else 0,
        pays_freight=pays,
    )  # fmt: skip


def _fen(amount: Decimal) -> int:
    return _whole(amount * 100)


def _whole(amount: Decimal) -> int:
    return int(amount.to_integral_value(ROUND_HALF_UP))
