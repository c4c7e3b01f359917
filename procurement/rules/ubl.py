"""An order, its changes and its cancellation as UBL 2.3, which most suppliers' systems read.

Values in, bytes out: no database, no clock. Quantities are packs (UN/ECE Recommendation 20 with
the packages of Recommendation 21 behind an X), prices are per pack, and a line's amount is packs
times price, plus a charge or less an allowance where price steps or changes make it another sum:
whoever adds the file up comes to our amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from lxml import etree

from procurement.rules.ubl_schema import CAC, CBC

_SPACE: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
ORDER: Final = f"{_SPACE}Order-2"
CHANGE: Final = f"{_SPACE}OrderChange-2"
CANCELLATION: Final = f"{_SPACE}OrderCancellation-2"
VERSION: Final = "2.3"
#: UNCL 1001: an order.
TYPE: Final = "220"
#: Rec. 21 "PK", a package, as a unit of Rec. 20; and one piece.
PACK, PIECE = "XPK", "H87"
#: ISO 6523 of a legal entity identifier, and of a GTIN.
LEI, GTIN = "0199", "0160"

_Element = etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company; ``country`` is ISO 3166 alpha-2."""

    code: str
    name: str
    street: str = ""
    town: str = ""
    postcode: str = ""
    country: str = ""
    vat_number: str = ""
    registered: str = ""
    lei: str = ""

    @property
    def has_address(self) -> bool:
        return bool(self.street or self.town or self.postcode or self.country)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One product; amounts are decimals with the places of the order's currency."""

    position: int
    packs: int
    pack_quantity: int
    pack_price: Decimal
    amount: Decimal
    name_en: str
    name_zh: str
    sku: str
    gtin: str = ""
    supplier_code: str = ""
    origin: str = ""
    hs_code: str = ""
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a supplier is asked for."""

    number: str
    issued_on: date
    currency: str
    incoterm: str
    place: str
    buyer: Party
    supplier: Party
    ship_to: Party
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a placed order: ``order`` has the lines that changed, as they stand after it.

    ``sequence`` counts the changes of an order from 1; ``number`` is the change's own.
    """

    number: str
    sequence: int
    issued_on: date
    note: str
    order: Order


def order_xml(order: Order) -> bytes:
    """The order as XML, in the order of elements that the schema asks for."""
    root = _root(ORDER, "Order")
    _told(root, "UBLVersionID", VERSION)
    _told(root, "ID", order.number)
    _told(root, "IssueDate", order.issued_on.isoformat())
    _told(root, "OrderTypeCode", TYPE, listID="UNCL1001")
    _told(root, "DocumentCurrencyCode", order.currency, listID="ISO4217")
    _told(root, "LineCountNumeric", str(len(order.lines)))
    _parties(root, order)
    delivery = _part(root, "Delivery")
    if order.ship_to.has_address:
        _address(_part(delivery, "DeliveryAddress"), order.ship_to)
    _party(delivery, order.ship_to, called="DeliveryParty")
    _terms(root, order)
    _lines(root, order)
    return _written(root)


def change_xml(change: Change) -> bytes:
    """An accepted change, or units that were cancelled: the lines it is about, as they stand
    after it. Of a line that was cancelled altogether the quantity is 0."""
    order = change.order
    root = _root(CHANGE, "OrderChange")
    _told(root, "UBLVersionID", VERSION)
    _told(root, "ID", change.number)
    _told(root, "IssueDate", change.issued_on.isoformat())
    _told(root, "SequenceNumberID", str(change.sequence))
    if change.note:
        _told(root, "Note", change.note)
    _told(root, "DocumentCurrencyCode", order.currency, listID="ISO4217")
    _told(root, "LineCountNumeric", str(len(order.lines)))
    _reference(root, order)
    _parties(root, order)
    _terms(root, order)
    _lines(root, order)
    return _written(root)


def cancellation_xml(change: Change) -> bytes:
    """The whole order is cancelled: nothing of it left, and nothing of it will."""
    root = _root(CANCELLATION, "OrderCancellation")
    _told(root, "UBLVersionID", VERSION)
    _told(root, "ID", change.number)
    _told(root, "IssueDate", change.issued_on.isoformat())
    _told(root, "CancellationNote", change.note or "cancelled")
    _reference(root, change.order)
    _parties(root, change.order)
    return _written(root)


def _root(space: str, name: str) -> _Element:
    spaces: dict[str | None, str] = {None: space, "cac": CAC, "cbc": CBC}
    return etree.Element(f"{{{space}}}{name}", None, spaces)  # type: ignore[arg-type]


