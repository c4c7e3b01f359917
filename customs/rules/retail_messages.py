"""A consumer's order as the messages of the retail import: order, payment, waybill, list, and what
follows them.

Values are the text that stands in the file. Amounts come in fen, weights in grams, quantities as
they are declared. Source: specification for companies (企业对接报文规范), edition 2022-05.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from customs.rules.articles import item_number, record_number
from customs.rules.ceb.messages import Business
from customs.rules.zone import plain

CNY, CHINA = "142", "142"
#: Sent at once, and not left as a draft.
NEW, CHANGED, DECLARED = "1", "2", "2"
IDENTITY_CARD = "1"
NO_BARCODE = "无"

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Parties:
    """Who stands on a seller's messages; codes are customs registration numbers. ``pay_*`` is the
    payment company, empty where nobody named one."""

    ebp_code: str
    ebp_name: str
    ebc_code: str
    ebc_name: str
    agent_code: str
    agent_name: str
    assure_code: str
    logistics_code: str
    logistics_name: str
    pay_code: str = ""
    pay_name: str = ""


@dataclass(frozen=True, slots=True)
class House:
    """The bonded warehouse from which parcels leave; ``names_material`` as in record_number."""

    customs_code: str
    port_code: str
    ems_no: str
    area_code: str
    area_name: str
    traf_mode: str
    loct_no: str = ""
    trade_mode: str = "1210"
    names_material: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """One line: ``price`` is fen for one unit, ``country`` the old three-digit code of origin,
    ``item`` the book's item. ``legal`` and ``second`` are quantity and unit by the tariff, the
    quantity None where it cannot be derived; each keeps its place."""

    sku: str
    name: str
    specification: str
    barcode: str
    unit: str
    quantity: int
    price: int
    country: str
    hs_code: str
    item: str
    legal: tuple[Decimal | None, str]
    second: tuple[Decimal | None, str] | None = None


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who ordered, and where the parcel goes."""

    name: str
    id_number: str
    telephone: str
    address: str
    consignee: str = ""
    consignee_telephone: str = ""

    @property
    def receiver(self) -> tuple[str, str]:
        """Name and telephone of whoever receives the parcel: the buyer, unless another is told."""
        return self.consignee or self.name, self.consignee_telephone or self.telephone


@dataclass(frozen=True, slots=True)
class Parcel:
    """One consumer's order with all that is told of it. ``paid_at`` is the payment's moment.

    Fen: ``tax`` as the shop collected it, or else as it is worked out; ``discount`` paid with
    points, vouchers and the like; ``told_paid`` what whoever was paid says was paid in all, None
    where nobody said so.
    """

    list_number: str
    order_number: str
    account: str
    waybill: str
    buyer: Buyer
    goods: tuple[Goods, ...]
    freight: int
    tax: int
    net: int
    gross: int
    payment: str = ""
    paid_at: datetime | None = None
    insurance: int = 0
    discount: int = 0
    told_paid: int | None = None

    @property
    def worth(self) -> int:
        """Fen of the goods, before the discount."""
        return sum(one.quantity * one.price for one in self.goods)

    @property
    def paid(self) -> int:
        """Fen the buyer paid: as told, or else goods + freight + insurance + tax - discount."""
        if self.told_paid is not None:
            return self.told_paid
        return self.worth + self.freight + self.insurance + self.tax - self.discount


@dataclass(frozen=True, slots=True)
class Sent:
    """What is the sender's own: the element's identifier, and the time (in China) that stands in
    it. A change names what customs called the list before."""

    guid: str
    at: datetime
    app_type: str = NEW
    pre_number: str = ""
    their_number: str = ""


def yuan(fen: int) -> str:
    """An amount as it stands in a message: 12.30."""
    return f"-{yuan(-fen)}" if fen < 0 else f"{fen // 100}.{fen % 100:02d}"


def kilograms(grams: int) -> str:
    return f"{grams // 1000}.{grams % 1000:03d}"


def _measured(quantity: Decimal | None) -> str:
    """Empty where nobody can tell."""
    return "" if quantity is None else plain(quantity)


def _head(sent: Sent) -> Values:
    return {
        "guid": sent.guid,
        "appType": sent.app_type,
        "appTime": sent.at.strftime("%Y%m%d%H%M%S"),
        "appStatus": DECLARED,
    }


