"""Consumers' orders on their way out: waves, parcels, hand-overs."""

from __future__ import annotations

from demo.crowd.rows import Rows

#: How many orders that came one after the other are picked together.
_TOGETHER = 1000
#: Which thousand an order is of, and who keeps its goods.
BLOCK = f"o.id / {_TOGETHER}"
KEEPER = f"11 + {BLOCK} % 2"
#: Of what is released, half waits in a wave and the rest for one.
_WAVED = (
    "(o.state = 'released' AND o.id % 86 = 4 OR o.state IN ('picked', 'packed', 'handed_over'))"
)
_IN_PARCELS = "o.state IN ('packed', 'handed_over')"
_PARCELS = "warehouse_parcel p JOIN warehouse_retailorder o ON o.id = p.order_id"


class Leaving(Rows):
    """Every thousand orders have an open wave, a picked one and a hand-over."""

    def waves(self) -> None:
        at = "max(o.accepted_at) + interval '1 day'"
        # Two of each thousand: the odd ones are picked, the even ones are to be.
        wave = f"{BLOCK} * 2 + 1 + (o.state = 'released')::int"
        self._insert(
            "warehouse.PickWave",
            f"(SELECT {wave} AS id, {KEEPER} AS keeper, count(*) AS orders, {at} AS at, "  # noqa: S608 - our own text
            "bool_and(o.state = 'released') AS is_open FROM warehouse_retailorder o "
            f"WHERE {_WAVED} GROUP BY 1, 2) AS wave",
            id="id",
            number="'PW-2026-' || lpad(id::text, 6, '0')",
            warehouse_id="keeper - 10",
            keeper_id="keeper",
            state="CASE WHEN is_open THEN 'open' ELSE 'picked' END",
            orders="orders",
            units="orders * 2",
            made_at="at",
            made_by_id="3",
            picked_at="CASE WHEN NOT is_open THEN at + interval '2 hours' END",
            picked_by_id="CASE WHEN NOT is_open THEN 3 END",
        )
        self._insert(
            "warehouse.PickWaveOrder",
            f"warehouse_retailorder o WHERE {_WAVED}",
            wave_id=wave,
            seller_id="o.seller_id",
            keeper_id=KEEPER,
            order_id="o.id",
            order_number="o.number",
            outcome="CASE WHEN o.state = 'released' THEN 'open' ELSE 'picked' END",
        )

    def parcels(self) -> None:
        self._insert(
            "warehouse.Parcel",
            f"warehouse_retailorder o WHERE {_IN_PARCELS}",
            id="o.id",
            number="'PA-2026-' || lpad(o.id::text, 7, '0')",
            order_id="o.id",
            order_number="o.number",
            seller_id="o.seller_id",
            keeper_id=KEEPER,
            warehouse_id=f"{KEEPER} - 10",
            weight_g="1200 + o.id % 800",
            package="'box'",
            packed_at="o.accepted_at + interval '30 hours'",
            packed_by_id="3",
        )

    def hand_overs(self) -> None:
        self._insert(
            "warehouse.Carrier",
            "generate_series(1, 2) n",
            id="n",
            keeper_id="10 + n",
            code="'CARRIER'",
            name="'Parcel carrier ' || n",
        )
        self._insert(
            "warehouse.HandOver",
            f"(SELECT 1 + {BLOCK} AS id, {KEEPER} AS keeper, count(*) AS parcels, "  # noqa: S608 - our own text
            f"sum(p.weight_g) AS weight_g, max(p.packed_at) AS at FROM {_PARCELS} "
            "WHERE o.state = 'handed_over' GROUP BY 1, 2) AS given",
            id="id",
            number="'HO-2026-' || lpad(id::text, 6, '0')",
            carrier_id="keeper - 10",
            warehouse_id="keeper - 10",
            keeper_id="keeper",
            parcels="parcels",
            weight_g="weight_g",
            handed_at="at + interval '2 hours'",
            handed_by_id="3",
        )
        self._insert(
            "warehouse.HandedParcel",
            f"{_PARCELS} WHERE o.state = 'handed_over'",
            hand_over_id=f"1 + {BLOCK}",
            parcel_id="p.id",
            seller_id="p.seller_id",
            keeper_id="p.keeper_id",
            carrier_id="p.keeper_id - 10",
            carrier_name="'Parcel carrier ' || p.keeper_id - 10",
            tracking_number="'TRACK' || p.id",
        )
        self._insert(
            "warehouse.ParcelEvent",
            f"{_PARCELS}, generate_series(0, 1) i WHERE o.state = 'handed_over'",
            parcel_id="p.id",
            seller_id="p.seller_id",
            keeper_id="p.keeper_id",
            kind="(ARRAY['picked_up', 'in_transit'])[1 + i]",
            happened_at="p.packed_at + (4 + i * 10) * interval '1 hour'",
            place="'宁波'",
            told_at="p.packed_at + (5 + i * 10) * interval '1 hour'",
        )
