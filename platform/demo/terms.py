"""What suppliers of the demo ask beside their prices: ``data/terms.toml``, explained there."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.models import Product, TradingPartner
from core.money import Money
from demo.goods import Goods
from demo.house import DATA
from demo.story import Story
from procurement import services as procurement
from procurement.models import ApprovalLimit, FreightTerms, SupplierOffer
from procurement.services import NewContainer, NewOffer


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of each were written down now."""

    ways: int
    offers: int


def read() -> dict[str, Any]:
    return tomllib.loads((DATA / "terms.toml").read_text("utf-8"))


def keep(story: Story, *, since: date) -> Kept:
    """Freight, order minimums, second suppliers and the limit of approvals; safe to do again."""
    told, partners = read(), story.house.partners
    if not ApprovalLimit.objects.exists():
        limit = Money.of(told["approval"]["one_person"], "CNY").minor
        procurement.set_approval_limit(currency="CNY", amount_minor=limit)
    known = set(FreightTerms.objects.values_list("supplier__company__code", flat=True))
    missing = [one for one in told["supplier"] if one["code"] not in known]
    asked = {(one.supplier, one.currency, one.incoterm) for one in story.goods}
    for one in missing:
        supplier = partners[one["code"]]
        _way(supplier, one, told, since)
        for incoterm in sorted({term for code, _, term in asked if code == one["code"]}):
            procurement.set_minimum(
                supplier=supplier,
                currency=supplier.currency,
                incoterm=incoterm,
                amount_minor=Money.of(one["minimum"], supplier.currency).minor,
            )
    return Kept(ways=len(missing), offers=_second_suppliers(story, told["offer"], since))


def _way(supplier: TradingPartner, one: dict[str, str], told: dict[str, Any], since: date) -> None:
    way, price = told["way"], Decimal(one["container"])
    procurement.set_freight(
        supplier=supplier,
        valid_from=since,
        lcl_minor=_fen(one["lcl"]),
        lcl_minimum_minor=_fen(way["lcl_minimum"]),
        order_fee_minor=_fen(way["order_fee"]),
        declaration_fee_minor=_fen(way["declaration_fee"]),
        line_fee_minor=_fen(way["line_fee"]),
        insurance_ppm=int(Decimal(way["insurance"]) * 1_000_000),
        containers=[
            NewContainer(
                kind=kind,
                price_minor=_fen(str(price * Decimal(box["times"]))),
                volume_cm3=box["m3"] * 1_000_000,
                weight_g=box["kg"] * 1_000,
            )
            for kind, box in told["containers"].items()
        ],
    )


def _second_suppliers(story: Story, offers: list[dict[str, Any]], since: date) -> int:
    """Of goods that are in the story, as the demo's own are; of others nobody offers more."""
    here: dict[str, Goods] = {one.sku: one for one in story.goods}
    wanted = [one for one in offers if one["sku"] in here]
    products = Product.objects.in_bulk([one["sku"] for one in wanted], field_name="sku")
    there = set(
        SupplierOffer.objects.filter(product__in=products.values()).values_list(
            "product__sku", "supplier__company__code"
        )
    )
    made = [
        _offer(products[one["sku"]], story.house.partners[one["supplier"]], one, since)
        for one in wanted
        if (one["sku"], one["supplier"]) not in there
    ]
    if made:
        procurement.add_offers(offers=made)
    return len(made)


def _offer(
    product: Product, supplier: TradingPartner, one: dict[str, Any], since: date
) -> NewOffer:
    breaks = [step.split(":") for step in one["breaks"].split(";")]
    rest = {name: one[name] for name in one if name not in {"sku", "supplier", "breaks"}}
    return NewOffer(
        product=product,
        supplier=supplier,
        currency=supplier.currency,
        breaks=[(int(packs), Money.of(price, supplier.currency).minor) for packs, price in breaks],
        valid_from=since,
        **rest,
    )


def _fen(amount: str) -> int:
    return Money.of(amount, "CNY").minor
