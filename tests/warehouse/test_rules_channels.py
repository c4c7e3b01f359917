"""What signs a delivery, and what the three kinds of shops say, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from notices.rules import signature
from tests.warehouse.sending import (
    as_json,
    by_shopify,
    by_woocommerce,
    own_order,
    shopify_order,
    signed,
    woocommerce_order,
)
from warehouse.rules import shopify, woocommerce
from warehouse.rules.arriving import (
    Arrived,
    FeesNotTaken,
    FieldUnknown,
    NotInCny,
    NotToChina,
    OfAnotherShop,
    WrongShape,
    read_own,
    shared_lines,
)
from warehouse.rules.channels import (
    DeliveryNotSigned,
    DeliveryTooOld,
    Envelope,
    OurSecret,
    ShopsOwnSecret,
    check_secret,
    check_signed,
    digest,
    is_ping,
)
from warehouse.rules.retail import (
    FieldEmpty,
    IncomingLine,
    IncomingOrder,
    QuantityOutOfRange,
    TooManyOrders,
)

NOON = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
OURS = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
THEIRS = "shpss_0123456789abcdef"


def test_our_own_webhooks_are_signed_as_a_shop_signs_to_us() -> None:
    heads = signed(OURS, b"{}", at=NOON)

    assert heads["webhook-signature"] == signature([OURS], uid="msg-1", at=NOON, body="{}")
    assert check_signed("signed", [OURS], heads, b"{}", now=NOON) == Envelope("msg-1")


@pytest.mark.parametrize("late", [-301, 301])
def test_a_signed_delivery_is_taken_within_five_minutes(late: int) -> None:
    heads = signed(OURS, b"{}", at=NOON)

    for off in (-300, 300):
        check_signed("signed", [OURS], heads, b"{}", now=NOON + timedelta(seconds=off))
    with pytest.raises(DeliveryTooOld):
        check_signed("signed", [OURS], heads, b"{}", now=NOON + timedelta(seconds=late))


def test_a_delivery_is_not_taken_when_any_part_that_is_signed_is_another() -> None:
    heads = signed(OURS, b"{}", at=NOON)
    other_id = {**heads, "webhook-id": "msg-2"}
    other_time = {**heads, "webhook-timestamp": str(int(NOON.timestamp()) + 1)}

    for kind, secret, told, body in (
        ("signed", OURS, heads, b"{ }"),
        ("signed", OURS, other_id, b"{}"),
        ("signed", OURS, other_time, b"{}"),
        ("signed", "whsec_" + "A" * 44, heads, b"{}"),
        ("signed", OURS, {}, b"{}"),
        ("woocommerce", THEIRS, by_woocommerce(THEIRS, b"{}"), b"{ }"),
        ("woocommerce", THEIRS, {"x-wc-webhook-signature": "%%%"}, b"{}"),
        ("woocommerce", THEIRS, by_shopify(THEIRS, b"{}"), b"{}"),
        ("shopify", THEIRS, by_shopify(OURS, b"{}"), b"{}"),
    ):
        with pytest.raises(DeliveryNotSigned):
            check_signed(kind, [secret], told, body, now=NOON)


def test_an_older_secret_signs_as_well_while_it_is_given() -> None:
    heads = by_woocommerce(THEIRS, b"{}", topic="order.updated", uid="d-9")

    told = check_signed("woocommerce", ["newer-secret-of-shop", THEIRS], heads, b"{}", now=NOON)

    assert told == Envelope("d-9", "order.updated")


def test_what_is_not_signed_says_nothing_beside_the_signature() -> None:
    """The id beside a signed body may be anybody's; the body alone makes the digest."""
    key = b"k"

    assert digest("woocommerce", "a", b"{}", key) == digest("woocommerce", "b", b"{}", key)
    assert digest("signed", "a", b"{}", key) != digest("signed", "b", b"{}", key)


def test_only_woocommerce_tries_an_address_with_an_unsigned_form() -> None:
    assert is_ping("woocommerce", {}, b"webhook_id=3")
    assert not is_ping("woocommerce", {}, b"webhook_id=3&order=1")
    assert not is_ping("woocommerce", {"x-wc-webhook-signature": "x"}, b"webhook_id=3")
    assert not is_ping("signed", {}, b"webhook_id=3")


def test_who_makes_the_secret_follows_from_the_kind() -> None:
    check_secret("shopify", THEIRS)
    check_secret("signed", "")
    with pytest.raises(ShopsOwnSecret):
        check_secret("shopify", "short")
    with pytest.raises(OurSecret):
        check_secret("woocommerce", THEIRS)


def own(told: Any) -> Arrived:
    return read_own(as_json(told).decode(), channel="shop")


