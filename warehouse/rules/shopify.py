"""Orders as Shopify tells them.

The fields are those of its order resource, which the topics ``orders/create``, ``orders/paid``,
``orders/updated`` and ``orders/cancelled`` send
(https://shopify.dev/docs/api/admin-rest/latest/resources/order): ``name`` (``#1001``),
``created_at`` with its offset, ``currency``, ``financial_status``, ``cancelled_at``,
``taxes_included``, ``line_items`` with ``sku``, ``quantity``, ``price`` (of one unit, before
discounts), ``discount_allocations`` and ``tax_lines``, ``shipping_lines``, ``total_tax``,
``total_price`` (all that was paid), ``shipping_address``, ``billing_address``, ``note_attributes``
with ``name`` and ``value``.

Customs wants the price of goods before vouchers and points, and these apart. Whether a discount of
the shop is one of them, or a lower price, the shop does not say: it is told as a discount, on which
the tax is not lower than it should be.
"""

from __future__ import annotations

from dataclasses import replace

from warehouse.rules.arriving import (
    Arrived,
    Told,
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

#: Where nothing else is said, the note attribute in which the shop keeps the identity number.
BUYER_ID_FIELD = "buyer_id_number"
_PAID = frozenset({"paid", "partially_refunded"})
_OVER = frozenset({"refunded", "voided"})


def read(body: str, *, channel: str, topic: str, buyer_id_field: str) -> Arrived:
    """One order: to be taken when it is paid, cancelled when it is over, else left alone.

    Raises WrongShape for a body that is no order.
    """
    order = read_one(body)
    number, status = number_of(order, "name"), order.text("financial_status", needed=False)
    told_at = changed_at(order, "updated_at")
    if topic == "orders/cancelled" or order.values.get("cancelled_at") or status in _OVER:
        return Arrived(cancelled=[number], told_at=told_at)
    if status not in _PAID:
        return Arrived(waiting=[number])
    field = buyer_id_field or BUYER_ID_FIELD
    found = read_each([order], lambda one: _order(one, channel, field), numbered="name")
    return replace(found, told_at=told_at)


def _order(told: Told, channel: str, buyer_id_field: str) -> IncomingOrder:
    check_currency(told.text("currency"))
    includes_tax = told.values.get("taxes_included") is True
    sent_to = told.part("shipping_address")
    check_country(sent_to.text("country_code"), "shipping_address.country_code")
    buyer = told.part("billing_address") if told.values.get("billing_address") else sent_to
    return IncomingOrder(
        channel=channel,
        order_number=told.text("name"),
        placed_at=told.moment("created_at"),
        buyer_name=full_name(
            buyer.text("first_name", needed=False), buyer.text("last_name", needed=False)
        ),
        buyer_id_number=told.named(buyer_id_field, "note_attributes", "name"),
        buyer_telephone=_telephone(buyer) or _telephone(sent_to),
        consignee_address=_address(sent_to),
        consignee_name=full_name(
            sent_to.text("first_name", needed=False), sent_to.text("last_name", needed=False)
        ),
        consignee_telephone=_telephone(sent_to),
        freight_minor=sum(
            one.amount("price") - _discount(one) - _tax(one, includes_tax)
            for one in told.parts("shipping_lines")
        ),
        discount_minor=sum(_discount(one) for one in told.parts("line_items")),
        collected_tax_minor=told.amount_if_told("total_tax"),
        paid_minor=told.amount_if_told("total_price"),
        lines=tuple(line for one in told.parts("line_items") for line in _lines(one, includes_tax)),
    )


def _address(told: Told) -> str:
    parts = (told.text(name, needed=False) for name in ("province", "city", "address1", "address2"))
    return full_address(*parts, field="shipping_address.address1")


def _telephone(told: Told) -> str:
    return told.text("phone", needed=False).replace("(", "").replace(")", "")


def _lines(told: Told, includes_tax: bool) -> list[IncomingLine]:
    """``price`` is of one unit, before discounts."""
    units = told.whole("quantity")
    total = told.amount("price") * units
    return shared_lines(told.text("sku"), units, total - _tax(told, includes_tax))


def _discount(told: Told) -> int:
    return sum(one.amount("amount") for one in told.parts("discount_allocations"))


def _tax(told: Told, includes_tax: bool) -> int:
    """The tax, where it is included in the price."""
    return sum(one.amount("price") for one in told.parts("tax_lines")) if includes_tax else 0
