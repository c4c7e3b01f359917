"""The order as a UBL Order: elements in the schema's order, codes of the lists it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring

import pytest

from procurement.models import OrderState, PurchaseOrder
from procurement.queries.order_files import order_ubl
from procurement.rules import ubl
from procurement.rules.ubl import CAC, CBC, Line, Order, Party

from .conftest import AsPerson, Market
from .test_order_lives import order as order
from .test_order_lives import placed as placed

NS = {"o": ubl.ORDER, "cac": CAC, "cbc": CBC}
#: The parts that we write, in the sequence of UBL 2.3's schemas (the rest of each is left out).
SEQUENCES = {
    "Order": "UBLVersionID ID IssueDate OrderTypeCode DocumentCurrencyCode LineCountNumeric"
    " BuyerCustomerParty SellerSupplierParty Delivery DeliveryTerms AnticipatedMonetaryTotal"
    " OrderLine",
    "BuyerCustomerParty": "Party",
    "SellerSupplierParty": "Party",
    "Party": "PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity",
    "DeliveryParty": "PartyIdentification PartyName PostalAddress PartyTaxScheme PartyLegalEntity",
    "PartyTaxScheme": "CompanyID TaxScheme",
    "PartyLegalEntity": "RegistrationName CompanyID",
    "PostalAddress": "StreetName CityName PostalZone Country",
    "DeliveryAddress": "StreetName CityName PostalZone Country",
    "Delivery": "DeliveryAddress DeliveryParty Despatch",
    "DeliveryTerms": "ID SpecialTerms DeliveryLocation",
    "AnticipatedMonetaryTotal": "LineExtensionAmount PayableAmount",
    "OrderLine": "LineItem",
    "LineItem": "ID Quantity LineExtensionAmount PartialDeliveryIndicator Delivery AllowanceCharge"
    " Price Item",
    "AllowanceCharge": "ChargeIndicator AllowanceChargeReason Amount",
    "Price": "PriceAmount BaseQuantity",
    "Item": "Description PackQuantity PackSizeNumeric Name BuyersItemIdentification"
    " SellersItemIdentification StandardItemIdentification OriginCountry CommodityClassification",
}
#: Without these a UBL Order is none.
NEEDED = {
    "Order": {"ID", "IssueDate", "BuyerCustomerParty", "SellerSupplierParty", "OrderLine"},
    "LineItem": {"ID", "Item"},
    "AllowanceCharge": {"ChargeIndicator", "Amount"},
    "AnticipatedMonetaryTotal": {"PayableAmount"},
    "Price": {"PriceAmount"},
}
HOUSE = Party(code="BUY", name="Buyer Ltd", town="Ningbo", country="CN", registered="9133")
SELLER = Party(code="SUP", name="Maker & Sons", country="DE", vat_number="DE1", lei="LEI1")


def line(position: int = 1, **told: object) -> Line:
    usual: dict[str, object] = {
        "packs": 20,
        "pack_quantity": 6,
        "pack_price": Decimal("54.00"),
        "amount": Decimal("1080.00"),
        "name_en": "Milk <900 g>",
        "name_zh": "奶粉",
        "sku": "MILK",
    }
    return Line(position=position, **(usual | told))  # type: ignore[arg-type]


def told(*lines: Line) -> Element:
    order = Order(
        number="PO-1",
        issued_on=date(2026, 6, 22),
        currency="EUR",
        incoterm="FOB",
        place="Hamburg",
        buyer=HOUSE,
        supplier=SELLER,
        ship_to=HOUSE,
        lines=lines,
    )
    return fromstring(ubl.order_xml(order))  # noqa: S314 - our own


def check(root: Element) -> None:
    for part in root.iter():
        name = _name(part)
        children = [_name(child) for child in part]
        if not children:
            assert part.tag.startswith(f"{{{CBC}}}"), name
            assert (part.text or "").strip(), f"{name} is empty"
            continue
        if name in SEQUENCES:
            order = SEQUENCES[name].split()
            assert [order.index(one) for one in children] == sorted(
                order.index(one) for one in children
            ), name
        assert NEEDED.get(name, set()) <= set(children), name


def _name(part: Element) -> str:
    return part.tag.rpartition("}")[2]


def one(root: Element, path: str) -> str:
    (found,) = root.iterfind(path, NS)
    return found.text or ""


def test_elements_stand_in_the_order_of_the_schema() -> None:
    root = told(
        line(promised_on=date(2026, 8, 5), gtin="4006381333931", supplier_code="A-1"),
        line(2, origin="DE", hs_code="190110", amount=Decimal("1100.00")),
    )

    check(root)
    assert root.tag == f"{{{ubl.ORDER}}}Order"
    assert one(root, "cbc:DocumentCurrencyCode") == "EUR"
    assert one(root, "cac:DeliveryTerms/cbc:ID") == "FOB"
    assert one(root, "cac:DeliveryTerms/cac:DeliveryLocation/cbc:Name") == "Hamburg"
    assert one(root, "cbc:LineCountNumeric") == "2"
    assert {part.get("unitCode") for part in root.iter()} == {None, "XPK", "H87"}
    assert {part.get("currencyID") for part in root.iter()} == {None, "EUR"}


def test_a_line_of_incremental_prices_adds_up_by_its_charge() -> None:
    # 99 packs at 10.00 and 51 at 9.00: 1,449.00, which is 99.00 more than 150 at the last price.
    root = told(line(packs=150, pack_price=Decimal("9.00"), amount=Decimal("1449.00")))

    assert one(root, ".//cac:AllowanceCharge/cbc:ChargeIndicator") == "true"
    assert one(root, ".//cac:AllowanceCharge/cbc:Amount") == "99.00"
    assert one(root, ".//cac:LineItem/cbc:LineExtensionAmount") == "1449.00"
    check(root)


def test_a_line_at_one_price_has_no_charge() -> None:
    assert told(line()).find(".//cac:AllowanceCharge", NS) is None


def test_yen_have_no_decimals() -> None:
    root = told(line(packs=2, pack_price=Decimal("8640"), amount=Decimal("17280")))

    assert one(root, "cac:AnticipatedMonetaryTotal/cbc:PayableAmount") == "17280"


def test_a_placed_order_is_fetched_as_ubl_by_who_sees_it(
    market: Market, placed: PurchaseOrder, as_person: AsPerson
) -> None:
    answer = as_person(market.operator).get(f"/orders/{placed.number}/file.xml")

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    root = fromstring(answer.content)  # noqa: S314 - our own
    check(root)
    assert one(root, "cbc:ID") == placed.number
    sums = [
        Decimal(one(item, "cbc:Quantity")) * Decimal(one(item, "cac:Price/cbc:PriceAmount"))
        for item in root.iterfind(".//cac:LineItem", NS)
    ]
    assert sum(sums) == Decimal(one(root, "cac:AnticipatedMonetaryTotal/cbc:PayableAmount"))


@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.CANCELLED])
def test_what_is_no_order_yet_or_no_more_is_no_ubl(placed: PurchaseOrder, state: str) -> None:
    placed.state = state

    assert order_ubl(placed) is None
