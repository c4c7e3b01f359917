"""What stands beside each line of a forecast: its own past, and the likely cost of today's pool."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from accounts.models import Company
from catalog.models import Product
from core.walls import platform_wide
from procurement.models import ForecastLine, OrderShare, PoolRound, SupplierOffer
from procurement.models.offers import Pricing
from procurement.queries import forecasts, offers
from procurement.queries.orders import unit_price
from procurement.rules import outlook
from procurement.rules.outlook import SELLERS_TO_SHOW

#: So many earlier rounds stand beside a line.
EARLIER = 3


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier round of a product: what the seller forecast, and what it got."""

    round: str
    forecast: int
    got: int


@dataclass(frozen=True, slots=True)
class Likely:
    """The unit cost at today's pool, and how many packs reach the next price."""

    currency: str
    unit_cost: Decimal
    missing_packs: int
    next_unit_cost: Decimal | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What a seller is told of one product while it files."""

    earlier: Sequence[Earlier] = field(default_factory=tuple)
    #: None while fewer than three sellers want the product: then it would tell of them.
    likely: Likely | None = None


def beside(round: PoolRound, seller: Company, products: Collection[int]) -> dict[int, Beside]:
    """By product, for the products of one page. Few statements, however many products."""
    past = earlier(round, seller, products)
    costs = likely(round, products)
    return {pk: Beside(past.get(pk, ()), costs.get(pk)) for pk in products}


def earlier(
    round: PoolRound, seller: Company, products: Collection[int]
) -> dict[int, Sequence[Earlier]]:
    """What a seller forecast in earlier rounds and what it got of it, newest first."""
    before = list(PoolRound.objects.filter(quarter__lt=round.quarter).order_by("-code")[:20])
    latest = forecasts.newest_of(seller, before)
    lines = ForecastLine.objects.filter(
        forecast__in=[one.pk for one in latest.values()], product__in=list(products)
    )
    wanted = {
        (product, held): units
        for product, held, units in lines.values_list(
            "product_id", "forecast__round_id", "quantity"
        )
    }
    shares = OrderShare.objects.filter(
        owner=seller, order__round__in=before, line__product__in=list(products)
    )
    got = {
        (product, held): int(units)
        for product, held, units in shares.order_by()
        .values_list("line__product_id", "order__round_id")
        .annotate(units=Sum("quantity"))
    }
    found: dict[int, list[Earlier]] = {}
    for held in before:
        for product in products:
            key = (product, held.pk)
            rows = found.setdefault(product, [])
            if (key in wanted or key in got) and len(rows) < EARLIER:
                rows.append(Earlier(held.code, wanted.get(key, 0), got.get(key, 0)))
    return {product: rows for product, rows in found.items() if rows}


def likely(round: PoolRound, products: Collection[int]) -> dict[int, Likely]:
    """The likely unit cost of the products that at least three sellers want."""
    # What all want together is nobody's alone; of fewer than three it would tell of the others.
    with platform_wide():
        pooled = forecasts.pool_sizes(round, products)
    known = {pk: units for pk, (units, sellers) in pooled.items() if sellers >= SELLERS_TO_SHOW}
    held = offers.chosen(offers.day_of(round)).filter(product__in=known).prefetch_related("breaks")
    found = {}
    for offer in held:
        cost = _likely(offer, known[offer.product_id])
        if cost is not None:
            found[offer.product_id] = cost
    return found


def _likely(offer: SupplierOffer, units: int) -> Likely | None:
    told = outlook.outlook(
        units=units,
        pack=offer.pack_quantity,
        minimum=offer.minimum_quantity,
        breaks=[(step.from_packs, step.pack_price_minor) for step in offer.breaks.all()],
        is_incremental=offer.pricing == Pricing.INCREMENTAL,
    )
    if told is None:
        return None

    def unit(amount: int, packs: int) -> Decimal:
        return unit_price(amount, packs * offer.pack_quantity, offer.currency)

    return Likely(
        currency=offer.currency,
        unit_cost=unit(told.amount, told.packs),
        missing_packs=told.missing,
        next_unit_cost=unit(told.next_amount, told.next_packs) if told.missing else None,
    )


def attach(round: PoolRound, seller: Company, rows: Sequence[Product]) -> None:
    """Put it onto the products of a page."""
    told = beside(round, seller, [row.pk for row in rows])
    for row in rows:
        named: Any = row
        named.beside = told[row.pk]
