"""Stock is kept by place and status, and its movements become a ledger of double entry.

What was picked for consumers' orders is reserved from now on: it still lies in the warehouse.
Every movement becomes a posting of two legs that sum to zero, every pick a reservation.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

#: Each warehouse has a gate, and all that was received lies there.
_PLACES = """
INSERT INTO warehouse_location (warehouse_id, code, zone)
SELECT id, 'GATE', 'gate' FROM warehouse_bondedwarehouse ORDER BY id;
UPDATE warehouse_holding AS held SET status = 'available', location_id = gate.id
FROM warehouse_lot AS lot JOIN warehouse_location AS gate USING (warehouse_id)
WHERE lot.id = held.lot_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
#: What was picked and not returned is reserved, in a holding of its own beside the free one.
_RESERVED = """
INSERT INTO warehouse_holding (lot_id, owner_id, keeper_id, location_id, status, on_hand)
SELECT moved.lot_id, moved.owner_id, moved.keeper_id, gate.id, 'reserved', -sum(moved.quantity)
FROM warehouse_stockmovement AS moved
JOIN warehouse_lot AS lot ON lot.id = moved.lot_id
JOIN warehouse_location AS gate USING (warehouse_id)
WHERE moved.kind IN ('picked', 'returned')
GROUP BY moved.lot_id, moved.owner_id, moved.keeper_id, gate.id
ORDER BY moved.lot_id, moved.owner_id;
INSERT INTO warehouse_reservation (line_id, seller_id, holding_id, quantity, state)
SELECT picked.line_id, picked.seller_id, held.id, picked.quantity,
    CASE WHEN orders.state = 'cancelled' THEN 'returned' ELSE 'held' END
FROM warehouse_pick AS picked
JOIN warehouse_retailorderline AS line ON line.id = picked.line_id
JOIN warehouse_retailorder AS orders ON orders.id = line.order_id
JOIN warehouse_holding AS held ON held.lot_id = picked.lot_id
    AND held.owner_id = picked.seller_id AND held.status = 'reserved'
ORDER BY picked.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_POSTINGS = """
INSERT INTO warehouse_stockposting
    (key, kind, document, owner_id, keeper_id, moved_at, booked_at, booked_by_id)
SELECT moved.key, CASE moved.kind WHEN 'picked' THEN 'reserved' ELSE moved.kind END,
    moved.document, moved.owner_id, moved.keeper_id, moved.moved_at, moved.booked_at,
    counted.received_by_id
FROM warehouse_stockmovement AS moved
LEFT JOIN warehouse_receipt AS counted
    ON moved.kind = 'received' AND counted.number = moved.document
ORDER BY moved.id;
CREATE TEMP TABLE warehouse_moved_before ON COMMIT DROP AS
SELECT moved.id, posting.id AS posting_id, moved.lot_id, moved.owner_id, moved.keeper_id,
    gate.id AS location_id, moved.quantity, posting.kind, moved.document, moved.moved_at
FROM warehouse_stockmovement AS moved
JOIN warehouse_stockposting AS posting USING (key)
JOIN warehouse_lot AS lot ON lot.id = moved.lot_id
JOIN warehouse_location AS gate USING (warehouse_id);
SET CONSTRAINTS ALL IMMEDIATE;
TRUNCATE warehouse_stockmovement;
"""
#: In the order in which they were booked: what was free became more or less, and its other side.
_LEGS = """
INSERT INTO warehouse_stockmovement (posting_id, account, lot_id, owner_id, keeper_id,
    location_id, status, quantity, kind, document, moved_at)
SELECT moved.posting_id,
    CASE WHEN side = 2 AND moved.kind = 'received' THEN 'supplier' ELSE 'stock' END,
    moved.lot_id, moved.owner_id, moved.keeper_id,
    CASE WHEN side = 2 AND moved.kind = 'received' THEN NULL ELSE moved.location_id END,
    CASE WHEN side = 1 THEN 'available' WHEN moved.kind = 'received' THEN '' ELSE 'reserved' END,
    CASE WHEN side = 1 THEN moved.quantity ELSE -moved.quantity END,
    moved.kind, moved.document, moved.moved_at
