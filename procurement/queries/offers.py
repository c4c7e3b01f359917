"""What suppliers offer, and what may therefore be forecast."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import Company
from catalog import rules as catalog
from catalog.models import Product
from catalog.queries import MOST_WORDS
from core.money import exponent
from procurement.models import PoolRound, PriceBreak, SupplierOffer
from procurement.queries import forecasts, suggestions
from procurement.queries.orders import unit_price
from procurement.rules.forecasting import Offered
from settlement.queries import newest_rate
from settlement.rules import HOME


def in_force(on: date) -> QuerySet[SupplierOffer]:
    """Offers that hold on a day. A round asks for the day of its cut-off, from first to last."""
    return SupplierOffer.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on
    )


def chosen(on: date) -> QuerySet[SupplierOffer]:
    """Of each product the offer of a day whose unit costs least at its first break.

    What costs the same is bought where the supplier's code comes first. Prices of different
    currencies are compared at the newest stored rate; a currency without one comes last.
    """
    held = in_force(on)
    firsts = PriceBreak.objects.filter(offer=OuterRef("pk")).order_by("from_packs")
    rated = held.annotate(
        first_price=Subquery(firsts.values("pack_price_minor")[:1]), rate=_rates(held)
    )
    unit = ExpressionWrapper(
        F("first_price") * F("rate") / F("pack_quantity"),
        output_field=DecimalField(max_digits=40, decimal_places=20),
    )
    best = (
        rated.order_by("product_id", unit.asc(nulls_last=True), "supplier__company__code", "pk")
        .distinct("product_id")
        .values("pk")
    )
    return SupplierOffer.objects.filter(pk__in=best)


def _rates(held: QuerySet[SupplierOffer]) -> Case:
    """What a minor unit of an offer's currency is worth, in minor units of the house's."""
    asked = held.order_by().values("currency").annotate(n=Count("pk"), rate=newest_rate("currency"))
    told = {code: rate for code, _n, rate in asked.values_list("currency", "n", "rate")}
    currencies = sorted(told)
    known = {code: rate for code, rate in told.items() if rate is not None}
    number = DecimalField(max_digits=30, decimal_places=15)
    if len(currencies) == 1 or HOME in currencies:
        known.setdefault(HOME if HOME in currencies else currencies[0], Decimal(1))
    worth = (
        When(currency=code, then=Value(value.scaleb(exponent(HOME) - exponent(code)), number))
        for code, value in sorted(known.items())
    )
    return Case(*worth, default=None, output_field=number)


def of_round(round: PoolRound) -> Q:
    """The products a round is for: its category's; of all categories, what no other round takes.

    As soon as a quarter has a round of a category, the round of all categories leaves it alone,
    open or not: else its goods would be ordered twice.
    """
    if round.category:
        return Q(category=round.category)
    return ~Q(category__in=_categories_of(round))


def _categories_of(round: PoolRound) -> Any:
    others = PoolRound.objects.filter(quarter=round.quarter).exclude(category="")
    return others.values("category")


def _elsewhere(round: PoolRound) -> dict[str, str]:
    """The rounds of a quarter that take one category each, by category."""
    others = PoolRound.objects.filter(quarter=round.quarter).exclude(category="")
    return dict(others.values_list("category", "code"))


def day_of(round: PoolRound) -> date:
    """The day whose offers count for a round: that of the cut-off where the house stands."""
    return timezone.localtime(round.cutoff_at, timezone.get_default_timezone()).date()


def offered(
    round: PoolRound,
    *,
    skus: Collection[str] | None = None,
    product_ids: Collection[int] | None = None,
) -> dict[str, Offered]:
    """What a forecast for this round may name, by SKU; all of the catalogue unless narrowed."""
    products = Product.objects.annotate(
        has_offer=Exists(in_force(day_of(round)).filter(product=OuterRef("pk")))
    )
    of_category = _elsewhere(round)

    def elsewhere(category: str) -> str | None:
        if round.category:
            return None if category == round.category else of_category.get(category, "")
        return of_category.get(category)

    if skus is not None:
        products = products.filter(sku__in=skus)
    if product_ids is not None:
        products = products.filter(pk__in=product_ids)
    return {
        sku: Offered(
            product_id=pk,
            is_poolable=catalog.is_poolable(storage=storage, shelf_life_days=days),
            is_offered=has_offer,
            elsewhere=elsewhere(category),
        )
        for pk, sku, category, storage, days, has_offer in products.values_list(
            "pk", "sku", "category", "storage", "shelf_life_days", "has_offer"
        )
    }


def forecastable(round: PoolRound) -> QuerySet[Product]:
    """The products a seller may forecast for this round, by category and SKU."""
    return Product.objects.filter(
        of_round(round),
        Exists(in_force(day_of(round)).filter(product=OuterRef("pk"))),
        Q(shelf_life_days__isnull=True) | Q(shelf_life_days__gte=catalog.MINIMUM_SHELF_LIFE_DAYS),
        storage=catalog.AMBIENT,
    ).order_by("category", "sku")


def with_offer(round: PoolRound, products: QuerySet[Product]) -> QuerySet[Product]:
    """Each product with the offer by which it is bought (``chosen_offers``): its ``starts`` are
    the packs from which its ``prices`` hold."""
    steps = PriceBreak.objects.filter(offer=OuterRef("pk")).order_by("from_packs")
    best = chosen(day_of(round)).annotate(
        starts=ArraySubquery(steps.values("from_packs")),
        prices=ArraySubquery(steps.values("pack_price_minor")),
    )
    return products.prefetch_related(Prefetch("offers", queryset=best, to_attr="chosen_offers"))


def packs(round: PoolRound, products: Collection[int]) -> dict[int, int]:
    """Units in a pack of the offers by which these products are bought in a round."""
    held = chosen(day_of(round)).filter(product__in=list(products))
    return dict(held.values_list("product_id", "pack_quantity"))


def to_fill_in(round: PoolRound, seller: Company) -> tuple[Sequence[str], list[tuple[Any, ...]]]:
    """A forecast's file: its first row in the reader's language, and what was filed last."""
    current = forecasts.wanted(forecasts.current(round, seller))
    is_chinese = (get_language() or "").startswith("zh")
    head = (
        ("季度", "货号", "品名", "预测数量", "可减数量", "可加数量", "建议数量")
        if is_chinese
        else ("quarter", "sku", "name", "forecast_units", "less", "more", "suggested_units")
    )
    rows = forecastable(round).values_list("pk", "sku", "name_zh" if is_chinese else "name_en")
    told = {pk: one.units for pk, one in suggestions.for_lines(round, seller).items()}
    return head, [
        (round.quarter, sku, name, *current.get(pk, (0, 0, 0)), told.get(pk, ""))
        for pk, sku, name in rows
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """One price of an offer: per pack as it is asked, per unit as it comes out."""

    from_packs: int
    from_units: int
    pack_price_minor: int
    unit_price: Decimal
    #: How much less than the first price, in percent.
    less_percent: Decimal


def steps_of(offer: SupplierOffer) -> list[Step]:
    """An offer's prices, from few packs to many."""
    steps = sorted(offer.breaks.all(), key=lambda step: step.from_packs)
    return [
        Step(
            from_packs=step.from_packs,
            from_units=step.from_packs * offer.pack_quantity,
            pack_price_minor=step.pack_price_minor,
            unit_price=unit_price(step.pack_price_minor, offer.pack_quantity, offer.currency),
            less_percent=(
                100 - Decimal(100 * step.pack_price_minor) / steps[0].pack_price_minor
            ).quantize(Decimal("0.1"), ROUND_HALF_UP),
        )
        for step in steps
    ]


def listed(*, search: str = "") -> QuerySet[SupplierOffer]:
    """Offers with product, supplier and breaks, by supplier and SKU; for operators."""
    found = SupplierOffer.objects.select_related("product", "supplier__company").prefetch_related(
        "breaks"
    )
    for word in search.split()[:MOST_WORDS]:
        found = found.filter(
            Q(product__sku__icontains=word)
            | Q(product__name_zh__icontains=word)
            | Q(product__name_en__icontains=word)
            | Q(supplier__company__name_en__icontains=word)
            | Q(supplier__company__name_zh__icontains=word)
        )
    return found.order_by("supplier__company__code", "product__sku")
