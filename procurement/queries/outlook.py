"""What stands beside each line of a forecast: its own past, and the likely cost of today's pool."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Sum, Value

from accounts.models import Company
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from procurement.models import ForecastLine, OrderShare, PoolRound, SellerSku
from procurement.queries import forecasts, offers, suggestions
from procurement.queries.solving import market
from procurement.queries.standing_shares import standing_units
from procurement.rules import booking
from procurement.rules.sharing.parts import FEWEST_SELLERS
from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.explaining import next_prices
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

    @property
    def generous(self) -> int:
        """What to order where a missed sale costs twice what a unit left over does."""
        return booking.between(self.units, self.high, under=2, over=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a seller is told of one product while it files."""

    earlier: Sequence[Earlier] = field(default_factory=tuple)
    #: None while fewer than three sellers want the product: then it would tell of them.
    likely: Likely | None = None
    suggested: Suggested | None = None
    #: What the seller calls the product itself.
    own_skus: Sequence[str] = field(default_factory=tuple)


def own_names(seller: Company) -> ArraySubquery:
    """What a seller calls each product itself."""
    mine = SellerSku.objects.filter(seller=seller, product=OuterRef("pk")).order_by("own_sku")
    return ArraySubquery(mine.values("own_sku"))


def beside(
    round: PoolRound,
    seller: Company,
    rows: Sequence[Product],
    own: Mapping[int, Sequence[str]],
) -> dict[int, Beside]:
    """By product, for the products of one page. Few statements, however many products.

    ``own``: the seller's names for them.
    """
    products = [row.pk for row in rows]
    past = earlier(round, seller, products)
    costs = likely(round, rows)
    told = {
        pk: Suggested(one.units, one.low, one.high, suggestions.method_of(one))
        for pk, one in suggestions.for_lines(round, seller, products).items()
    }
    return {
        pk: Beside(past.get(pk, ()), costs.get(pk), told.get(pk), own.get(pk, ()))
        for pk in products
    }


def earlier(
    round: PoolRound, seller: Company, products: Collection[int]
) -> dict[int, Sequence[Earlier]]:
    """What a seller forecast in earlier rounds and what stands of it, newest first."""
    lines = ForecastLine.objects.filter(
        forecast__in=forecasts.latest_before(round, seller), product__in=list(products)
    )
    told: dict[tuple[int, str], list[int]] = {}
    wished = lines.order_by().values_list(
        "product_id", "forecast__round__code", "quantity", Value(0)
    )
    shares = OrderShare.objects.filter(
        owner=seller, order__round__quarter__lt=round.quarter, line__product__in=list(products)
    )
    got = (
        shares.annotate(stands=standing_units())
        .order_by()
        .values_list("line__product_id", "order__round__code")
        .annotate(units=Sum("stands"), column=Value(1))
    )
    for product, code, units, column in wished.union(got, all=True):
        told.setdefault((product, code), [0, 0])[column] = int(units)
    found: dict[int, list[Earlier]] = {}
    for product, code in sorted(told, key=lambda key: key[1], reverse=True):
        rows = found.setdefault(product, [])
        if len(rows) < EARLIER:
            rows.append(Earlier(code, *told[product, code]))
    return dict(found)


def likely(round: PoolRound, rows: Sequence[Product]) -> dict[int, Likely]:
    """The likely unit cost of the products that at least three sellers want.

    None of any while the terms of the day cannot be planned with, for want of a rate say.
    """
    # What all want together is nobody's alone; of fewer than three it would tell of the others.
    with platform_wide():
        pooled = forecasts.pool_sizes(round, [row.pk for row in rows])
    known = {pk: units for pk, (units, sellers) in pooled.items() if sellers >= FEWEST_SELLERS}
    if not known:
        return {}
    try:
        evaluator = _evaluator(round, known, rows)
    except DomainError:
        return {}
    found = {}
    for product, told in next_prices(evaluator, known).items():
        found[product] = Likely(
            unit_cost_minor=told.unit_cost,
            missing_packs=told.more_packs or 0,
            missing_units=told.more_units or 0,
            next_unit_cost_minor=told.next_unit_cost,
        )
    return found


def _evaluator(round: PoolRound, wanted: dict[int, int], rows: Sequence[Product]) -> Evaluator:
    """What the solver knows of these products on the day of the cut-off."""
    there = market(offers.day_of(round), products=list(wanted))
    items = []
    for row in rows:
        if units := wanted.get(row.pk):
            items.append(Item(row.pk, units, units, units, row.gross_weight_g, row.volume_cm3))
    return Evaluator(Problem(tuple(items), there.offers, there.lanes, None))


def attach(round: PoolRound, seller: Company, rows: Sequence[Product]) -> None:
    """Put it onto the products of a page, which know the seller's own names for them."""
    named: Sequence[Any] = rows
    told = beside(round, seller, rows, {row.pk: row.own_names for row in named})
    for row in named:
        row.beside = told[row.pk]