def _written(root: _Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _reference(root: _Element, order: Order) -> None:
    told = _part(root, "OrderReference")
    _told(told, "ID", order.number)
    _told(told, "IssueDate", order.issued_on.isoformat())


def _parties(root: _Element, order: Order) -> None:
    _party(_part(root, "BuyerCustomerParty"), order.buyer)
    _party(_part(root, "SellerSupplierParty"), order.supplier)


def _terms(root: _Element, order: Order) -> None:
    terms = _part(root, "DeliveryTerms")
    _told(terms, "ID", order.incoterm, schemeID="INCOTERMS")
    _told(terms, "SpecialTerms", f"Incoterms 2020 {order.incoterm} {order.place}".strip())
    if order.place:
        _told(_part(terms, "DeliveryLocation"), "Name", order.place)


def _lines(root: _Element, order: Order) -> None:
    """The lines, and before them what they come to."""
    total = _part(root, "AnticipatedMonetaryTotal")
    whole = sum((line.amount for line in order.lines), Decimal(0))
    _money(total, "LineExtensionAmount", whole, order.currency)
    _money(total, "PayableAmount", whole, order.currency)
    for line in order.lines:
        _line(root, line, order.currency)


def _line(root: _Element, line: Line, currency: str) -> None:
    item = _part(_part(root, "OrderLine"), "LineItem")
    _told(item, "ID", str(line.position))
    _told(item, "Quantity", str(line.packs), unitCode=PACK)
    _money(item, "LineExtensionAmount", line.amount, currency)
    _told(item, "PartialDeliveryIndicator", "true")
    if line.promised_on:
        despatch = _part(_part(item, "Delivery"), "Despatch")
        _told(despatch, "RequestedDespatchDate", line.promised_on.isoformat())
    beside = line.amount - line.packs * line.pack_price
    if beside:
        step = _part(item, "AllowanceCharge")
        _told(step, "ChargeIndicator", "true" if beside > 0 else "false")
        _told(step, "AllowanceChargeReason", "Price steps: not every pack at the last price")
        _money(step, "Amount", abs(beside), currency)
    price = _part(item, "Price")
    _money(price, "PriceAmount", line.pack_price, currency)
    _told(price, "BaseQuantity", "1", unitCode=PACK)
    goods = _part(item, "Item")
    if line.name_zh and line.name_zh != line.name_en:
        _told(goods, "Description", line.name_zh, languageID="zh")
    _told(goods, "PackQuantity", str(line.pack_quantity), unitCode=PIECE)
    _told(goods, "PackSizeNumeric", str(line.pack_quantity))
    _told(goods, "Name", line.name_en or line.name_zh)
    _told(_part(goods, "BuyersItemIdentification"), "ID", line.sku)
    if line.supplier_code:
        _told(_part(goods, "SellersItemIdentification"), "ID", line.supplier_code)
    if line.gtin:
        _told(_part(goods, "StandardItemIdentification"), "ID", line.gtin, schemeID=GTIN)
    if line.origin:
        _told(_part(goods, "OriginCountry"), "IdentificationCode", line.origin)
    if line.hs_code:
        goods_class = _part(goods, "CommodityClassification")
        _told(goods_class, "ItemClassificationCode", line.hs_code, listID="HS")


def _party(parent: _Element, party: Party, *, called: str = "Party") -> None:
    told = _part(parent, called)
    _told(_part(told, "PartyIdentification"), "ID", party.code)
    _told(_part(told, "PartyName"), "Name", party.name)
    if party.has_address:
        _address(_part(told, "PostalAddress"), party)
    if party.vat_number:
        tax = _part(told, "PartyTaxScheme")
        _told(tax, "CompanyID", party.vat_number)
        _told(_part(tax, "TaxScheme"), "ID", "VAT")
    legal = _part(told, "PartyLegalEntity")
    _told(legal, "RegistrationName", party.name)
    if party.lei:
        _told(legal, "CompanyID", party.lei, schemeID=LEI)
    elif party.registered:
        _told(legal, "CompanyID", party.registered)


def _address(told: _Element, party: Party) -> None:
    for name, value in (
        ("StreetName", party.street),
        ("CityName", party.town),
        ("PostalZone", party.postcode),
    ):
        if value:
            _told(told, name, value)
    if party.country:
        country = _part(told, "Country")
        _told(country, "IdentificationCode", party.country, listID="ISO3166-1:Alpha2")


def _part(parent: _Element, name: str) -> _Element:
    return etree.SubElement(parent, f"{{{CAC}}}{name}")


def _told(parent: _Element, name: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = text


def _money(parent: _Element, name: str, amount: Decimal, currency: str) -> None:
    _told(parent, name, str(amount), currencyID=currency)
