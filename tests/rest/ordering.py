"""What a seller's programs ask of its orders: tax, terms, payment, holds, returns; its stock."""

from __future__ import annotations

from tests.rest.call import Call

SELLER = "seller"

ORDERED: dict[str, Call] = {
    "estimate_tax": Call(
        "POST",
        "customs/tax-estimates",
        (SELLER, "importer", "operator"),
        lambda world: {
            "lines": [{"goods": world.lot.product.sku, "quantity": 1, "unit_price_minor": 5000}]
        },
    ),
    "list_returns": Call("GET", "retail-returns", (SELLER,)),
    "announce_return": Call(
        "POST",
        "retail-orders/{retail}/returns",
        (SELLER,),
        lambda world: {"reason": "Broken", "lines": [{"position": 1, "quantity": 1}]},
        is_owned=True,
    ),
    "get_retail_terms": Call("GET", "retail-terms", (SELLER,)),
    "set_retail_terms": Call(
        "POST",
        "retail-terms",
        (SELLER,),
        lambda world: {"shortage": "back_order", "back_order_days": 14, "may_split": True},
    ),
    "get_shelf_minimums": Call("GET", "shelf-minimums", (SELLER,)),
    "set_shelf_minimum": Call(
        "POST", "shelf-minimums", (SELLER,), lambda world: {"channel": "tmall", "days": 180}
    ),
    "confirm_retail_payment": Call(
        "POST", "retail-orders/{retail}/payment", (SELLER,), is_owned=True
    ),
    "hold_retail_order": Call(
        "POST",
        "retail-orders/{retail}/hold",
        (SELLER,),
        lambda world: {"reason": "The buyer moves"},
        is_owned=True,
    ),
    "free_retail_order": Call("POST", "retail-orders/{retail}/free", (SELLER,), is_owned=True),
    "list_mergeable_orders": Call("GET", "mergeable-retail-orders", (SELLER,)),
    "merge_retail_orders": Call(
        "POST",
        "retail-order-merges",
        (SELLER,),
        lambda world: {
            "orders": [world.retail_order.number, "RO-2026-000002"],
            "order_number": "CANARY-M-1",
            "placed_at": "2026-07-30T10:00:00+08:00",
        },
        is_owned=True,
    ),
    "list_to_sell": Call("GET", "stock/to-sell", (SELLER,)),
    "list_restocking": Call("GET", "stock/restocking", (SELLER,)),
}
