"""What suppliers ask comes into the house in sets, all or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.rules.seen import check_unchanged
from catalog import rules as catalog
from catalog.models import Product, TradingPartner
from core.sheets import MOST_FAULTS, RowError
from procurement.models import Multiple, PriceBreak, Pricing, SupplierOffer
from procurement.queries.freight import boxes_of
from procurement.rules import offering
from procurement.rules.offering import Around, Fault, Terms

_Key = tuple[int, int, str, str, date]
_KEY = ("product", "supplier", "currency", "incoterm", "valid_from")
#: The constraint by which the database keeps days of the same terms apart.
_DAYS_APART = "days_of_the_same_terms_do_not_overlap"
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
    row: int = 0


@transaction.atomic
def add_offers(*, offers: Sequence[NewOffer]) -> list[SupplierOffer]:
    """Store offers with their price breaks; the offer of the same terms and day is replaced.

    Orders keep the price they were placed at. Raises OffersRefused, whose ``rows`` name product
    and field of everything that is wrong, or OffersOverlap where somebody else's were stored
    meanwhile; then nothing has been written.
    """
    found = check_offers(offers)
    if found:
        rows = told(found[:MOST_FAULTS])
        raise offering.OffersRefused(
            count=len(found), product=found[0].sku, field=found[0].field, rows=rows
        )
    with _apart():
        SupplierOffer.objects.bulk_create(
            (SupplierOffer(**{name: getattr(offer, name) for name in _TERMS}) for offer in offers),
            update_conflicts=True,
            unique_fields=_KEY,
            update_fields=[name for name in _TERMS if name not in _KEY],
        )
    stored = {_key(row): row for row in _same(offers)}
    _price(offers, stored)
    return [stored[_key(offer)] for offer in offers]


@contextmanager
def _apart() -> Iterator[None]:
    """What two people enter at the same moment neither of them saw: the database keeps offers of
    the same terms apart. Raises OffersOverlap."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if _DAYS_APART in str(error):
            raise offering.OffersOverlap from error
        raise


def check_offers(offers: Sequence[NewOffer]) -> list[Fault]:
    """Everything that is wrong with offers, beside their goods, containers and older offers."""
    stands: dict[tuple[int, int, str, str], list[tuple[date, date | None]]] = defaultdict(list)
    for row in _same(offers):
        stands[_key(row)[:4]].append((row.valid_from, row.valid_to))
    boxes = boxes_of({offer.supplier.pk for offer in offers})
    around = {
        at: Around(
            gross_weight_g=offer.product.gross_weight_g,
            volume_cm3=offer.product.volume_cm3,
            is_poolable=catalog.is_poolable(
                storage=offer.product.storage, shelf_life_days=offer.product.shelf_life_days
            ),
            boxes=boxes.get(offer.supplier.pk, ()),
            others=stands.get(_key(offer)[:4], ()),
        )
        for at, offer in enumerate(offers)
    }
    return offering.faults([_terms(offer) for offer in offers], around)


def told(faults: Iterable[Fault]) -> list[RowError]:
    """Faults in the reader's language, each with the product it is about."""
    return [
        RowError(one.row, one.field, f"{one.sku}: {gettext(one.message) % one.facts}")
        for one in faults
    ]


def _terms(offer: NewOffer) -> Terms:
    alike = {name: getattr(offer, name) for name in _TERMS[2:]}
    return Terms(
        row=offer.row,
        sku=offer.product.sku,
        supplier=str(offer.supplier.pk),
        breaks=offer.breaks,
        **alike,
    )


@transaction.atomic
def end_offer(*, offer: SupplierOffer, ends_on: date, seen: str = "") -> SupplierOffer:
    """Let an offer hold no longer than until a day. Orders keep the price they were placed at.

    Raises OfferEndsBeforeItBegins, OfferEndsLater than it does already, or ChangedMeanwhile for a
    page that showed something else; then nothing has been written.
    """
    held = SupplierOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    check_unchanged(seen, **standing_of(held))
    offering.check_end(valid_from=held.valid_from, valid_to=held.valid_to, ends_on=ends_on)
    held.valid_to = offer.valid_to = ends_on
    held.save(update_fields=["valid_to"])
    return held


@transaction.atomic
def change_offer(*, offer: SupplierOffer, terms: NewOffer, seen: str = "") -> SupplierOffer:
    """Replace an offer's terms; product, supplier, currency, incoterm and first day stay.

    Raises OffersRefused, or ChangedMeanwhile for a page that showed something else; then nothing
    has been written.
    """
    held = SupplierOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    check_unchanged(seen, **standing_of(held))
    same = replace(
        terms,
        product=offer.product,
        supplier=offer.supplier,
        currency=held.currency,
        incoterm=held.incoterm,
        valid_from=held.valid_from,
    )
    return add_offers(offers=[same])[0]


def standing_of(offer: SupplierOffer) -> dict[str, object]:
    """What stands in an offer, by name, with its prices: what a page showed is recognised by it."""
    told: dict[str, object] = {name: getattr(offer, name) for name in _TERMS[2:]}
    steps = offer.breaks.order_by("from_packs").values_list("from_packs", "pack_price_minor")
    return told | {"prices": "; ".join(f"{start}: {price}" for start, price in steps)}


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
