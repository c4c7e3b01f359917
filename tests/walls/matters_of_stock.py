"""Open matters of the warehouse: what is counted, listed, picked, packed and handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.walls import platform_wide
from customs.models import RetailList
from customs.services import draw_retail_lists
from tests.factories.warehouse import an_incoming_order
from tests.walls.forms import Form
from tests.walls.world import SELLS, SETTLES, World
from tests.warehouse.leaving import LEAVES, packed, picked, released, serials_for
from warehouse.models import CountLine, Holding, Parcel, RetailOrder
from warehouse.queries.serving import list_of_wave
from warehouse.services import (
    accept_orders,
    confirm_wave,
    enter_count,
    make_places,
    make_wave,
    start_count,
)

NOW = SETTLES + timedelta(hours=1)
#: A shelf where nothing lies yet.
SHELF = "A-01-01"
#: The seller's order that waits for the authority.
LISTED = "T-20"


@dataclass(frozen=True)
class Page:
    """A page that shows forms: who opens it, where, and what is sent to get it."""

    person: str
    path: str
    sent: Mapping[str, Any] | None = None
    #: What the person did in the session before: addresses, and what was sent there if anything.
    before: Sequence[tuple[str, Mapping[str, Any] | None]] = ()


def of_stock(world: World) -> Iterator[Page]:
    yield from _of_counts(world)
    yield from _of_lists(world)
    yield from _of_leaving(world)


def _of_counts(world: World) -> Iterator[Page]:
    yield Page("warehouse", f"/warehouse/counts/{world.stock_count.number}/")
    house = world.lot.warehouse
    decided = start_count(
        house=house,
        keeper=house.operator,
        subject="MILK",
        freezes=False,
        started_by=world.people["warehouse"],
        now=NOW,
    )
    lines = CountLine.objects.filter(count=decided)
    there = Holding.objects.filter(lot=world.lot).values_list("on_hand", flat=True)
    enter_count(
        count=decided,
        keeper=house.operator,
        units={one.pk: sum(there) - 7 for one in lines},
        counted_by=world.people["warehouse"],
        now=NOW,
    )
    yield Page("operator", f"/warehouse/counts/{decided.number}/")


def _of_lists(world: World) -> Iterator[Page]:
    accept_orders(seller=world.seller, orders=[an_incoming_order("MILK", number=LISTED)], now=SELLS)
    draw_retail_lists(now=SELLS)
    drawn = RetailList.objects.get(order__channel_order_number=LISTED)
    yield Page("operator", f"/retail-lists/{drawn.number}/")


def _of_leaving(world: World) -> Iterator[Page]:
    """An order at each step from the shelf to the carrier, and one of which a unit is missing."""
    clerk, house = world.people["warehouse"], world.lot.warehouse
    make_places(house=house, first=SHELF, last="", zone="storage")
    handed, heavy, short, listed, _waits = released(world.seller, world.lot.product, [1] * 5)
    picked([handed], clerk)
    packed([handed], clerk)
    picked([heavy], clerk)
    wave = make_wave(house=house, numbers=[short.number], made_by=clerk, now=LEAVES)
    missing = {line.spot: 0 for line in list_of_wave(wave)}
    confirm_wave(wave=wave, found=missing, confirmed_by=clerk, now=LEAVES)
    wave = make_wave(house=house, numbers=[listed.number], made_by=clerk, now=LEAVES)
    yield Page("warehouse", f"/warehouse/waves/{wave.number}/")


def sent_of_stock(form: Form, world: World) -> dict[str, Any]:
    """What people would write of goods and orders that only the world's rows tell."""
    with platform_wide():
        if form.route == "warehouse/holds/":
            return {"number": RetailOrder.objects.get(channel_order_number=LISTED).number}
        if form.route == "buyers/erase/":
            return {"number": world.retail_order.number}
        if form.route == "warehouse/move/":
            return {"lot": world.lot.number, "origin": "GATE", "destination": SHELF}
        if form.route == "warehouse/packing/":
            order = RetailOrder.objects.get(state="picked")
            return {
                "order": order.number,
                "weights": str(world.lot.product.gross_weight_g),
                "serials": "\n".join(serials_for(order)),
            }
        if form.route == "claims/<str:number>/" and "amount" in form.fields:
            return {"amount": "0", "reason": "CANARY"}
        if form.route == "warehouse/lots/<str:number>/serials/":
            return {"serial": "CANARY-7921", "act": "corrected", "right": "CANARY-7999"}
        if form.route == "warehouse/pallets/new/":
            return {next(name for name in form.fields if name.startswith("units_")): "1"}
        if form.route.startswith("warehouse/hand-overs/<str:number>/"):
            parcel = Parcel.objects.get(handed__hand_over=world.sent.hand_over).number
            when = (LEAVES + timedelta(hours=3)).isoformat()
            told = {
                "tracking": f"parcel,tracking_number\n{parcel},CANARYTRACK1\n",
                "events": f"parcel,kind,happened_at\n{parcel},in_transit,{when}\n",
            }
            return {"file": told[form.route.split("/")[3]].encode()}
    return {}
