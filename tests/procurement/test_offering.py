"""What is wrong with an offer is told field by field, and nothing of it is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.rules.seen import ChangedMeanwhile, stamp
from procurement import services
from procurement.models import (
    FreightContainer,
    FreightTerms,
    OrderMinimum,
    PriceBreak,
    SupplierOffer,
)
from procurement.rules import offering
from procurement.rules.offering import Around, Box, Terms, faults
from procurement.services import NewContainer, NewOffer
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import FreightContainerFactory, SupplierOfferFactory

from .conftest import Market

DAY = date(2026, 1, 1)
GOOD = Terms(
    sku="MILK",
    supplier="SUP01",
    currency="EUR",
    pack_quantity=6,
    minimum_quantity=60,
    valid_from=DAY,
    breaks=[(1, 6600), (10, 6000), (20, 5400)],
)
TWENTY_FOOT = Box(28_000_000, 21_000_000)


def wrong(terms: Terms, around: Around | None = None) -> set[str]:
    return {one.field for one in faults([terms], {0: around or Around()})}


def test_a_usable_offer_has_no_faults() -> None:
    whole = replace(
        GOOD, multiple="pallet", packs_per_layer=12, layers_per_pallet=8, capacity=6000,
        pricing="incremental", incoterm="DDP", valid_to=date(2026, 12, 31),
    )  # fmt: skip

    assert wrong(GOOD) == set()
    assert wrong(whole, Around(600, 1000, boxes=[TWENTY_FOOT])) == set()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"breaks": []}, "price_breaks"),
        ({"breaks": [(11, 6000)]}, "price_breaks"),  # gapped: ten packs can be ordered
        ({"breaks": [(2, 6000)], "minimum_quantity": 0}, "price_breaks"),
        ({"breaks": [(1, 6000), (1, 5900)]}, "price_breaks"),  # overlapping
        ({"breaks": [(1, 6000), (10, 6001)]}, "price_breaks"),
        ({"breaks": [(0, 6000)]}, "price_breaks"),
        ({"breaks": [(1, 0)]}, "price_breaks"),
        ({"breaks": [(1, 10**12)]}, "price_breaks"),
        ({"breaks": [(at, 6000) for at in range(1, 52)]}, "price_breaks"),
        ({"pack_quantity": 0}, "pack_quantity"),
        ({"pack_quantity": 10**9}, "pack_quantity"),
        ({"minimum_quantity": 10**9}, "minimum_quantity"),
        ({"capacity": 10**9}, "capacity"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 59}, "capacity"),
        ({"lead_time_days": 9999}, "lead_time_days"),
        ({"currency": "XXX"}, "currency"),
        ({"incoterm": "FOO"}, "incoterm"),
        ({"pricing": "free"}, "pricing"),
        ({"multiple": "boat"}, "multiple"),
        ({"multiple": "layer"}, "packs_per_layer"),
        ({"multiple": "pallet", "packs_per_layer": 12}, "layers_per_pallet"),
        ({"layers_per_pallet": 8}, "packs_per_layer"),
        ({"supplier_code": "x" * 65}, "supplier_code"),
        ({"valid_to": date(2025, 12, 31)}, "valid_to"),
    ],
)
def test_each_mistake_is_told_at_its_field(change: dict[str, Any], field: str) -> None:
    assert wrong(replace(GOOD, **change)) == {field}


def test_a_pack_no_container_holds_is_refused_and_one_that_fits_the_largest_is_not() -> None:
    heavy = Around(gross_weight_g=4_000_000, volume_cm3=1, boxes=[TWENTY_FOOT])
    bulky = Around(gross_weight_g=1, volume_cm3=5_000_000, boxes=[TWENTY_FOOT])
    high = Box(68_000_000, 26_300_000)

    assert wrong(GOOD, heavy) == wrong(GOOD, bulky) == {"pack_quantity"}
    assert wrong(GOOD, replace(heavy, boxes=[TWENTY_FOOT, high])) == set()
    assert wrong(GOOD, replace(bulky, boxes=[TWENTY_FOOT, high])) == set()


@pytest.mark.parametrize(
    ("begins", "ends", "other", "overlaps"),
    [
        ((2026, 1, 1), None, ((2025, 1, 1), None), True),
        ((2026, 1, 1), None, ((2025, 1, 1), (2026, 1, 1)), True),
        ((2026, 1, 1), None, ((2025, 1, 1), (2025, 12, 31)), False),
        ((2026, 1, 1), (2026, 1, 31), ((2026, 2, 1), None), False),
        ((2026, 1, 1), (2026, 2, 1), ((2026, 2, 1), None), True),
        ((2026, 1, 1), None, ((2026, 1, 1), None), False),  # it is replaced
    ],
)
def test_one_supplier_has_one_offer_of_the_same_terms_a_day(
    begins: Any, ends: Any, other: Any, overlaps: bool
) -> None:
    other_from, other_to = other
    held = (date(*other_from), date(*other_to) if other_to else None)
    terms = replace(GOOD, valid_from=date(*begins), valid_to=date(*ends) if ends else None)

    assert (wrong(terms, Around(others=[held])) == {"valid_from"}) is overlaps


def test_the_same_terms_twice_in_a_file_are_refused() -> None:
    found = faults([replace(GOOD, row=2), replace(GOOD, row=3)], {})

    assert [(one.row, one.field) for one in found] == [(3, "valid_from")]


def test_goods_that_spoil_are_not_offered_for_pooling() -> None:
    assert wrong(GOOD, Around(is_poolable=False)) == {"sku"}


def new(market: Market, **change: Any) -> NewOffer:
    told: dict[str, Any] = {
        "product": market.milk,
        "supplier": market.supplier,
        "currency": "EUR",
        "pack_quantity": 6,
        "minimum_quantity": 60,
        "breaks": [(1, 6000)],
        "valid_from": DAY,
    }
    return NewOffer(**{**told, **change})


def stored() -> list[Any]:
    return [
        list(SupplierOffer.objects.order_by("pk").values()),
        list(PriceBreak.objects.order_by("pk").values()),
        list(FreightTerms.objects.values()),
        list(FreightContainer.objects.values()),
        list(OrderMinimum.objects.values()),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"breaks": [(1, 6000), (10, 6500)]},
        {"currency": "XXX"},
        {"pack_quantity": 0},
        {"valid_from": date(2026, 2, 1)},
    ],
)
def test_one_wrong_offer_stores_none(market: Market, change: dict[str, Any]) -> None:
    before = stored()
    tea = ProductFactory.create(sku="TEA")

    with pytest.raises(offering.OffersRefused) as refused:
        services.add_offers(offers=[new(market, product=tea), new(market, **change)])

    assert refused.value.facts["count"] == 1
    assert refused.value.facts["product"] == "MILK"
    assert stored() == before


def test_a_pack_heavier_than_the_suppliers_containers_is_refused(market: Market) -> None:
    FreightContainerFactory.create(terms__supplier=market.supplier, weight_g=1000)
    before = stored()

    with pytest.raises(offering.OffersRefused) as refused:
        services.add_offers(offers=[new(market)])

    assert refused.value.facts["field"] == "pack_quantity"
    assert stored() == before


def test_the_database_refuses_layers_without_packs(market: Market) -> None:
    offer = market.milk.offers.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        SupplierOffer.objects.filter(pk=offer.pk).update(multiple="layer")


def test_an_offer_is_ended_on_a_day_and_not_before_it_begins(market: Market) -> None:
    offer = market.milk.offers.get()
    seen = stamp(*services.standing_of(offer).values())
    before = stored()

    with pytest.raises(offering.OfferEndsBeforeItBegins):
        services.end_offer(offer=offer, ends_on=date(2025, 1, 1))
    assert stored() == before

    services.end_offer(offer=offer, ends_on=date(2026, 6, 30), seen=seen)
    assert SupplierOffer.objects.get(pk=offer.pk).valid_to == date(2026, 6, 30)

    after = stored()
    with pytest.raises(ChangedMeanwhile):
        services.end_offer(offer=offer, ends_on=date(2026, 7, 31), seen=seen)
    with pytest.raises(ChangedMeanwhile):
        services.change_offer(offer=offer, terms=new(market), seen=seen)
    assert stored() == after


def test_a_change_keeps_whose_terms_they_are(market: Market) -> None:
    offer = market.milk.offers.get()
    other = new(market, currency="USD", valid_from=date(2027, 1, 1), breaks=[(5, 5000)])

    changed = services.change_offer(offer=offer, terms=other)

    assert (changed.pk, changed.currency, changed.valid_from) == (offer.pk, "EUR", DAY)
    assert list(changed.breaks.values_list("from_packs", "pack_price_minor")) == [(5, 5000)]


@pytest.mark.parametrize(
    "change",
    [
        {"lcl_minor": -1},
        {"insurance_ppm": 1_000_001},
        {"containers": [NewContainer(kind="10GP", price_minor=1, volume_cm3=1, weight_g=1)]},
        {"containers": [NewContainer(kind="20GP", price_minor=1, volume_cm3=0, weight_g=1)]},
        {"containers": [NewContainer(kind="20GP", price_minor=1, volume_cm3=1, weight_g=1)] * 2},
    ],
)
def test_freight_that_cannot_be_is_refused(market: Market, change: dict[str, Any]) -> None:
    before = stored()

    with pytest.raises(offering.FreightRefused):
        services.set_freight(supplier=market.supplier, valid_from=DAY, **change)

    assert stored() == before


def test_freight_of_the_same_day_is_replaced(market: Market) -> None:
    small = NewContainer(kind="20GP", price_minor=100, volume_cm3=28_000_000, weight_g=21_000_000)
    large = replace(small, kind="40HC")
    services.set_freight(supplier=market.supplier, valid_from=DAY, containers=[small, large])

    terms = services.set_freight(
        supplier=market.supplier, valid_from=DAY, lcl_minor=500, containers=[large]
    )

    assert FreightTerms.objects.get() == terms
    assert terms.lcl_minor == 500
    assert FreightContainer.objects.get().kind == "40HC"


@pytest.mark.parametrize("change", [{"currency": "XXX"}, {"incoterm": "FOO"}, {"amount_minor": -1}])
def test_an_order_minimum_that_cannot_be_is_refused(market: Market, change: dict[str, Any]) -> None:
    told: dict[str, Any] = {"currency": "EUR", "incoterm": "FOB", "amount_minor": 50_000}

    with pytest.raises(offering.MinimumRefused):
        services.set_minimum(supplier=market.supplier, **{**told, **change})

    assert not OrderMinimum.objects.exists()


def _days() -> list[tuple[Any, ...]]:
    return list(SupplierOffer.objects.order_by("pk").values_list("pk", "valid_from", "valid_to"))


def test_to_end_an_offer_never_lets_it_hold_longer(market: Market) -> None:
    first = market.milk.offers.get()
    services.end_offer(offer=first, ends_on=date(2026, 6, 30))
    SupplierOfferFactory.create(
        product=market.milk, supplier=first.supplier, valid_from=date(2026, 8, 1)
    )
    before = _days()

    for later in (date(2026, 7, 1), date(2026, 8, 1)):
        with pytest.raises(offering.OfferEndsLater):
            services.end_offer(offer=first, ends_on=later)

    assert _days() == before
    assert services.end_offer(offer=first, ends_on=date(2026, 6, 29)).valid_to == date(2026, 6, 29)


@pytest.mark.parametrize(
    ("begins", "ends", "may_be"),
    [
        (date(2026, 6, 30), None, False),
        (date(2025, 1, 1), date(2026, 1, 1), False),
        (date(2025, 1, 1), None, False),
        (date(2026, 3, 1), date(2026, 3, 1), False),
        (date(2026, 7, 1), None, True),
        (date(2025, 1, 1), date(2025, 12, 31), True),
    ],
)
def test_the_database_itself_keeps_offers_of_the_same_terms_apart(
    market: Market, begins: date, ends: date | None, may_be: bool
) -> None:
    first = market.milk.offers.get()
    services.end_offer(offer=first, ends_on=date(2026, 6, 30))
    before = _days()
    told = {"product": market.milk, "supplier": first.supplier, "valid_from": begins}

    if may_be:
        SupplierOfferFactory.create(**told, valid_to=ends)
        assert len(_days()) == len(before) + 1
        return
    with pytest.raises(IntegrityError, match="do_not_overlap"), transaction.atomic():
        SupplierOfferFactory.create(**told, valid_to=ends)
    assert _days() == before
    # Other terms of the same supplier may hold on the same days.
    SupplierOfferFactory.create(**told, valid_to=ends, incoterm="CIF")
    SupplierOfferFactory.create(**told, valid_to=ends, currency="USD")
