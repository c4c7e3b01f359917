"""Several suppliers offer one product; who entered what replaces only the same terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from procurement import services
from procurement.models import PriceBreak, SupplierOffer
from procurement.queries import offers, solving
from procurement.rules.solving.terms import Container
from procurement.services import NewOffer
from settlement.models import RateQuote
from tests.factories.catalog import TradingPartnerFactory
from tests.factories.procurement import (
    CUTOFF,
    FreightContainerFactory,
    OrderMinimumFactory,
    PriceBreakFactory,
    SupplierOfferFactory,
)

from .conftest import Market

DAY = date(2026, 6, 1)


def rate(currency: str, value: str) -> None:
    RateQuote.objects.create(
        source="ecb",
        base=currency,
        quote="CNY",
        value=Decimal(value),
        asked_for=DAY,
        value_date=DAY,
        fetched_at=CUTOFF,
    )


def _offer(market: Market, code: str, currency: str, price: int, pack: int = 6) -> SupplierOffer:
    supplier = TradingPartnerFactory.create(company__code=code)
    offer = SupplierOfferFactory.create(
        product=market.milk, supplier=supplier, currency=currency, pack_quantity=pack
    )
    PriceBreakFactory.create(offer=offer, pack_price_minor=price)
    return offer


def test_of_several_offers_the_one_cheapest_at_its_first_break_is_taken(market: Market) -> None:
    _offer(market, "DEAR", "EUR", 6700)
    cheap = _offer(market, "CHEAP", "EUR", 12_600, pack=12)

    assert offers.chosen(DAY).get(product=market.milk) == cheap


def test_equally_cheap_goods_come_from_the_supplier_whose_code_is_first(market: Market) -> None:
    _offer(market, "B-SUPPLIER", "EUR", 6000)
    first = _offer(market, "A-SUPPLIER", "EUR", 6000)

    assert offers.chosen(DAY).get(product=market.milk) == first


def test_currencies_are_compared_at_the_newest_rate_and_one_without_comes_last(
    market: Market,
) -> None:
    rate("EUR", "7.8")
    yen = _offer(market, "YEN", "JPY", 9_000)
    _offer(market, "DOLLAR", "USD", 1)

    assert offers.chosen(DAY).get(product=market.milk).currency == "EUR"

    rate("JPY", "0.048")

    # 9,000 yen are CNY 432.00, EUR 66.00 are CNY 514.80.
    assert offers.chosen(DAY).get(product=market.milk) == yen


def test_the_same_terms_are_replaced_and_other_terms_stand_beside_them(market: Market) -> None:
    mine = market.milk.offers.get()
    same: dict[str, Any] = {
        "product": market.milk,
        "supplier": market.supplier,
        "currency": "EUR",
        "pack_quantity": 6,
    }

    services.add_offers(
        offers=[
            NewOffer(**same, breaks=[(1, 6500)], valid_from=mine.valid_from, supplier_code="M-1"),
            NewOffer(**same, breaks=[(1, 6400)], valid_from=mine.valid_from, incoterm="CIF"),
        ]
    )

    assert market.milk.offers.count() == 2
    mine.refresh_from_db()
    assert (mine.supplier_code, mine.minimum_quantity) == ("M-1", 0)
    assert list(PriceBreak.objects.filter(offer=mine).values_list("from_packs")) == [(1,)]
    assert CUTOFF.date() == DAY


def test_the_solver_gets_every_offer_lane_minimum_and_freight(market: Market) -> None:
    rate("EUR", "7.85")
    OrderMinimumFactory.create(supplier=market.supplier)
    FreightContainerFactory.create(terms__supplier=market.supplier)
    offer = market.milk.offers.get()
    SupplierOffer.objects.filter(pk=offer.pk).update(
        multiple="layer", packs_per_layer=4, capacity=600, pricing="incremental"
    )

    told = solving.market(DAY)

    milk = next(one for one in told.offers if one.product == market.milk.pk)
    assert (milk.multiple, milk.capacity, milk.pricing) == (4, 600, "incremental")
    assert milk.breaks == ((1, 6600), (10, 6000), (20, 5400))
    (lane,) = told.lanes
    assert lane.key == (market.supplier.pk, "EUR", "FOB")
    assert (lane.rate_ppb, lane.minimum_minor, lane.pays_freight) == (7_850_000_000, 50_000, True)
    assert (lane.lcl_price, lane.lcl_minimum, lane.wire_fee) == (60_000, 30_000, 20_000)
    assert (lane.declaration_fee, lane.line_fee, lane.insurance_ppm) == (50_000, 3_000, 3_000)
    assert lane.containers == (Container("20GP", 1_200_000, 28_000_000, 21_000_000),)
    assert told.without_freight == ()
    assert [one.product for one in solving.market(DAY, products=[market.soap.pk]).offers] == [
        market.soap.pk
    ]


def test_yen_have_no_smaller_unit_than_the_yen(market: Market) -> None:
    rate("JPY", "0.0485")

    # One yen is 4.85 fen.
    assert solving.rate_ppb("JPY", on=DAY) == 4_850_000_000
    assert solving.rate_ppb("CNY", on=DAY) == 1_000_000_000


def test_a_currency_without_a_planning_rate_is_named(market: Market) -> None:
    SupplierOffer.objects.filter(product=market.soap).update(currency="THB")
    rate("EUR", "7.85")
    far = date(2099, 1, 1)

    with pytest.raises(solving.PlanningRateMissing) as refused:
        solving.market(far)

    assert refused.value.facts["currency"] in ("EUR", "THB")


def test_freight_that_nobody_entered_is_said_and_not_made_up(market: Market) -> None:
    rate("EUR", "7.85")

    told = solving.market(DAY)

    assert told.without_freight == (market.supplier.pk,)
    assert not told.lanes[0].pays_freight


@pytest.mark.parametrize(
    ("incoterm", "insured", "freighted"),
    [
        ("EXW", 3_000, True),
        ("FCA", 3_000, True),
        ("FAS", 3_000, True),
        ("FOB", 3_000, True),
        ("CFR", 3_000, False),
        ("CPT", 3_000, False),
        ("CIF", 0, False),
        ("CIP", 0, False),
        ("DAP", 0, False),
        ("DPU", 0, False),
        ("DDP", 0, False),
    ],
)
def test_the_pool_pays_freight_and_insurance_where_the_incoterm_leaves_them_to_it(
    market: Market, incoterm: str, insured: int, freighted: bool
) -> None:
    rate("EUR", "7.85")
    FreightContainerFactory.create(terms__supplier=market.supplier)
    SupplierOffer.objects.update(incoterm=incoterm)

    (lane,) = solving.market(DAY).lanes

    assert (lane.insurance_ppm, lane.pays_freight) == (insured, freighted)
