"""A shop of a seller, and something it sent that was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.models import Company, User
from rest.reading import read_json
from tests.factories.warehouse import SELLS
from tests.warehouse.sending import signed
from warehouse.models import Channel, ChannelDelivery
from warehouse.services import add_channel, keep_delivery, work_deliveries

_ORDER = (
    '{"order_number": "CANARY-T-3", "placed_at": "2026-07-30T10:00:00+08:00",'
    ' "buyer_name": "金丝雀", "buyer_id_number": "360426199101010071",'
    ' "consignee_address": "金丝雀路 1 号",'
    ' "lines": [{"sku": "CANARY-NOT-KNOWN", "quantity": 1, "unit_price_minor": 5000}]}'
)


@dataclass
class Shops:
    channel: Channel
    channel_delivery: ChannelDelivery


def a_shop_that_sent(seller: Company, person: User) -> dict[str, Any]:
    """Its one order names a product that nobody knows."""
    channel, secret = add_channel(
        seller=seller, name="CANARY-SHOP", kind="signed", created_by=person, now=SELLS
    )
    body = _ORDER.encode()
    kept, _is_new = keep_delivery(
        channel=channel,
        heads=signed(secret, body, at=SELLS),
        body=body,
        look=read_json,
        now=SELLS,
    )
    work_deliveries(now=lambda: SELLS)
    kept.refresh_from_db()
    return {"channel": channel, "channel_delivery": kept}
