"""Who asked for an order line, where a seller's wish went, and the order as a file."""

from __future__ import annotations

import json

from core.walls import platform_wide
from procurement import services
from procurement.models import PurchaseOrder
from procurement.queries import meeting, orders
from procurement.services import ShippedLine

from .conftest import AsPerson, Market
from .test_order_lives import WHY, milk_of
from .test_order_lives import order as order
from .test_order_lives import placed as placed
from .test_ordering import TOLD, ship


def test_a_line_tells_who_asked_for_it_and_a_seller_where_its_wish_went(
    market: Market, placed: PurchaseOrder, as_person: AsPerson
) -> None:
    milk = milk_of(placed)
    ship(placed, ShippedLine(order_line_id=milk.pk, quantity=60))
    services.cancel_open(order=placed, lines=[(milk.pk, 12)], reason=WHY, now=TOLD)
    with platform_wide():
        told = {one.owner.code: one for one in meeting.asked(milk)}
        mine = next(
            one for one in orders.my_shares(market.round, market.anna) if one.product.sku == "MILK"
        )

    assert (told["ANNA"].wished, told["BELA"].wished) == (70, 46)
    assert told[market.platform.code].wished is None
    assert sum(one.ordered for one in told.values()) == 120
    assert sum(one.stands for one in told.values()) == 108
    assert sum(one.shipped for one in told.values()) == 60
    assert (mine.wished, mine.quantity, mine.stands) == (70, 70, told["ANNA"].stands)

    page = as_person(market.operator).get(f"/orders/{placed.number}/lines/{milk.position}/")
    assert page.status_code == 200
    assert "ANNA" in page.content.decode()
    assert as_person(market.operator).get(f"/orders/{placed.number}/lines/99/").status_code == 404


def test_the_order_is_a_file_for_the_suppliers_program(
    market: Market, placed: PurchaseOrder, as_person: AsPerson
) -> None:
    client = as_person(market.operator)

    told = json.loads(client.get(f"/orders/{placed.number}/file.json").content)
    rows = client.get(f"/orders/{placed.number}/file.csv").content.decode("utf-8-sig")

    assert (told["format"], told["incoterm"]) == ("bondpool-order-1", "FOB")
    assert told["amount"] == "1105.00"
    milk = next(line for line in told["lines"] if line["sku"] == "MILK")
    assert (milk["packs"], milk["pack_price"], milk["unit_price"]) == (20, "54.00", "9.0000")
    assert rows.splitlines()[0].startswith("order,position,sku")
    assert client.get(f"/orders/{placed.number}/file.xlsx").status_code == 404
