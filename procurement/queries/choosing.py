"""The evidence on which an operator decides which categories are pooled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q

from catalog import rules as catalog
from catalog.models import Product
from core.money import exponent
from procurement.models import PoolRound, RoundState, SupplierOffer
from procurement.queries import offers
from procurement.rules import choosing
from procurement.rules.choosing import Evidence
from settlement.queries import newest_rates
from settlement.rules import HOME

#: Demand of so many quarters counts.
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Ranked:
    """A category with its evidence, as the list shows it."""

    pk: int
    category: str
    score: int
    products: int
    units: int
    sellers: int
    spoiling_percent: Decimal
    unit_value_minor: int | None
    alone_percent: Decimal
    pooled_percent: Decimal
    rounds: str


def categories(today: date) -> list[Ranked]:
    """Every category of the catalogue, best first; the same few statements however many."""
    evidence = _evidence(today)
    announced = _announced()
    ranked = sorted(
        zip(choosing.scores(evidence), evidence, strict=True),
        key=lambda one: (-one[0], -one[1].units, one[1].category),
    )
    return [
        Ranked(
            pk=place,
            category=one.category,
            score=score,
            products=one.products,
            units=one.units,
            sellers=one.sellers,
            spoiling_percent=one.spoiled,
            unit_value_minor=one.unit_value_minor,
            alone_percent=one.alone,
            pooled_percent=one.pooled,
            rounds=", ".join(announced.get(one.category, ())),
        )
        for place, (score, one) in enumerate(ranked, start=1)
    ]


def _announced() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    held = PoolRound.objects.filter(state=RoundState.OPEN).exclude(category="").order_by("code")
    for category, code in held.values_list("category", "code"):
        found.setdefault(category, []).append(code)
    return found


def _evidence(today: date) -> list[Evidence]:
    keeps = Q(storage=catalog.AMBIENT) & (
        Q(shelf_life_days__isnull=True) | Q(shelf_life_days__gte=catalog.MINIMUM_SHELF_LIFE_DAYS)
    )
    known = Product.objects.order_by("category").values_list("category")
    rows = known.annotate(n=Count("pk"), spoils=Count("pk", filter=~keeps))
    wanted = _wanted(today)
    return [
        Evidence(category, n, spoils, *wanted.get(category, (0, 0, 0, 0, 0)))
        for category, n, spoils in rows
    ]


#: One pass over the lines that count of the quarters: by product and round, then by category.
_DEMAND = """
WITH counting AS (
    SELECT DISTINCT ON (round_id, seller_id) id, round_id FROM procurement_forecast
    WHERE round_id = ANY(%(rounds)s) ORDER BY round_id, seller_id, version DESC
), minimum AS (
    SELECT product_id, min(minimum_quantity) AS units FROM procurement_supplieroffer
    WHERE id = ANY(%(offers)s) GROUP BY product_id
), by_product AS (
    SELECT line.product_id, counting.round_id, sum(line.quantity) AS units,
        coalesce(min(minimum.units), 0) AS minimum,
        coalesce(sum(line.quantity) FILTER (
            WHERE line.quantity >= coalesce(minimum.units, 0)), 0) AS alone
    FROM counting JOIN procurement_forecastline AS line ON line.forecast_id = counting.id
    LEFT JOIN minimum ON minimum.product_id = line.product_id
    GROUP BY line.product_id, counting.round_id
)
SELECT product_id, sum(units), sum(alone),
    coalesce(sum(units) FILTER (WHERE units >= minimum), 0)
FROM by_product GROUP BY product_id
"""
_SELLERS = """
WITH counting AS (
    SELECT DISTINCT ON (round_id, seller_id) id FROM procurement_forecast
    WHERE round_id = ANY(%(rounds)s) ORDER BY round_id, seller_id, version DESC
)
SELECT product.category, count(DISTINCT line.seller_id)
FROM counting JOIN procurement_forecastline AS line ON line.forecast_id = counting.id
JOIN catalog_product AS product ON product.id = line.product_id GROUP BY product.category
"""


def _wanted(today: date) -> dict[str, tuple[int, int, int, int, int]]:
    """Units, sellers, units alone and pooled at the minimum, and value, by category."""
    quarters = PoolRound.objects.order_by("-quarter").values_list("quarter", flat=True).distinct()
    rounds = list(
        PoolRound.objects.filter(quarter__in=list(quarters[:QUARTERS])).values_list("pk", flat=True)
    )
    held = list(offers.chosen(today).prefetch_related("breaks"))
    told = {"rounds": rounds, "offers": [offer.pk for offer in held]}
    with connection.cursor() as cursor:
        cursor.execute(_DEMAND, told)
        products = cursor.fetchall()
        cursor.execute(_SELLERS, told)
        sellers = dict(cursor.fetchall())
    category = dict(
        Product.objects.filter(pk__in=[row[0] for row in products]).values_list("pk", "category")
    )
    values = _unit_values(held)
    found: dict[str, tuple[int, int, int, int, int]] = {}
    for product, units, alone, pooled in products:
        name = category[product]
        was = found.get(name, (0, sellers.get(name, 0), 0, 0, 0))
        value = int(values.get(product, Decimal(0)) * int(units))
        found[name] = (
            was[0] + int(units),
            was[1],
            was[2] + int(alone),
            was[3] + int(pooled),
            was[4] + value,
        )
    return found


def _unit_values(held: Sequence[SupplierOffer]) -> dict[int, Decimal]:
    """Fen of the house per unit at the first break, by product; none where no rate is stored."""
    rates = newest_rates(sorted({offer.currency for offer in held}))
    found = {}
    for offer in held:
        rate = Decimal(1) if offer.currency == HOME else None
        if offer.currency in rates:
            rate = rates[offer.currency].value
        steps = sorted(offer.breaks.all(), key=lambda step: step.from_packs)
        if rate is None or not steps:
            continue
        minor = Decimal(steps[0].pack_price_minor).scaleb(exponent(HOME) - exponent(offer.currency))
        found[offer.product_id] = minor * rate / offer.pack_quantity
    return found
