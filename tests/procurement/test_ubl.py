"""The order as a UBL Order: elements in the schema's order, codes of the lists it names."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element, fromstring, tostring

import pytest
from lxml import etree

from procurement import services
from procurement.models import OrderState, PurchaseOrder
from procurement.queries.order_changes import change_ubl, changes
from procurement.queries.order_files import order_ubl
from procurement.queries.orders import events
from procurement.rules import ubl
from procurement.rules.ubl import Line, Order, Party
from procurement.rules.ubl_schema import CAC, CBC, TYPE_OF, TYPES, faults, places

from .conftest import AsPerson, Market
from .test_bills_again import confirm
from .test_order_lives import milk_of, soap_of
from .test_order_lives import order as order
from .test_order_lives import placed as placed
from .test_ordering import TOLD

NS = {"o": ubl.ORDER, "cac": CAC, "cbc": CBC}
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
    """Names, order and cardinality of every element are those of the schema."""
    assert faults(etree.fromstring(tostring(root))) == []


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


@pytest.mark.parametrize("kind", TYPES)
def test_the_table_of_the_schema_names_each_element_once(kind: str) -> None:
    names = [name.rstrip("!*+") for part in TYPES[kind] for name in part.split()]

    assert len(names) == len(set(names)) == len(places(kind))


def test_what_breaks_the_schema_is_told() -> None:
    root = etree.fromstring(tostring(told(line())))
    lines = root.findall(f"{{{CAC}}}OrderLine")
    number = root.find(f"{{{CBC}}}ID")
    assert number is not None
    root.remove(number)
    root.insert(0, lines[0])
    etree.SubElement(root, f"{{{CBC}}}Colour").text = "red"
    price = root.find(f".//{{{CAC}}}Price")
    assert price is not None
    etree.SubElement(price, f"{{{CBC}}}PriceAmount").text = "1"

    found = "\n".join(faults(root))

    assert "Order: ID is missing" in found
    assert "Order: UBLVersionID stands too late" in found
    assert "Order: Colour does not belong here" in found
    assert "Price: PriceAmount stands more than once" in found
    assert set(TYPE_OF.values()) <= set(TYPES)


def test_a_party_without_an_address_has_no_empty_one() -> None:
    bare = Party(code="SUP", name="Maker")
    order = Order(
        number="PO-1",
        issued_on=date(2026, 6, 22),
        currency="EUR",
        incoterm="FOB",
        place="",
        buyer=bare,
        supplier=bare,
        ship_to=bare,
        lines=[line()],
    )

    check(fromstring(ubl.order_xml(order)))  # noqa: S314 - our own


def of(content: bytes | None) -> Element:
    assert content is not None
    root = fromstring(content)  # noqa: S314 - our own
    check(root)
    return root


def test_an_accepted_change_is_an_order_change_with_the_lines_as_they_stand(
    market: Market, placed: PurchaseOrder, as_person: AsPerson
) -> None:
    confirm(market, placed, 15, 5600)

    root = of(change_ubl(placed, 1))

    assert root.tag == f"{{{ubl.CHANGE}}}OrderChange"
    assert one(root, "cbc:SequenceNumberID") == "1"
    assert one(root, "cac:OrderReference/cbc:ID") == placed.number
    assert "AB-12" in one(root, "cbc:Note")
    assert one(root, ".//cac:LineItem/cbc:Quantity") == "15"
    assert one(root, ".//cac:Price/cbc:PriceAmount") == "56.00"
    assert one(root, ".//cac:LineItem/cbc:LineExtensionAmount") == "840.00"
    page = as_person(market.operator).get(f"/orders/{placed.number}/").content.decode()
    assert f'href="/orders/{placed.number}/changes/1.xml"' in page
    answer = as_person(market.operator).get(f"/orders/{placed.number}/changes/1.xml")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
    assert answer.content == change_ubl(placed, 1)


def test_units_that_are_cancelled_are_an_order_change_and_all_of_them_a_cancellation(
    market: Market, placed: PurchaseOrder
) -> None:
    soap, milk = soap_of(placed), milk_of(placed)
    services.cancel_open(order=placed, lines=[(soap.pk, 10)], reason="No buyer", now=TOLD)
    services.cancel_open(
        order=placed, lines=[(milk.pk, 120)], reason="Supplier closed", now=TOLD + timedelta(days=1)
    )

    part, whole = of(change_ubl(placed, 1)), of(change_ubl(placed, 2))

    first, second = changes(placed, events(placed))
    assert (first.is_whole, second.is_whole) == (False, True)
    assert one(part, "cbc:ID") == first.document
    assert one(part, "cbc:Note") == "No buyer"
    assert one(part, ".//cac:LineItem/cbc:Quantity") == "0"
    assert one(part, "cac:AnticipatedMonetaryTotal/cbc:PayableAmount") == "0.00"
    assert whole.tag == f"{{{ubl.CANCELLATION}}}OrderCancellation"
    assert one(whole, "cbc:CancellationNote") == "Supplier closed"
    assert one(whole, "cac:OrderReference/cbc:ID") == placed.number


def test_an_order_that_has_not_changed_has_no_changes_to_fetch(
    market: Market, placed: PurchaseOrder, as_person: AsPerson
) -> None:
    assert changes(placed, events(placed)) == []
    answer = as_person(market.operator).get(f"/orders/{placed.number}/changes/1.xml")

    assert answer.status_code == 404
