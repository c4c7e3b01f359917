"""What programs of a warehouse, or of its carriers, ask: manifests, tracking numbers, events."""

from __future__ import annotations

from tests.rest.call import Call

WAREHOUSE = "warehouse"
PICKED_UP = {
    "parcel": "CANARYTRACK1",
    "kind": "in_transit",
    "happened_at": "2026-08-03T10:00:00+08:00",
}
TRACKED = {"parcel": "PC-2026-000001", "tracking_number": "CANARYTRACK1"}

KEPT: dict[str, Call] = {
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