def test_our_own_shape_is_one_order_a_list_or_numbers_to_cancel() -> None:
    (order,) = own(own_order()).orders

    assert order == IncomingOrder(
        channel="shop",
        order_number="T-1",
        placed_at=datetime(2026, 8, 1, 3, 0, tzinfo=UTC),
        buyer_name="张三",
        buyer_id_number="360426199101010071",
        buyer_telephone="13800000000",
        consignee_address="浙江省杭州市西湖区示例路 1 号",
        lines=(IncomingLine("MILK", 1, 19_900),),
    )
    assert own([own_order()]) == own({"orders": [own_order()]}) == own(own_order())
    assert own({"cancel": ["T-1", "T-2"]}) == Arrived(cancelled=["T-1", "T-2"])


@pytest.mark.parametrize(
    ("order", "kind", "field"),
    [
        (own_order(currency="USD"), NotInCny, "currency"),
        (own_order(channel="other"), OfAnotherShop, "channel"),
        (own_order(gift="yes"), FieldUnknown, "gift"),
        (own_order(placed_at="2026-08-01"), WrongShape, "placed_at"),
        (own_order(placed_at="2026-08-01T11:00:00"), WrongShape, "placed_at"),
        (own_order(buyer_name=["张三"]), WrongShape, "buyer_name"),
        (own_order(buyer_name=""), FieldEmpty, "buyer_name"),
        (own_order(freight_minor="1"), WrongShape, "freight_minor"),
        (own_order(lines="MILK"), WrongShape, "lines"),
        (own_order(lines=[{"sku": "MILK", "quantity": 1}]), FieldEmpty, "unit_price_minor"),
        (
            own_order(lines=[{"sku": "M", "quantity": 1.5, "unit_price_minor": 1}]),
            QuantityOutOfRange,
            "quantity",
        ),
    ],
)
def test_what_is_wrong_of_an_order_names_its_field_and_leaves_the_others(
    order: dict[str, Any], kind: type[DomainError], field: str
) -> None:
    told = own([order, own_order("T-2")])

    assert [one.order_number for one in told.orders] == ["T-2"]
    ((number, refusal),) = [(one.order_number, one.refusal) for one in told.unread]
    assert (number, type(refusal), refusal.facts["field"]) == ("T-1", kind, field)
    assert "张三" not in str(refusal)


@pytest.mark.parametrize("told", [[], "T-1", 7, {"cancel": []}, {"cancel": [7]}, {"orders": {}}])
def test_a_body_without_an_order_is_refused_as_a_whole(told: Any) -> None:
    with pytest.raises(WrongShape):
        own(told)


def test_more_than_a_thousand_orders_are_refused_as_a_whole() -> None:
    with pytest.raises(TooManyOrders):
        own([{}] * 1_001)


def woo(told: Any, topic: str = "order.created", field: str = "") -> Arrived:
    body = as_json(told).decode()
    return woocommerce.read(body, channel="woo", topic=topic, buyer_id_field=field)


def test_an_order_of_woocommerce_is_read_to_the_fen() -> None:
    """CNY 600 before a coupon of 100: goods 600 + freight 12 + tax 45.50 - 100 = 557.50."""
    told = woocommerce_order(total="557.50", total_tax="45.50")
    told["shipping"]["phone"] = "13900000000"

    (order,) = woo(told).orders

    assert order == IncomingOrder(
        channel="woo",
        order_number="727",
        placed_at=datetime(2026, 8, 1, 3, 0, tzinfo=UTC),
        buyer_name="张三",
        buyer_id_number="360426199101010071",
        buyer_telephone="13800000000",
        consignee_address="浙江杭州市西湖区示例路 1 号2 单元",
        consignee_name="李四",
        consignee_telephone="13900000000",
        freight_minor=1_200,
        discount_minor=10_000,
        lines=(IncomingLine("MILK", 3, 20_000),),
    )
    assert (order.collected_tax_minor, order.paid_minor) == (4_550, 55_750)


def test_a_line_of_woocommerce_that_does_not_divide_is_shared_to_the_fen() -> None:
    """CNY 500 over three units: two at 166.67 and one at 166.66; an old shop tells no subtotal."""
    line = {"sku": "MILK", "quantity": 3, "total": "500.00"}

    (order,) = woo(woocommerce_order(line_items=[line])).orders

    assert order.lines == (IncomingLine("MILK", 1, 16_666), IncomingLine("MILK", 2, 16_667))
    assert (order.discount_minor, order.collected_tax_minor, order.paid_minor) == (0, None, None)


def test_woocommerce_sends_to_the_buyer_where_no_other_address_is_told() -> None:
    told = woocommerce_order(shipping={"first_name": "", "address_1": "", "country": ""})

    (order,) = woo(told).orders

    assert order.consignee_address == "上海上海市示例路 9 号"


