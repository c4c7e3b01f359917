"""Orders as Shopify tells them.

The fields are those of its order resource, which the topics ``orders/create``, ``orders/paid``,
``orders/updated`` and ``orders/cancelled`` send
(https://shopify.dev/docs/api/admin-rest/latest/resources/order): ``name`` (``#1001``),
``created_at`` with its offset, ``currency``, ``financial_status``, ``cancelled_at``,
``taxes_included``, ``line_items`` with ``sku``, ``quantity``, ``price`` (of one unit, before
discounts), ``discount_allocations`` and ``tax_lines``, ``shipping_lines``, ``shipping_address``,
``billing_address``, ``note_attributes`` with ``name`` and ``value``.
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
        buyer_telephone=sent_to.text("phone", needed=False).replace("(", "").replace(")", ""),
        consignee_address=_address(sent_to),
        freight_minor=sum(_sum(one, "price", includes_tax) for one in told.parts("shipping_lines")),
        lines=tuple(line for one in told.parts("line_items") for line in _lines(one, includes_tax)),
    )


def _address(told: Told) -> str:
    parts = (told.text(name, needed=False) for name in ("province", "city", "address1", "address2"))
    return full_address(*parts, field="shipping_address.address1")


def _lines(told: Told, includes_tax: bool) -> list[IncomingLine]:
    """``price`` is of one unit, before discounts."""
    units = told.whole("quantity")
    total = told.amount("price") * units
    return shared_lines(told.text("sku"), units, total - _less(told, includes_tax))


def _sum(told: Told, name: str, includes_tax: bool) -> int:
    return told.amount(name) - _less(told, includes_tax)


def _less(told: Told, includes_tax: bool) -> int:
    """What is no part of the price without tax: discounts, and the tax where it is included."""
    less = sum(one.amount("amount") for one in told.parts("discount_allocations"))
    if includes_tax:
        less += sum(one.amount("price") for one in told.parts("tax_lines"))
    return less
