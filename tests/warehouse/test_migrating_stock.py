"""Stock of the shape before the ledger of double entry comes through its migration to the unit.

The statements of the migration run on temporary tables that bear the real names, with the columns
of both shapes: a whole database migrated from its beginning would take a minute.
"""

from __future__ import annotations

from importlib import import_module

import pytest
from django.db.migrations import RunSQL

from tests import database

_BOTH_SHAPES = """
CREATE TEMP TABLE accounts_company (id bigint, code text);
CREATE TEMP TABLE warehouse_bondedwarehouse (id bigint, code text);
CREATE TEMP TABLE warehouse_location (
    id bigserial, warehouse_id bigint, code text, zone text, UNIQUE (warehouse_id, code));
CREATE TEMP TABLE warehouse_lot (id bigint, warehouse_id bigint);
CREATE TEMP TABLE warehouse_receipt (number text, received_by_id bigint);
CREATE TEMP TABLE warehouse_holding (id bigserial, lot_id bigint, owner_id bigint,
    keeper_id bigint, on_hand integer CHECK (on_hand >= 0), status text, location_id bigint,
    UNIQUE (lot_id, owner_id, location_id, status));
CREATE TEMP TABLE warehouse_retailorder (id bigint, number text, state text);
CREATE TEMP TABLE warehouse_retailorderline (id bigint, order_id bigint);
CREATE TEMP TABLE warehouse_pick (id bigint, line_id bigint, seller_id bigint, lot_id bigint,
    quantity integer);
CREATE TEMP TABLE warehouse_reservation (id bigserial, line_id bigint, seller_id bigint,
    holding_id bigint, quantity integer, state text);
CREATE TEMP TABLE warehouse_stockposting (id bigserial, key text UNIQUE, kind text, document text,
    owner_id bigint, keeper_id bigint, moved_at timestamptz, booked_at timestamptz,
    booked_by_id bigint);
CREATE TEMP TABLE warehouse_stockmovement (id bigserial, key text, posting_id bigint, account text,
    lot_id bigint, owner_id bigint, keeper_id bigint, location_id bigint, status text,
    quantity integer CHECK (quantity <> 0), kind text, document text, moved_at timestamptz,
    booked_at timestamptz);
"""
# Ten units came, seven of anna's (1), three of ben's (2); of hers two are picked for one order,
# and three were for another, which was cancelled. One house (8) keeps nothing.
_BEFORE = """
INSERT INTO warehouse_bondedwarehouse VALUES (7, 'NGB01'), (8, 'NGB02');
INSERT INTO warehouse_lot VALUES (10, 7);
INSERT INTO warehouse_receipt VALUES ('GRN-1', 99);
INSERT INTO warehouse_holding (lot_id, owner_id, keeper_id, on_hand)
VALUES (10, 1, 3, 5), (10, 2, 3, 3);
INSERT INTO warehouse_retailorder VALUES (21, 'RO-1', 'allocated'), (22, 'RO-2', 'cancelled');
INSERT INTO warehouse_retailorderline VALUES (31, 21), (32, 22);
INSERT INTO warehouse_pick VALUES (41, 31, 1, 10, 2), (42, 32, 1, 10, 3);
INSERT INTO warehouse_stockmovement
    (key, kind, owner_id, quantity, document, lot_id, keeper_id, moved_at, booked_at)
SELECT key, kind, owner_id, quantity, document, 10, 3, '2026-07-25', '2026-07-25' FROM (VALUES
    ('receive:GRN-1:anna', 'received', 1, 7, 'GRN-1'),
    ('receive:GRN-1:ben', 'received', 2, 3, 'GRN-1'),
    ('pick:RO-1', 'picked', 1, -2, 'RO-1'),
    ('pick:RO-2', 'picked', 1, -3, 'RO-2'),
    ('return:RO-2', 'returned', 1, 3, 'RO-2')
) AS told (key, kind, owner_id, quantity, document);
"""


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_old_stock_becomes_postings_holdings_and_reservations(
    as_owner: database.Connection,
) -> None:
    migration = import_module("warehouse.migrations.0014_stock_ledger").Migration
    steps = [str(one.sql) for one in migration.operations if isinstance(one, RunSQL)]
    assert len(steps) == 4
    with as_owner.transaction(force_rollback=True):
        as_owner.execute(_BOTH_SHAPES + _BEFORE)
        for step in steps:
            as_owner.execute(step)

        def rows(statement: str) -> list[tuple[object, ...]]:
            return as_owner.execute(statement).fetchall()

        assert rows("SELECT warehouse_id, code, zone FROM warehouse_location ORDER BY 1") == [
            (7, "GATE", "gate"),
            (8, "GATE", "gate"),
        ]
        assert rows(
            "SELECT owner_id, held.status, on_hand, gate.warehouse_id"
            " FROM warehouse_holding AS held"
            " JOIN warehouse_location AS gate ON gate.id = held.location_id ORDER BY 1, 2"
        ) == [(1, "available", 5, 7), (1, "reserved", 2, 7), (2, "available", 3, 7)]
        assert rows(
            "SELECT line_id, seller_id, part.quantity, state, held.status"
            " FROM warehouse_reservation AS part"
            " JOIN warehouse_holding AS held ON held.id = part.holding_id ORDER BY 1"
        ) == [(31, 1, 2, "held", "reserved"), (32, 1, 3, "returned", "reserved")]
        assert rows(
            "SELECT posting.key, posting.kind, account, leg.status, quantity, booked_by_id"
            " FROM warehouse_stockmovement AS leg"
            " JOIN warehouse_stockposting AS posting ON posting.id = leg.posting_id ORDER BY leg.id"
        ) == [
            ("receive:GRN-1:anna", "received", "stock", "available", 7, 99),
            ("receive:GRN-1:anna", "received", "supplier", "", -7, 99),
            ("receive:GRN-1:ben", "received", "stock", "available", 3, 99),
            ("receive:GRN-1:ben", "received", "supplier", "", -3, 99),
            ("pick:RO-1", "reserved", "stock", "available", -2, None),
            ("pick:RO-1", "reserved", "stock", "reserved", 2, None),
            ("pick:RO-2", "reserved", "stock", "available", -3, None),
            ("pick:RO-2", "reserved", "stock", "reserved", 3, None),
            ("return:RO-2", "returned", "stock", "available", 3, None),
            ("return:RO-2", "returned", "stock", "reserved", -3, None),
        ]
        # What lies there is what its legs come to, and what is reserved is what orders hold.
        assert (
            rows(
                "SELECT owner_id, status, on_hand FROM warehouse_holding EXCEPT"
                " SELECT owner_id, status, sum(quantity) FROM warehouse_stockmovement"
                " WHERE account = 'stock' GROUP BY 1, 2"
            )
            == []
        )
