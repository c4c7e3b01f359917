"""Orders as WooCommerce tells them.

The fields are those of an order of its REST API, version 3, which the topics ``order.created``,
``order.updated`` and ``order.deleted`` send
(https://developer.woocommerce.com/docs/apis/rest-api/v3/orders/ and …/v3/webhooks/):
``number``, ``status``, ``currency``, ``date_created_gmt`` (UTC, written without an offset),
``billing``, ``shipping``, ``line_items`` with ``sku``, ``quantity``, ``subtotal`` (before
discounts, without tax) and ``total`` (after them), ``shipping_total``, ``total_tax``, ``total``
(all that was paid), ``fee_lines``, ``meta_data`` with ``key`` and ``value``. What a coupon took off
is told as a discount, as of every shop (:mod:`warehouse.rules.shopify`). An order that was deleted
comes as its ``id`` alone. Provinces are codes of WooCommerce's own
(``i18n/states.php``).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from warehouse.rules.arriving import (
    Arrived,
    FeesNotTaken,
    Told,
    WrongShape,
    changed_at,
    check_country,
    check_currency,
    full_address,
    full_name,
    number_of,
    read_each,
    read_one,
    shared_lines,
)
from warehouse.rules.retail import IncomingLine, IncomingOrder

#: Where nothing else is said, the meta field in which the shop keeps the identity number.
BUYER_ID_FIELD = "_buyer_id_number"
_PAID = frozenset({"processing", "completed"})
_OVER = frozenset({"cancelled", "refunded", "trash"})

_IN_ORDER = (
    "云南北京天津河北山西内蒙辽宁吉林黑龙上海江苏浙江安徽福建江西山东"
    "河南湖北湖南广东广西海南重庆四川贵州陕西甘肃青海宁夏澳门西藏新疆"
)
_LONGER = {"内蒙": "内蒙古", "黑龙": "黑龙江"}
#: Province by number: CN1 is Yunnan, CN12 is Zhejiang.
PROVINCES = {
    at // 2 + 1: _LONGER.get(_IN_ORDER[at : at + 2], _IN_ORDER[at : at + 2])
    for at in range(0, len(_IN_ORDER), 2)
}


def read(body: str, *, channel: str, topic: str, buyer_id_field: str) -> Arrived:
    """One order: to be taken when it is paid, cancelled when it is over, else left alone.

    Raises WrongShape for a body that is no order.
    """
    order = read_one(body)
    if topic == "order.deleted":
        return Arrived(cancelled=[order.text("id")])
    number, status = number_of(order, "number"), order.text("status")
    told_at = changed_at(order, "date_modified_gmt")
    if status in _OVER:
        return Arrived(cancelled=[number], told_at=told_at)
    if status not in _PAID:
        return Arrived(waiting=[number])
    field = buyer_id_field or BUYER_ID_FIELD
    found = read_each([order], lambda one: _order(one, channel, field), numbered="number")
    return replace(found, told_at=told_at)


def _order(told: Told, channel: str, buyer_id_field: str) -> IncomingOrder:
    check_currency(told.text("currency"))
    if any(one.amount("total") for one in told.parts("fee_lines")):
        raise FeesNotTaken(field="fee_lines")
    billing, shipping = told.part("billing"), told.part("shipping")
    # Who has the goods sent to itself leaves the second address empty.
    sent_to = shipping if shipping.text("address_1", needed=False) else billing
    check_country(sent_to.text("country", needed=False), "shipping.country")
    return IncomingOrder(
        channel=channel,
        order_number=told.text("number"),
        placed_at=_placed(told),
        buyer_name=full_name(
            billing.text("first_name", needed=False), billing.text("last_name", needed=False)
        ),
        buyer_id_number=told.named(buyer_id_field, "meta_data", "key"),
        buyer_telephone=billing.text("phone", needed=False),
        consignee_address=_address(sent_to),
        consignee_name=full_name(
            sent_to.text("first_name", needed=False), sent_to.text("last_name", needed=False)
        ),
        consignee_telephone=sent_to.text("phone", needed=False),
        freight_minor=told.amount("shipping_total"),
        discount_minor=sum(_before(one) - one.amount("total") for one in told.parts("line_items")),
        collected_tax_minor=told.amount_if_told("total_tax"),
        paid_minor=told.amount_if_told("total"),
        lines=tuple(line for one in told.parts("line_items") for line in _lines(one)),
    )


def _placed(told: Told) -> datetime:
    """Whole seconds of UTC."""
    text = told.text("date_created_gmt")
    try:
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError as error:
        raise told.wrong(WrongShape, "date_created_gmt") from error
    if moment.tzinfo is not None or not 2000 <= moment.year <= 2099:
        raise told.wrong(WrongShape, "date_created_gmt")
    return moment.replace(tzinfo=UTC)


def _address(told: Told) -> str:
    state = told.text("state", needed=False)
    code = state.removeprefix("CN")
    known = PROVINCES.get(int(code), state) if code.isascii() and code.isdecimal() else state
    parts = (told.text(name, needed=False) for name in ("city", "address_1", "address_2"))
    return full_address(known, *parts, field="shipping.address_1")


def _before(told: Told) -> int:
    """A line before discounts; shops of old versions tell what it costs after them only."""
    before = told.amount_if_told("subtotal")
    return told.amount("total") if before is None else before


def _lines(told: Told) -> list[IncomingLine]:
    return shared_lines(told.text("sku"), told.whole("quantity"), _before(told))
