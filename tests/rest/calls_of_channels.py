"""The operations of a seller's channels."""

from __future__ import annotations

from tests.rest.call import Call

SELLER = "seller"
SHOP = {"name": "woo", "kind": "woocommerce"}

CHANNELS: dict[str, Call] = {
    "list_channels": Call("GET", "channels", (SELLER,)),
    "create_channel": Call("POST", "channels", (SELLER,), lambda world: SHOP),
    "get_channel": Call("GET", "channels/{channel}", (SELLER,), is_owned=True),
    "change_channel": Call(
        "PUT",
        "channels/{channel}",
        (SELLER,),
        lambda world: {"buyer_id_field": "id_card"},
        is_owned=True,
    ),
    "enable_channel": Call("POST", "channels/{channel}/enable", (SELLER,), is_owned=True),
    "disable_channel": Call("POST", "channels/{channel}/disable", (SELLER,), is_owned=True),
    "rotate_channel": Call(
        "POST",
        "channels/{channel}/secret",
        (SELLER,),
        lambda world: {"secret": ""},
        is_owned=True,
    ),
    "list_channel_deliveries": Call(
        "GET", "channels/{channel}/deliveries", (SELLER,), is_owned=True
    ),
    "get_channel_delivery": Call("GET", "channel-deliveries/{came}", (SELLER,), is_owned=True),
    "retry_channel_delivery": Call(
        "POST", "channel-deliveries/{came}/retry", (SELLER,), is_owned=True
    ),
}
