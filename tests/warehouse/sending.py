"""A shop that sends its orders: how it signs them, in each of three ways."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Any


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed(secret: str, body: bytes, *, at: datetime, uid: str = "msg-1") -> dict[str, str]:
    """As the Standard Webhooks specification has it."""
    stamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return {
        "webhook-id": uid,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + _mac(key, f"{uid}.{stamp}.".encode() + body),
    }


def by_woocommerce(
    secret: str, body: bytes, *, topic: str = "order.created", uid: str = "36e520eb"
) -> dict[str, str]:
    return {
        "x-wc-webhook-topic": topic,
        "x-wc-webhook-delivery-id": uid,
        "x-wc-webhook-signature": _mac(secret.encode(), body),
    }


def by_shopify(
    secret: str, body: bytes, *, topic: str = "orders/create", uid: str = "b39d2c2f"
) -> dict[str, str]:
    return {
        "x-shopify-topic": topic,
        "x-shopify-webhook-id": uid,
        "x-shopify-hmac-sha256": _mac(secret.encode(), body),
    }


def own_order(number: str = "T-1", *, sku: str = "MILK", **more: Any) -> dict[str, Any]:
    return {
        "order_number": number,
        "placed_at": "2026-08-01T11:00:00+08:00",
        "buyer_name": "张三",
        "buyer_id_number": "360426199101010071",
        "buyer_telephone": "13800000000",
        "consignee_address": "浙江省杭州市西湖区示例路 1 号",
        "lines": [{"sku": sku, "quantity": 1, "unit_price_minor": 19_900}],
        **more,
    }


def woocommerce_order(number: str = "727", **more: Any) -> dict[str, Any]:
    """The fields that matter of an order as its REST API, version 3, documents it."""
    return {
        "id": 727,
        "number": number,
        "status": "processing",
        "currency": "CNY",
        "date_created": "2026-08-01T11:00:00",
        "date_created_gmt": "2026-08-01T03:00:00",
        "prices_include_tax": False,
        "discount_total": "0.00",
        "shipping_total": "12.00",
        "billing": {
            "first_name": "三",
            "last_name": "张",
            "address_1": "示例路 9 号",
            "city": "上海市",
            "state": "CN10",
            "country": "CN",
            "phone": "13800000000",
        },
        "shipping": {
            "first_name": "四",
            "last_name": "李",
            "address_1": "西湖区示例路 1 号",
            "address_2": "2 单元",
            "city": "杭州市",
            "state": "CN12",
            "country": "CN",
        },
        "meta_data": [{"id": 13106, "key": "_buyer_id_number", "value": "360426199101010071"}],
        "line_items": [
            {
                "id": 315,
                "name": "Milk powder",
                "sku": "MILK",
                "quantity": 3,
                "subtotal": "600.00",
                "total": "500.00",
                "total_tax": "0.00",
                "price": 166.66666666666666,
            }
        ],
        "fee_lines": [],
        **more,
    }


def shopify_order(number: str = "#1001", **more: Any) -> dict[str, Any]:
    return {
        "id": 820982911946154508,
        "name": number,
        "created_at": "2026-08-01T11:00:00+08:00",
        "cancelled_at": None,
        "currency": "CNY",
        "financial_status": "paid",
        "taxes_included": True,
        "note_attributes": [{"name": "buyer_id_number", "value": "360426199101010071"}],
        "billing_address": {"first_name": "三", "last_name": "张"},
        "shipping_address": {
            "first_name": "四",
            "last_name": "李",
            "address1": "西湖区示例路 1 号",
            "address2": None,
            "city": "杭州市",
            "province": "浙江省",
            "country_code": "CN",
            "phone": "138 0000 0000",
        },
        "line_items": [
            {
                "sku": "MILK",
                "quantity": 2,
                "price": "218.20",
                "discount_allocations": [{"amount": "20.00"}],
                "tax_lines": [{"title": "CBEC", "price": "16.40"}],
            }
        ],
        "shipping_lines": [{"price": "12.00", "tax_lines": []}],
        **more,
    }


def as_json(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode()
