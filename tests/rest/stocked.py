"""What sellers' programs ask of their stock in bond."""

from __future__ import annotations

from tests.rest.call import Call

SELLER = "seller"

OF_STOCK: dict[str, Call] = {
    "list_stock": Call("GET", "stock", (SELLER,)),
    "list_movements": Call("GET", "stock/movements", (SELLER,)),
    "list_arrivals": Call("GET", "stock/arrivals", (SELLER,)),
    "get_damage_picture": Call("GET", "stock/pictures/{picture}.jpg", (SELLER,), is_owned=True),
    "list_ageing": Call("GET", "stock/ageing", (SELLER,)),
    "list_transfers": Call("GET", "stock/transfers", (SELLER,)),
    "get_transfer": Call("GET", "stock/transfers/{transfer}", (SELLER,), is_owned=True),
    "create_transfer": Call(
        "POST",
        "stock/transfers",
        (SELLER,),
        lambda world: {
            "lot": world.lot.number,
            "taker": "PARTNER-S",
            "units": 1,
            "price_minor": 100,
            "valid_until": "2026-11-20",
        },
    ),
    "accept_transfer": Call("POST", "stock/transfers/{transfer}/accept", (SELLER,), is_owned=True),
    "refuse_transfer": Call("POST", "stock/transfers/{transfer}/refuse", (SELLER,), is_owned=True),
    "withdraw_transfer": Call(
        "POST", "stock/transfers/{transfer}/withdraw", (SELLER,), is_owned=True
    ),
}
