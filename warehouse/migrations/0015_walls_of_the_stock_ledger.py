"""The walls of the ledger of the stock, and what the database itself asks of it.

The legs of a posting are written in one statement, and must balance in it for every lot; as legs
are only ever added, a posting whose legs balance in each statement balances.
"""

from typing import ClassVar

from django.db import migrations

from core.walls import ACTING, changes_only, insert_only, protected

_TOGETHER = """
CREATE FUNCTION warehouse_legs_balance() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    off record;
BEGIN
    SELECT posting_id, lot_id, sum(quantity) AS total INTO off
        FROM legs GROUP BY posting_id, lot_id HAVING sum(quantity) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stock posting % is off by % units of lot %',
            off.posting_id, off.total, off.lot_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_posting_balances_for_each_lot';
    END IF;
    -- Each posting by its key: a plan for a few legs must do for very many.
    SELECT posting_id INTO off FROM legs AS leg
        WHERE (leg.owner_id, leg.keeper_id, leg.kind, leg.document, leg.moved_at)
        IS DISTINCT FROM (
            SELECT ROW(posting.owner_id, posting.keeper_id, posting.kind, posting.document,
                posting.moved_at)
            FROM warehouse_stockposting AS posting WHERE posting.id = leg.posting_id
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a leg of stock posting % says something else than it', off.posting_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_leg_says_what_its_posting_says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER a_posting_balances AFTER INSERT ON warehouse_stockmovement
    REFERENCING NEW TABLE AS legs FOR EACH STATEMENT EXECUTE FUNCTION warehouse_legs_balance();

CREATE FUNCTION warehouse_posting_has_legs() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM warehouse_stockmovement WHERE posting_id = NEW.id) THEN
        RAISE EXCEPTION 'stock posting % moves nothing', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_posting_has_legs';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER a_posting_has_legs AFTER INSERT ON warehouse_stockposting
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warehouse_posting_has_legs();
"""
_APART = """
DROP TRIGGER a_posting_has_legs ON warehouse_stockposting;
DROP FUNCTION warehouse_posting_has_legs();
DROP TRIGGER a_posting_balances ON warehouse_stockmovement;
DROP FUNCTION warehouse_legs_balance();
"""
_COPY = """
CREATE OR REPLACE FUNCTION warehouse_holding_of_lot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT lot.product_id, lot.warehouse_id, lot.received_at, lot.expires_on
    INTO NEW.product_id, NEW.warehouse_id, NEW.received_at, NEW.expires_on
    FROM warehouse_lot AS lot WHERE lot.id = NEW.lot_id;
    IF EXISTS (
        SELECT FROM warehouse_location AS place
        WHERE place.id = NEW.location_id AND place.warehouse_id <> NEW.warehouse_id
    ) THEN
        RAISE EXCEPTION 'lot % lies in another warehouse than place %', NEW.lot_id, NEW.location_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_lot_lies_in_its_warehouse';
    END IF;
    RETURN NEW;
END $$;
"""
_COPY_BEFORE = """
CREATE OR REPLACE FUNCTION warehouse_holding_of_lot() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT lot.product_id, lot.warehouse_id, lot.received_at, lot.expires_on
    INTO NEW.product_id, NEW.warehouse_id, NEW.received_at, NEW.expires_on
    FROM warehouse_lot AS lot WHERE lot.id = NEW.lot_id;
    RETURN NEW;
END $$;
"""
_OPERATOR = (
    "SELECT house.operator_id FROM warehouse_bondedwarehouse AS house WHERE house.id = warehouse_id"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("warehouse", "0014_stock_ledger")]

    operations: ClassVar = [
        protected("warehouse_location", _OPERATOR),
        protected(
            "warehouse_stockposting",
            "owner_id",
            seen_if=f"owner_id = {ACTING} OR keeper_id = {ACTING}",
        ),
        protected("warehouse_reservation", "seller_id"),
        insert_only("warehouse_location"),
        insert_only("warehouse_stockposting"),
        changes_only("warehouse_reservation", "state"),
        migrations.RunSQL(_TOGETHER, _APART),
        migrations.RunSQL(_COPY, _COPY_BEFORE),
    ]
