"""What programs of a warehouse, or of its carriers, ask for."""

from __future__ import annotations

from core.walls import platform_wide
from tests.rest.call import Call
from tests.walls.world import World
from warehouse.models import CountLine

WAREHOUSE = "warehouse"
PICKED_UP = {
    "parcel": "CANARYTRACK1",
    "kind": "in_transit",
    "happened_at": "2026-08-03T10:00:00+08:00",
}
TRACKED = {"parcel": "PC-2026-000001", "tracking_number": "CANARYTRACK1"}


def entries(world: World) -> list[dict[str, int]]:
    """As if one unit of each line had been found."""
    with platform_wide():
        lines = CountLine.objects.filter(count=world.stock_count)
        return [{"line": line.pk, "units": 1} for line in lines]


GOODS = {"status": "available", "place": "GATE", "units": 1}

KEPT: dict[str, Call] = {
    "list_waves": Call("GET", "waves", (WAREHOUSE,)),
    "get_wave": Call("GET", "waves/{wave}", (WAREHOUSE,), is_owned=True),
    "create_wave": Call(
        "POST",
        "waves",
        (WAREHOUSE,),
        lambda world: {"warehouse": world.lot.warehouse.code, "most": 1},
        is_owned=True,
    ),
    "confirm_wave": Call(
        "POST", "waves/{wave}/confirm", (WAREHOUSE,), lambda world: {"found": []}, is_owned=True
    ),
    "get_packing": Call("GET", "packing", (WAREHOUSE,)),
    "list_parcels": Call("GET", "parcels", (WAREHOUSE,)),
    "create_parcels": Call(
        "POST",
        "parcels",
        (WAREHOUSE,),
        lambda world: {
            "warehouse": world.lot.warehouse.code,
            "order": world.retail_order.number,
            "parcels": [{"weight_g": 1000}],
        },
        is_owned=True,
    ),
    "list_counts": Call("GET", "counts", (WAREHOUSE,)),
    "get_count": Call("GET", "counts/{count}", (WAREHOUSE,), is_owned=True),
    "create_count": Call(
        "POST",
        "counts",
        (WAREHOUSE,),
        lambda world: {"warehouse": world.lot.warehouse.code, "subject": world.lot.number},
        is_owned=True,
    ),
    "enter_count": Call(
        "POST",
        "counts/{count}/entries",
        (WAREHOUSE,),
        lambda world: {"lines": entries(world)},
        is_owned=True,
    ),
    "call_off_count": Call("POST", "counts/{count}/call-off", (WAREHOUSE,), is_owned=True),
    "get_receipt": Call("GET", "receipts/{receipt}", (WAREHOUSE,), is_owned=True),
    "get_shipment_pictures": Call(
        "GET", "shipments/{shipment}/pictures", (WAREHOUSE,), is_owned=True
    ),
    "add_shipment_pictures": Call(
        "POST", "shipments/{shipment}/pictures", (WAREHOUSE,), is_owned=True, is_file=True
    ),
    "get_picture": Call("GET", "pictures/{picture}.jpg", (WAREHOUSE,), is_owned=True),
    "get_small_picture": Call("GET", "pictures/{picture}/small.jpg", (WAREHOUSE,), is_owned=True),
    "withdraw_picture": Call(
        "POST",
        "pictures/{picture}/withdrawal",
        (WAREHOUSE,),
        lambda world: {"reason": "a wrong one"},
        is_owned=True,
    ),
    "list_pallets": Call("GET", "pallets", (WAREHOUSE,)),
    "get_pallet": Call("GET", "pallets/{pallet}", (WAREHOUSE,), is_owned=True),
    "create_pallet": Call(
        "POST",
        "pallets",
        (WAREHOUSE,),
        lambda world: {
            "warehouse": world.lot.warehouse.code,
            "place": "GATE",
            "goods": [GOODS | {"lot": world.lot.number}],
        },
        is_owned=True,
    ),
    "move_pallet": Call(
        "POST",
        "pallets/{pallet}/move",
        (WAREHOUSE,),
        lambda world: {"place": "CANARY-9"},
        is_owned=True,
    ),
    "create_serial_change": Call(
        "POST",
        "serial-changes",
        (WAREHOUSE,),
        lambda world: {
            "lot": world.lot.number,
            "serial": "CANARY-7921",
            "act": "corrected",
            "right": "CANARY-7999",
            "reason": "CANARY",
        },
        is_owned=True,
    ),
    "list_asked_filings": Call("GET", "book-filings/asked", (WAREHOUSE,)),
    "answer_filing": Call(
        "POST",
        "book-filings/{filing}/answer",
        (WAREHOUSE,),
        lambda world: {"item": 80},
        is_owned=True,
    ),
    "list_hand_overs": Call("GET", "hand-overs", (WAREHOUSE,)),
    "get_hand_over": Call("GET", "hand-overs/{hand_over}", (WAREHOUSE,), is_owned=True),
    "create_tracking_numbers": Call(
        "POST",
        "hand-overs/{hand_over}/tracking-numbers",
        (WAREHOUSE,),
        lambda world: {"parcels": [TRACKED]},
        is_owned=True,
    ),
    "create_parcel_events": Call(
        "POST",
        "parcel-events",
        (WAREHOUSE,),
        lambda world: {"carrier": "CANARY-C", "events": [PICKED_UP]},
        is_owned=True,
    ),
}


def kept_in(world: World) -> dict[str, str]:
    """What the places of these paths are filled with."""
    return {
        "hand_over": world.sent.hand_over.number,
        "wave": world.sent.wave.number,
        "count": world.stock_count.number,
        "pallet": world.pallet.sscc,
        "receipt": world.receipt.number,
        "picture": str(world.picture.pk),
        "filing": world.filing.number,
    }
