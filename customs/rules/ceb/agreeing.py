"""The three messages of a parcel and its list must say the same: order, payment, waybill, list.

Customs holds them against each other once all are there, and refuses the list if they differ.
Source: the specification for companies (企业对接报文规范), edition 2022-05, pages 70 to 113.
"""

from __future__ import annotations

from collections.abc import Iterator

from core.errors import InputError
from customs.rules.ceb.messages import Business, Values
from customs.rules.ceb.remarks import Remark, number


class PartiesDiffer(InputError):
    """Order, payment, waybill and list name the same order, platform, seller and carrier."""

    code = "customs.ceb_parties_differ"


class PaymentDiffers(InputError):
    """What was paid for the order is what the payment says."""

    code = "customs.ceb_payment_differs"


class ConsigneeDiffers(InputError):
    """Order and waybill have the same receiver, telephone and address."""

    code = "customs.ceb_consignee_differs"


class BuyerDiffers(InputError):
    """Order and list have the same buyer."""

    code = "customs.ceb_buyer_differs"


class GoodsOfLineDiffer(InputError):
    """Line by line the list names the goods of the order: name, unit, quantity and price."""

    code = "customs.ceb_goods_of_line_differ"


class LinesDiffer(InputError):
    """The list has as many lines as the order."""

    code = "customs.ceb_lines_differ"


_Found = Iterator[Remark]


def disagreements(
    *,
    order: Business,
    retail_list: Business,
    payment: Business | None = None,
    waybill: Business | None = None,
) -> list[Remark]:
    """What the messages of one parcel say differently; paths begin with the message that is wrong.

    Payment and waybill are left out where others send them.
    """
    found = [
        *_same(order.head, retail_list.head, "CEB621", _OF_THE_ORDER, PartiesDiffer),
        *_same(order.head, retail_list.head, "CEB621", _OF_THE_BUYER, BuyerDiffers),
        *_lines(order, retail_list),
    ]
    if payment is not None:
        found += _same(
            order.head, payment.head, "CEB411", ("orderNo", "ebpCode", "ebpName"), PartiesDiffer
        )
        paid, wanted = number(payment.head, "amountPaid"), number(order.head, "acturalPaid")
        if paid != wanted:
            found.append(Remark("CEB411/amountPaid", PaymentDiffers(value=paid, wanted=wanted)))
    if waybill is not None:
        carrier = ("logisticsNo", "logisticsCode", "logisticsName")
        found += _same(retail_list.head, waybill.head, "CEB511", carrier, PartiesDiffer)
        found += _same(order.head, waybill.head, "CEB511", ("orderNo",), PartiesDiffer)
        found += _same(order.head, waybill.head, "CEB511", _OF_THE_RECEIVER, ConsigneeDiffers)
    return found


_OF_THE_ORDER = ("orderNo", "ebpCode", "ebpName", "ebcCode", "ebcName")
_OF_THE_BUYER = ("buyerIdType", "buyerIdNumber", "buyerName", "buyerTelephone")
_OF_THE_RECEIVER = ("consignee", "consigneeTelephone", "consigneeAddress")
_OF_A_LINE = ("unit", "currency")
_FIGURES_OF_A_LINE = ("qty", "price", "totalPrice")


def _same(
    one: Values, other: Values, kind: str, names: tuple[str, ...], rule: type[InputError]
) -> _Found:
    for name in names:
        if one.get(name, "") != other.get(name, ""):
            # Neither value is told: some of them are a buyer's own.
            yield Remark(f"{kind}/{name}", rule(field=name))


def _lines(order: Business, retail_list: Business) -> _Found:
    if len(order.lines) != len(retail_list.lines):
        yield Remark(
            "CEB621/InventoryList",
            LinesDiffer(value=len(retail_list.lines), wanted=len(order.lines)),
        )
        return
    for place, (bought, listed) in enumerate(zip(order.lines, retail_list.lines, strict=True), 1):
        differs = [name for name in _OF_A_LINE if bought.get(name, "") != listed.get(name, "")]
        # A list may leave out under which name the goods were sold.
        if listed.get("itemName") and bought.get("itemName") != listed["itemName"]:
            differs.append("itemName")
        differs += [
            name for name in _FIGURES_OF_A_LINE if number(bought, name) != number(listed, name)
        ]
        for name in differs:
            path = f"CEB621/InventoryList[{place}]/{name}"
            yield Remark(path, GoodsOfLineDiffer(line=place, field=name))
