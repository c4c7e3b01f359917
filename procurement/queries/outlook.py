"""What stands beside each line of a forecast: its own past, and the likely cost of today's pool."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Sum

from accounts.models import Company
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from procurement.models import ForecastLine, OrderShare, PoolRound
from procurement.queries import forecasts, offers, suggestions
from procurement.queries.solving import market
from procurement.rules.sharing.statements import FEWEST_SELLERS
from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.explaining import next_price
from procurement.rules.solving.terms import Item, Problem

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
    """The landed cost of a unit at today's pool, in fen, and what reaches the next price.

    Nothing is missing, and no next cost known, where no lower price is left.
    """

    unit_cost_minor: int
    missing_packs: int = 0
    missing_units: int = 0
    next_unit_cost_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Suggested:
    """What will probably be sold, between which bounds, and how that was come to."""

    units: int
    low: int
    high: int
    method: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What a seller is told of one product while it files."""

    earlier: Sequence[Earlier] = field(default_factory=tuple)
    #: None while fewer than three sellers want the product: then it would tell of them.
    likely: Likely | None = None
    suggested: Suggested | None = None


def beside(round: PoolRound, seller: Company, products: Collection[int]) -> dict[int, Beside]:
    """By product, for the products of one page. Few statements, however many products."""
    past = earlier(round, seller, products)
    costs = likely(round, products)
    told = {
        pk: Suggested(one.units, one.low, one.high, suggestions.method_of(one))
        for pk, one in suggestions.for_lines(round, seller, products).items()
    }
    return {pk: Beside(past.get(pk, ()), costs.get(pk), told.get(pk)) for pk in products}


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
    """The likely unit cost of the products that at least three sellers want.

    None of any while the terms of the day cannot be planned with, for want of a rate say.
    """
    # What all want together is nobody's alone; of fewer than three it would tell of the others.
    with platform_wide():
        pooled = forecasts.pool_sizes(round, products)
    known = {pk: units for pk, (units, sellers) in pooled.items() if sellers >= FEWEST_SELLERS}
    if not known:
        return {}
    try:
        evaluator = _evaluator(round, known)
    except DomainError:
        return {}
    found = {}
    for product, units in known.items():
        told = next_price(evaluator, product, units)
        if told is not None:
            found[product] = Likely(
                unit_cost_minor=told.unit_cost,
                missing_packs=told.more_packs or 0,
                missing_units=told.more_units or 0,
                next_unit_cost_minor=told.next_unit_cost,
            )
    return found


def _evaluator(round: PoolRound, wanted: dict[int, int]) -> Evaluator:
    """What the solver knows of these products on the day of the cut-off."""
    there = market(offers.day_of(round), products=list(wanted))
    sizes = Product.objects.filter(pk__in=wanted).values_list("pk", "gross_weight_g", "volume_cm3")
    items = tuple(
        Item(pk, wanted[pk], wanted[pk], wanted[pk], weight, volume) for pk, weight, volume in sizes
    )
    return Evaluator(Problem(items, there.offers, there.lanes, None))


def attach(round: PoolRound, seller: Company, rows: Sequence[Product]) -> None:
    """Put it onto the products of a page."""
    told = beside(round, seller, [row.pk for row in rows])
    for row in rows:
        named: Any = row
        named.beside = told[row.pk]