def order(parcel: Parcel, by: Parties, sent: Sent) -> Business:
    """CEB311."""
    buyer = parcel.buyer
    head = _head(sent)
    head["orderType"] = "I"
    head["orderNo"] = parcel.order_number
    head["ebpCode"], head["ebpName"] = by.ebp_code, by.ebp_name
    head["ebcCode"], head["ebcName"] = by.ebc_code, by.ebc_name
    head["goodsValue"] = yuan(parcel.worth)
    # Freight and whatever else is not in the price (运杂费): an order has no field for insurance.
    head["freight"] = yuan(parcel.freight + parcel.insurance)
    head["discount"] = yuan(parcel.discount)
    head["taxTotal"] = yuan(parcel.tax)
    head["acturalPaid"] = yuan(parcel.paid)
    head["currency"] = CNY
    head["buyerRegNo"] = parcel.account
    head["buyerName"] = buyer.name
    head["buyerTelephone"] = buyer.telephone
    head["buyerIdType"] = IDENTITY_CARD
    head["buyerIdNumber"] = buyer.id_number
    if by.pay_code and parcel.payment:
        head["payCode"], head["payName"] = by.pay_code, by.pay_name
        head["payTransactionId"] = parcel.payment
    head["consignee"], head["consigneeTelephone"] = buyer.receiver
    head["consigneeAddress"] = buyer.address
    lines = []
    for number, one in enumerate(parcel.goods, 1):
        lines.append(
            {
                "gnum": str(number),
                **_item_number(one),
                "itemName": one.name,
                "gmodel": one.specification,
                "barCode": one.barcode or NO_BARCODE,
                "unit": one.unit,
                "qty": str(one.quantity),
                "price": yuan(one.price),
                "totalPrice": yuan(one.quantity * one.price),
                "currency": CNY,
                "country": one.country,
            }
        )
    return Business(head, tuple(lines))


def _item_number(one: Goods) -> dict[str, str]:
    number = item_number(one.sku)
    return {"itemNo": number} if number else {}


def payment(parcel: Parcel, by: Parties, sent: Sent) -> Business:
    """CEB411; where no moment is known, nothing stands there and the form refuses it."""
    head = _head(sent)
    head["payCode"], head["payName"] = by.pay_code, by.pay_name
    head["payTransactionId"] = parcel.payment
    head["orderNo"] = parcel.order_number
    head["ebpCode"], head["ebpName"] = by.ebp_code, by.ebp_name
    head["payerIdType"] = IDENTITY_CARD
    head["payerIdNumber"] = parcel.buyer.id_number
    head["payerName"] = parcel.buyer.name
    head["telephone"] = parcel.buyer.telephone
    head["amountPaid"] = yuan(parcel.paid)
    head["currency"] = CNY
    head["payTime"] = parcel.paid_at.strftime("%Y%m%d%H%M%S") if parcel.paid_at else ""
    return Business(head)


def waybill(parcel: Parcel, by: Parties, sent: Sent) -> Business:
    """CEB511."""
    head = _head(sent)
    head["logisticsCode"], head["logisticsName"] = by.logistics_code, by.logistics_name
    head["logisticsNo"] = parcel.waybill
    head["orderNo"] = parcel.order_number
    head["freight"] = yuan(parcel.freight)
    head["insuredFee"] = yuan(parcel.insurance)
    head["currency"] = CNY
    head["weight"] = kilograms(parcel.gross)
    head["packNo"] = "1"
    head["goodsInfo"] = parcel.goods[0].name[:200] if parcel.goods else ""
    head["consignee"], telephone = parcel.buyer.receiver
    head["consigneeAddress"] = parcel.buyer.address
    head["consigneeTelephone"] = telephone
    return Business(head)


def signed_for(waybill: str, by: Parties, at: datetime, sent: Sent) -> Business:
    """CEB513: the parcel was handed to its buyer."""
    head = _head(sent)
    head["logisticsCode"], head["logisticsName"] = by.logistics_code, by.logistics_name
    head["logisticsNo"] = waybill
    head["logisticsStatus"] = "S"
    head["logisticsTime"] = at.strftime("%Y%m%d%H%M%S")
    return Business(head)


