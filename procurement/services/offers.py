"""What suppliers ask comes into the house in sets, all or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from catalog import rules as catalog
from catalog.models import Product, TradingPartner
from procurement.models import Multiple, PriceBreak, Pricing, SupplierOffer
from procurement.rules import pooling

_Key = tuple[int, int, str, str, date]
_KEY = ("product", "supplier", "currency", "incoterm", "valid_from")
_TERMS = (
    *_KEY,
    *("supplier_code", "pricing", "multiple", "pack_quantity", "packs_per_layer"),
    *("layers_per_pallet", "minimum_quantity", "capacity", "lead_time_days", "valid_to"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOffer:
    """One supplier's terms for one product.

    ``breaks`` are pairs (from so many packs on, price per pack in minor units of
    ``currency``); the first usually begins at 1. ``minimum_quantity`` and ``capacity`` are
    units, ``supplier_code`` the supplier's own number of the article.
    """

    product: Product
    supplier: TradingPartner
    currency: str
    pack_quantity: int
    breaks: Sequence[tuple[int, int]]
    minimum_quantity: int = 0
    incoterm: str = "FOB"
    pricing: str = Pricing.ALL_UNITS
    packs_per_layer: int = 0
    layers_per_pallet: int = 0
    multiple: str = Multiple.PACK
    capacity: int | None = None
    supplier_code: str = ""
    lead_time_days: int = 30
    valid_from: date
    valid_to: date | None = None


@transaction.atomic
def add_offers(*, offers: Sequence[NewOffer]) -> list[SupplierOffer]:
    """Store offers with their price breaks; the offer of the same terms and day is replaced.

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
    SupplierOffer.objects.bulk_create(
        (SupplierOffer(**{name: getattr(offer, name) for name in _TERMS}) for offer in offers),
        update_conflicts=True,
        unique_fields=_KEY,
        update_fields=[name for name in _TERMS if name not in _KEY],
    )
    stored = {_key(row): row for row in _same(offers)}
    _price(offers, stored)
    return [stored[_key(offer)] for offer in offers]


def _key(offer: NewOffer | SupplierOffer) -> _Key:
    """Whose terms for what from when on: what stands once."""
    return (
        offer.product.pk if isinstance(offer, NewOffer) else offer.product_id,
        offer.supplier.pk if isinstance(offer, NewOffer) else offer.supplier_id,
        offer.currency,
        offer.incoterm,
        offer.valid_from,
    )


def _same(offers: Sequence[NewOffer]) -> QuerySet[SupplierOffer]:
    """Stored offers of these products and suppliers, and those of the same terms among them."""
    return SupplierOffer.objects.filter(
        product__in={offer.product.pk for offer in offers},
        supplier__in={offer.supplier.pk for offer in offers},
    )


def _price(offers: Sequence[NewOffer], stored: Mapping[_Key, SupplierOffer]) -> None:
    """A step that stays keeps its row, so that its history tells from what to what."""
    steps = [
        PriceBreak(offer=stored[_key(offer)], from_packs=from_packs, pack_price_minor=price)
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
    there = PriceBreak.objects.filter(offer__in={stored[_key(offer)].pk for offer in offers})
    over = [
        pk
        for pk, *step in there.values_list("pk", "offer", "from_packs")
        if tuple(step) not in asked
    ]
    PriceBreak.objects.filter(pk__in=over).delete()
