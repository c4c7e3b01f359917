"""Several suppliers offer one product; who entered what replaces only the same terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from procurement import services
from procurement.models import PriceBreak, SupplierOffer
from procurement.queries import offers
from procurement.services import NewOffer
from settlement.models import RateQuote
from tests.factories.catalog import TradingPartnerFactory
from tests.factories.procurement import CUTOFF, PriceBreakFactory, SupplierOfferFactory

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
    told, breaks = offers.frames(DAY)
    assert sorted(told["product_id"]) == sorted([market.milk.pk, market.soap.pk])
    milk = told.loc[told["product_id"] == market.milk.pk].iloc[0]
    assert (milk["supplier_id"], milk["pack_quantity"]) == (cheap.supplier_id, 12)
    steps = breaks.loc[breaks["product_id"] == market.milk.pk]
    assert steps[["from_packs", "pack_price_minor"]].to_numpy().tolist() == [[1, 12_600]]


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
