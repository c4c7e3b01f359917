"""Offers come in by form and by file, and freight terms by their page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.walls import platform_wide
from procurement import services
from procurement.models import FreightContainer, FreightTerms, OrderMinimum, SupplierOffer
from procurement.rules import offering
from tests.factories.catalog import ProductFactory

from .conftest import AsPerson, Market
from .test_offering import stored

pytestmark = pytest.mark.usefixtures("contexts")

HEAD = "sku,supplier,currency,pack_quantity,valid_from,price_breaks,multiple,packs_per_layer\n"


def test_a_file_tells_every_wrong_cell_and_stores_nothing(market: Market) -> None:
    code = market.supplier.company.code
    before = stored()
    content = (
        HEAD
        + f"MILK,{code},EUR,6,2027-01-01,1:66.00;10:60.00,,\n"
        + f"MUD,{code},EUR,x,01.02.2026,1:6x,boat,\n"
        + "SOAP,NOBODY,EUR,1,2027-01-01,1:2.505,layer,\n"
    ).encode()  # fmt: skip

    read = services.preview_offers("offers.csv", content)
    cells = {(one.row, one.field) for one in read.errors}
    with pytest.raises(offering.OffersRefused):
        services.import_offers(name="offers.csv", content=content)

    assert cells == {
        (2, "valid_from"),  # the offer that is there has no end
        *((3, name) for name in ("sku", "pack_quantity", "valid_from", "price_breaks", "multiple")),
        *((4, name) for name in ("supplier", "price_breaks")),
    }
    assert stored() == before


def test_a_good_file_is_stored_with_prices_in_minor_units(market: Market) -> None:
    services.end_offer(offer=market.milk.offers.get(), ends_on=date(2026, 12, 31))
    code = market.supplier.company.code
    content = f"{HEAD}MILK,{code},eur,6,2027-01-01,1:66.00;10:60.05,layer,12\n".encode()

    (offer,) = services.import_offers(name="offers.csv", content=content)

    assert (offer.currency, offer.multiple, offer.multiple_packs) == ("EUR", "layer", 12)
    assert list(offer.breaks.order_by("from_packs").values_list("pack_price_minor")) == [
        (6600,),
        (6005,),
    ]


def form_of(**change: Any) -> dict[str, Any]:
    told = {
        "sku": "TEA",
        "currency": "EUR",
        "incoterm": "FOB",
        "valid_from": "2026-03-01",
        "pack_quantity": "6",
        "multiple": "pack",
        "lead_time_days": "30",
        "pricing": "incremental",
        "p0-from_packs": "1",
        "p0-price": "66.00",
        "p1-from_packs": "10",
        "p1-price": "60.00",
        "p2-from_packs": "",
        "p2-price": "",
    }
    return {**told, **change}


def test_an_operator_enters_changes_and_ends_an_offer(market: Market, as_person: AsPerson) -> None:
    tea = ProductFactory.create(sku="TEA")
    client, partner = as_person(market.operator), market.supplier.pk

    made = client.post("/offers/new/", form_of(supplier=partner))
    with platform_wide():
        offer = SupplierOffer.objects.get(product=tea)
    assert made.headers["Location"] == f"/offers/{offer.pk}/"
    page = client.get(f"/offers/{offer.pk}/").content.decode()
    assert "EUR 11.0000" in page, "the unit price is worked out"
    assert "9.1 %" in page

    form = client.get(f"/offers/{offer.pk}/change/").context["form"]
    again = form_of(seen=form["seen"].value(), **{"p1-price": "59.00"})
    assert client.post(f"/offers/{offer.pk}/change/", again).status_code == 302
    assert client.post(f"/offers/{offer.pk}/change/", again).status_code == 409
    with platform_wide():
        prices = list(offer.breaks.order_by("from_packs").values_list("pack_price_minor"))
    assert prices == [(6600,), (5900,)]

    ended = client.post(f"/offers/{offer.pk}/end/", {"ends_on": "2026-06-30"})
    assert ended.status_code == 302
    with platform_wide():
        assert SupplierOffer.objects.get(pk=offer.pk).valid_to == date(2026, 6, 30)


def test_a_form_that_is_wrong_says_where_and_stores_nothing(
    market: Market, as_person: AsPerson
) -> None:
    ProductFactory.create(sku="TEA")
    client, before = as_person(market.operator), stored()
    partner = market.supplier.pk

    dearer = client.post("/offers/new/", form_of(supplier=partner, **{"p1-price": "70.00"}))
    nothing = client.post("/offers/new/", form_of(supplier=partner, sku="MUD"))
    fine = client.post("/offers/new/", form_of(supplier=partner, **{"p1-price": "59.001"}))

    assert [one.status_code for one in (dearer, nothing, fine)] == [422, 422, 422]
    assert "costs more than before" in dearer.content.decode()
    with platform_wide():
        assert stored() == before


def test_a_file_is_looked_at_before_it_is_stored(market: Market, as_person: AsPerson) -> None:
    ProductFactory.create(sku="TEA")
    client, before = as_person(market.operator), stored()
    content = f"{HEAD}TEA,{market.supplier.company.code},EUR,6,2026-03-01,1:66.00,,\n".encode()

    def send(name: str = "offers.csv", **more: str) -> Any:
        return client.post("/offers/upload/", {"file": SimpleUploadedFile(name, content), **more})

    looked = send(look="yes")
    assert looked.status_code == 200
    assert "TEA" in looked.content.decode()
    with platform_wide():
        assert stored() == before

    assert send().status_code == 302
    with platform_wide():
        assert SupplierOffer.objects.filter(product__sku="TEA").count() == 1

    assert client.get("/offers/template.xlsx").status_code == 200
    assert client.get("/offers/template.exe").status_code == 404


def test_freight_and_minimum_are_entered_on_the_suppliers_page(
    market: Market, as_person: AsPerson
) -> None:
    client, path = as_person(market.operator), f"/suppliers/{market.supplier.company.code}/freight/"
    told = {
        "freight-valid_from": "2026-03-01",
        "freight-lcl": "600.00",
        "freight-insurance": "0.3",
        "c20GP-price": "12000",
        "c20GP-volume": "28",
        "c20GP-weight": "21700",
        # As the page shows it: what usually goes in, and no price.
        "c40HC-volume": "68",
        "c40HC-weight": "26300",
    }

    assert client.post(path, told).status_code == 302
    assert client.post(path, {**told, "c20GP-weight": ""}).status_code == 422
    assert client.post(path, {"minimum": "yes", "currency": "EUR", "incoterm": "FOB", "amount": "500"}).status_code == 302  # fmt: skip  # noqa: E501
    with platform_wide():
        terms, box = FreightTerms.objects.get(), FreightContainer.objects.get()
        minimum = OrderMinimum.objects.get()
    assert (terms.lcl_minor, terms.insurance_ppm) == (60_000, 3_000)
    assert (box.price_minor, box.volume_cm3, box.weight_g) == (1_200_000, 28_000_000, 21_700_000)
    assert minimum.amount_minor == 50_000
    assert client.get(path).status_code == 200