FROM warehouse_moved_before AS moved CROSS JOIN generate_series(1, 2) AS side
ORDER BY moved.id, side;
SET CONSTRAINTS ALL IMMEDIATE;
"""


_STATUSES = [
    ("in_transit", "on the way"),
    ("quarantine", "in quarantine"),
    ("available", "available"),
    ("reserved", "reserved"),
    ("released", "released by customs"),
    ("picked", "picked"),
    ("damaged", "damaged"),
    ("expired", "expired"),
    ("recalled", "recalled"),
]
_ACCOUNTS = [
    ("stock", "stock"),
    ("supplier", "supplier"),
    ("consumer", "consumer"),
    ("adjustment", "adjustment"),
    ("destroyed", "destroyed"),
    ("owners", "another owner"),
]
_KINDS = [
    ("received", "received"),
    ("reserved", "reserved"),
    ("returned", "returned"),
    ("changed", "status changed"),
    ("moved", "moved"),
    ("counted", "counted"),
    ("destroyed", "destroyed"),
    ("shipped", "handed over"),
    ("transferred", "changed its owner"),
]
_ZONES = [
    ("gate", "gate"),
    ("storage", "storage"),
    ("picking", "picking"),
    ("quarantine", "quarantine zone"),
]


def _key(to: str, *, own: str = "+", **more: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=own, to=to, **more
    )


def _id() -> models.BigAutoField[Any, Any]:
    return models.BigAutoField(
        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
    )


def _index(fields: list[str], name: str, *, where: str = "stock", **more: Any) -> models.Index:
    conditions = {
        "stock": models.Q(account="stock"),
        "there": models.Q(on_hand__gt=0),
    }
    return models.Index(fields=fields, name=name, condition=conditions[where], **more)


_OF_THE_LOT = ("product", "warehouse", "received_at", "expires_on")
_HELD = ("status", "keeper", *_OF_THE_LOT)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0013_history_of_receipts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Location",
            fields=[
                ("id", _id()),
                ("code", models.CharField(max_length=32)),
                ("zone", models.CharField(choices=_ZONES, max_length=10)),
                (
                    "warehouse",
                    _key("warehouse.bondedwarehouse", own="locations", db_index=False),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("warehouse", "code"), name="a_place_has_a_code_of_its_own"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="StockPosting",
            fields=[
                ("id", _id()),
                ("key", models.CharField(max_length=96, unique=True)),
                ("kind", models.CharField(choices=_KINDS, max_length=11)),
                ("document", models.CharField(max_length=64)),
                ("owner", _key("accounts.company")),
                ("keeper", _key("accounts.company")),
                ("moved_at", models.DateTimeField()),
                ("booked_at", models.DateTimeField()),
                ("booked_by", _key(settings.AUTH_USER_MODEL, db_index=False, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reservation",
            fields=[
                ("id", _id()),
                ("line", _key("warehouse.retailorderline", own="reservations")),
                ("seller", _key("accounts.company")),
                ("holding", _key("warehouse.holding", own="reservations", db_index=False)),
                ("quantity", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("returned", "returned")],
                        default="held",
                        max_length=10,
                    ),
                ),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(state="held"),
                        fields=["holding"],
                        include=("quantity",),
                        name="reservation_held",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "holding"), name="one_reservation_per_line_and_holding"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(quantity__gt=0), name="a_reservation_holds_something"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint("holding", "one_holding_per_lot_and_owner"),
        migrations.RemoveIndex("holding", "holding_with_stock"),
        migrations.RemoveIndex("holding", "holding_of_owner"),
        migrations.RemoveIndex("holding", "holding_of_product"),
        migrations.AddField(
            "holding", "status", models.CharField(choices=_STATUSES, max_length=10, null=True)
        ),
        migrations.AddField(
            "holding",
            "location",
            _key("warehouse.location", own="holdings", db_index=False, null=True),
        ),
        migrations.RunSQL(_PLACES),
        migrations.RunSQL(_RESERVED),
        migrations.AlterField(
            "holding", "status", models.CharField(choices=_STATUSES, max_length=10)
        ),
        migrations.AlterField(
            "holding", "location", _key("warehouse.location", own="holdings", db_index=False)
        ),
        migrations.AlterField(
            "holding", "lot", _key("warehouse.lot", own="holdings", db_index=False)
        ),
        migrations.AlterField(
            "holding", "owner", _key("accounts.company", own="holdings", db_index=False)
        ),
        migrations.AddConstraint(
            "holding",
            models.UniqueConstraint(
                fields=("lot", "owner", "location", "status"),
                name="one_holding_per_lot_owner_place_and_status",
            ),
        ),
        migrations.AddIndex(
            "holding",
            _index(
                ["lot"],
                "holding_with_stock",
                where="there",
                include=("owner", "on_hand", *_HELD),
            ),
        ),
        migrations.AddIndex(
            "holding",
            _index(
                ["owner", "lot"], "holding_of_owner", where="there", include=("on_hand", *_HELD)
            ),
        ),
        migrations.AddIndex(
            "holding",
            _index(
                ["product", "id"],
                "holding_of_product",
                where="there",
                include=("owner", "keeper", "on_hand", "status"),
            ),
        ),
        migrations.DeleteModel("Pick"),
        *(
            migrations.RemoveIndex("stockmovement", f"movement_{name}")
            for name in (
                *("of_kind", "by_time", "of_owner", "of_lot", "of_keeper"),
                "of_owner_by_kind",
            )
        ),
        migrations.RunSQL(_POSTINGS),
        migrations.RemoveField("stockmovement", "booked_at"),
        migrations.RemoveField("stockmovement", "key"),
        # The table is empty now: what stood in it waits in a table of this transaction.
        migrations.AddField(
            "stockmovement",
            "posting",
            _key("warehouse.stockposting", own="legs", default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            "stockmovement",
            "account",
            models.CharField(choices=_ACCOUNTS, default="stock", max_length=10),
            preserve_default=False,
        ),
        migrations.AddField(
            "stockmovement",
            "location",
            _key("warehouse.location", db_index=False, null=True),
        ),
        migrations.AddField(
            "stockmovement",
            "status",
            models.CharField(blank=True, choices=_STATUSES, max_length=10),
        ),
        migrations.AlterField(
            "stockmovement", "kind", models.CharField(choices=_KINDS, max_length=11)
        ),
        migrations.RunSQL(_LEGS),
        migrations.AddIndex(
            "stockmovement",
            _index(
                ["owner", "id"],
                "movement_of_owner",
                include=("lot", "quantity", "keeper", "status"),
            ),
        ),
        migrations.AddIndex(
            "stockmovement",
            _index(["keeper", "id"], "movement_of_keeper", include=("owner", "quantity")),
        ),
        migrations.AddIndex(
            "stockmovement",
            _index(["lot", "id"], "movement_of_lot", include=("owner", "quantity", "keeper")),
        ),
        migrations.AddIndex("stockmovement", _index(["kind", "id"], "movement_of_kind")),
        migrations.AddIndex(
            "stockmovement",
            _index(
                ["owner", "kind", "id"],
                "movement_of_owner_by_kind",
                include=("quantity", "keeper"),
            ),
        ),
        migrations.AddIndex("stockmovement", _index(["moved_at", "id"], "movement_by_time")),
        migrations.AddConstraint(
            "stockmovement",
            models.CheckConstraint(
                condition=models.Q(account="stock", location__isnull=False) & ~models.Q(status="")
                | ~models.Q(account="stock") & models.Q(location__isnull=True, status=""),
                name="stock_lies_somewhere_in_some_status",
            ),
        ),
    ]