def test_the_provinces_are_those_of_woocommerce() -> None:
    known = {1: "云南", 2: "北京", 6: "内蒙古", 9: "黑龙江", 10: "上海", 12: "浙江", 20: "广东"}

    assert {code: woocommerce.PROVINCES[code] for code in known} == known
    assert (len(woocommerce.PROVINCES), woocommerce.PROVINCES[32]) == (32, "新疆")


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("pending", Arrived(waiting=["727"])),
        ("on-hold", Arrived(waiting=["727"])),
        ("failed", Arrived(waiting=["727"])),
        ("cancelled", Arrived(cancelled=["727"])),
        ("refunded", Arrived(cancelled=["727"])),
        ("trash", Arrived(cancelled=["727"])),
    ],
)
def test_what_is_not_paid_at_woocommerce_waits_and_what_is_over_is_cancelled(
    status: str, told: Arrived
) -> None:
    assert woo(woocommerce_order(status=status), "order.updated") == told


def test_an_order_that_was_deleted_comes_as_its_id_alone() -> None:
    assert woo({"id": 727}, "order.deleted") == Arrived(cancelled=["727"])


@pytest.mark.parametrize(
    ("more", "kind", "field"),
    [
        ({"currency": "USD"}, NotInCny, "currency"),
        ({"fee_lines": [{"total": "5.00"}]}, FeesNotTaken, "fee_lines"),
        ({"meta_data": []}, FieldEmpty, "_buyer_id_number"),
        ({"date_created_gmt": "yesterday"}, WrongShape, "date_created_gmt"),
        ({"shipping": {"address_1": "x", "country": "HK"}}, NotToChina, "shipping.country"),
        ({"line_items": [{"sku": "", "quantity": 1, "total": "1.00"}]}, FieldEmpty, "sku"),
        ({"line_items": [{"sku": "M", "quantity": 1, "total": "1.001"}]}, WrongShape, "total"),
    ],
)
def test_what_is_wrong_at_woocommerce_names_the_shops_own_field(
    more: dict[str, Any], kind: type[DomainError], field: str
) -> None:
    told = woo(woocommerce_order(**more))

    ((number, refusal),) = [(one.order_number, one.refusal) for one in told.unread]
    assert (number, type(refusal), refusal.facts["field"]) == ("727", kind, field)


def test_the_identity_number_may_stand_in_another_field() -> None:
    told = woocommerce_order(meta_data=[{"key": "id_card", "value": "360426199101010071"}])

    (order,) = woo(told, field="id_card").orders

    assert order.buyer_id_number == "360426199101010071"


def shop(told: Any, topic: str = "orders/create") -> Arrived:
    body = as_json(told).decode()
    return shopify.read(body, channel="shopify", topic=topic, buyer_id_field="")


def test_an_order_of_shopify_is_read_without_tax_and_before_its_discount() -> None:
    """Twice 218.20 less 16.40 of tax is CNY 420.00; with freight 12.00 and tax, less the voucher of
    20.00, the buyer paid 428.40."""
    (order,) = shop(shopify_order(total_price="428.40", total_tax="16.40")).orders

    assert order == IncomingOrder(
        channel="shopify",
        order_number="#1001",
        placed_at=datetime(2026, 8, 1, 3, 0, tzinfo=UTC),
        buyer_name="张三",
        buyer_id_number="360426199101010071",
        buyer_telephone="138 0000 0000",
        consignee_address="浙江省杭州市西湖区示例路 1 号",
        consignee_name="李四",
        consignee_telephone="138 0000 0000",
        freight_minor=1_200,
        discount_minor=2_000,
        lines=(IncomingLine("MILK", 2, 21_000),),
    )
    assert (order.collected_tax_minor, order.paid_minor) == (1_640, 42_840)
    assert 2 * 21_000 + 1_200 + 1_640 - 2_000 == 42_840


def test_shopify_adds_tax_to_the_price_where_it_is_not_included() -> None:
    (order,) = shop(shopify_order(taxes_included=False)).orders

    assert order.lines == (IncomingLine("MILK", 2, 21_820),)


def test_what_shopify_cancelled_is_cancelled_and_what_is_not_paid_waits() -> None:
    cancelled = Arrived(cancelled=["#1001"])

    assert shop(shopify_order(), "orders/cancelled") == cancelled
    assert shop(shopify_order(cancelled_at="2026-08-02T11:00:00+08:00")) == cancelled
    assert shop(shopify_order(financial_status="refunded")) == cancelled
    assert shop(shopify_order(financial_status="pending")) == Arrived(waiting=["#1001"])


def test_shopify_refuses_other_countries_and_currencies() -> None:
    for more, kind in (
        ({"currency": "USD"}, NotInCny),
        ({"shipping_address": {"country_code": "TW"}}, NotToChina),
        ({"note_attributes": []}, FieldEmpty),
    ):
        (unread,) = shop(shopify_order(**more)).unread
        assert type(unread.refusal) is kind


@given(st.integers(1, 9_999), st.integers(0, 10**9))
def test_a_line_over_its_units_sums_to_the_fen(units: int, total: int) -> None:
    lines = shared_lines("MILK", units, total)

    assert sum(line.quantity for line in lines) == units
    assert sum(line.quantity * line.unit_price_minor for line in lines) == total
    assert len(lines) <= 2