def retail_list(parcel: Parcel, by: Parties, house: House, sent: Sent) -> Business:
    """CEB621, of bonded goods (1210 or 1239)."""
    buyer = parcel.buyer
    head = _head(sent)
    head["orderNo"] = parcel.order_number
    head["ebpCode"], head["ebpName"] = by.ebp_code, by.ebp_name
    head["ebcCode"], head["ebcName"] = by.ebc_code, by.ebc_name
    head["logisticsNo"] = parcel.waybill
    head["logisticsCode"], head["logisticsName"] = by.logistics_code, by.logistics_name
    head["copNo"] = parcel.list_number
    if sent.app_type == CHANGED and sent.pre_number:
        head["preNo"] = sent.pre_number
    if sent.app_type == CHANGED and sent.their_number:
        head["invtNo"] = sent.their_number
    head["assureCode"] = by.assure_code
    head["emsNo"] = house.ems_no
    head["ieFlag"] = "I"
    head["declTime"] = head["appTime"][:8]
    head["customsCode"] = house.customs_code
    head["portCode"] = house.port_code
    head["buyerIdType"] = IDENTITY_CARD
    head["buyerIdNumber"] = buyer.id_number
    head["buyerName"] = buyer.name
    head["buyerTelephone"] = buyer.telephone
    head["consigneeAddress"] = buyer.address
    head["agentCode"], head["agentName"] = by.agent_code, by.agent_name
    head["areaCode"], head["areaName"] = house.area_code, house.area_name
    head["tradeMode"] = house.trade_mode
    head["trafMode"] = house.traf_mode
    if house.loct_no:
        head["loctNo"] = house.loct_no
    # Of bonded goods the country of dispatch is China.
    head["country"] = CHINA
    head["freight"] = yuan(parcel.freight)
    head["insuredFee"] = yuan(parcel.insurance)
    head["currency"] = CNY
    head["packNo"] = "1"
    head["grossWeight"] = kilograms(parcel.gross)
    head["netWeight"] = kilograms(parcel.net)
    lines = []
    for number, one in enumerate(parcel.goods, 1):
        line = {
            "gnum": str(number),
            "itemRecordNo": record_number(one.item, one.sku, house.names_material),
            **_item_number(one),
            "itemName": one.name,
            "gcode": one.hs_code,
            "gname": one.name,
            "gmodel": one.specification,
            "barCode": one.barcode or NO_BARCODE,
            "country": one.country,
            "currency": CNY,
            "qty": str(one.quantity),
            "unit": one.unit,
            "qty1": _measured(one.legal[0]),
            "unit1": one.legal[1],
        }
        if one.second:
            line["qty2"], line["unit2"] = _measured(one.second[0]), one.second[1]
        line["price"] = yuan(one.price)
        line["totalPrice"] = yuan(one.quantity * one.price)
        lines.append(line)
    return Business(head, tuple(lines))


@dataclass(frozen=True, slots=True)
class Declared:
    """A list that customs has: its number, as the authority gave it."""

    list_number: str
    order_number: str
    waybill: str
    buyer: Buyer
    their_number: str
    pre_number: str = ""


def _after(listed: Declared, by: Parties, house: House, reason: str, sent: Sent) -> Values:
    head = _head(sent)
    head["customsCode"] = house.customs_code
    head["orderNo"] = listed.order_number
    head["ebpCode"], head["ebpName"] = by.ebp_code, by.ebp_name
    head["ebcCode"], head["ebcName"] = by.ebc_code, by.ebc_name
    head["logisticsNo"] = listed.waybill
    head["logisticsCode"], head["logisticsName"] = by.logistics_code, by.logistics_name
    head["copNo"] = listed.list_number
    if listed.pre_number:
        head["preNo"] = listed.pre_number
    head["invtNo"] = listed.their_number
    head["buyerIdType"] = IDENTITY_CARD
    head["buyerIdNumber"] = listed.buyer.id_number
    head["buyerName"] = listed.buyer.name
    head["buyerTelephone"] = listed.buyer.telephone
    head["agentCode"], head["agentName"] = by.agent_code, by.agent_name
    head["reason"] = reason
    return head


def withdrawal(listed: Declared, by: Parties, house: House, *, reason: str, sent: Sent) -> Business:
    """CEB623: take a list back that was not released."""
    return Business(_after(listed, by, house, reason, sent))


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Of one line of a list, by its number there."""

    line: int
    hs_code: str
    name: str
    quantity: int
    unit: str


def give_back(
    listed: Declared,
    by: Parties,
    house: House,
    goods: Sequence[GivenBack],
    *,
    reason: str,
    sent: Sent,
) -> Business:
    """CEB625: goods came back."""
    lines: list[Mapping[str, str]] = [
        {
            "gnum": str(one.line),
            "gcode": one.hs_code,
            "gname": one.name,
            "qty": str(one.quantity),
            "unit": one.unit,
        }
        for one in goods
    ]
    return Business(_after(listed, by, house, reason, sent), tuple(lines))
