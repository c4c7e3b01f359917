"""What suppliers ask comes into the house in sets, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from catalog import rules as catalog
from catalog.models import Product, TradingPartner
from procurement.models import PriceBreak, SupplierOffer
from procurement.rules import pooling


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """One supplier's terms for one product.

    ``breaks`` are pairs (from so many packs on, price per pack in minor units of
    ``currency``), all-units prices; the first usually begins at 1. ``minimum_quantity``
    are units.
    """

    product: Product
    supplier: TradingPartner
    currency: str
    pack_quantity: int
    breaks: Sequence[tuple[int, int]]
    minimum_quantity: int = 0
    incoterm: str = "FOB"
    lead_time_days: int = 30
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def add_offers(*, offers: Sequence[NewOffer]) -> list[SupplierOffer]:
    """Store offers with their price breaks; an offer that is there for a product is replaced.

    Orders keep the price they were placed at. Raises SpoilsTooSoon for goods that are not
    pooled and OfferNotUsable for wrong terms, naming the product; then nothing has been
    written.
    """
    for offer in offers:
        catalog.check_poolable(
            sku=offer.product.sku,
            storage=offer.product.storage,
            shelf_life_days=offer.product.shelf_life_days,
        )
        pooling.check_terms(
            product=offer.product.sku,
            pack_quantity=offer.pack_quantity,
            minimum_quantity=offer.minimum_quantity,
            breaks=offer.breaks,
        )
    rows = [
        SupplierOffer(
            product=offer.product,
            supplier=offer.supplier,
            currency=offer.currency,
            incoterm=offer.incoterm,
            pack_quantity=offer.pack_quantity,
            minimum_quantity=offer.minimum_quantity,
            lead_time_days=offer.lead_time_days,
            valid_from=offer.valid_from,
            valid_to=offer.valid_to,
        )
        for offer in offers
    ]
    terms = [field.name for field in SupplierOffer._meta.concrete_fields]
    SupplierOffer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["product"],
        update_fields=[name for name in terms if name not in {"id", "product"}],
    )
    ids = [offer.product.pk for offer in offers]
    stored = {row.product_id: row for row in SupplierOffer.objects.filter(product_id__in=ids)}
    _price(offers, stored)
    return [stored[pk] for pk in ids]


def _price(offers: Sequence[NewOffer], stored: dict[int, SupplierOffer]) -> None:
    """A step that stays keeps its row, so that its history tells from what to what."""
    steps = [
        PriceBreak(offer=stored[offer.product.pk], from_packs=from_packs, pack_price_minor=price)
        for offer in offers
        for from_packs, price in offer.breaks
    ]
    PriceBreak.objects.bulk_create(
        steps,
        update_conflicts=True,
        unique_fields=["offer", "from_packs"],
        update_fields=["pack_price_minor"],
    )
    asked = {(step.offer_id, step.from_packs) for step in steps}
    there = PriceBreak.objects.filter(offer__in=stored.values())
    over = [
        pk
        for pk, *step in there.values_list("pk", "offer", "from_packs")
        if tuple(step) not in asked
    ]
    PriceBreak.objects.filter(pk__in=over).delete()
