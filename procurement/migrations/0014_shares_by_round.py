"""The shares of a large round lie in a partition of their own, filled by COPY and attached whole.

A million shares written row by row spend most of their time in indexes and in foreign keys that
are looked up one by one. A partition is filled bare; attached, its indexes are built and its
foreign keys checked in one go each. Small rounds share the default partition.
"""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, KEEPS, AsOwner, insert_only, protected, seen_also

_TABLE = "procurement_ordershare"
_NEW = """
ALTER TABLE procurement_ordershare RENAME TO ordershare_before;
ALTER TABLE ordershare_before DROP CONSTRAINT procurement_ordershare_pkey;
ALTER TABLE ordershare_before DROP CONSTRAINT one_share_per_owner_and_line;
DROP INDEX order_share_of_owner;
ALTER TABLE procurement_purchaseorder
    ADD CONSTRAINT an_order_is_of_its_round UNIQUE (id, round_id);
CREATE TABLE procurement_ordershare (
    id bigint NOT NULL,
    quantity integer NOT NULL CONSTRAINT procurement_ordershare_quantity_check CHECK (quantity >= 0),
    amount_minor bigint NOT NULL,
    alone_minor bigint NOT NULL,
    line_id bigint NOT NULL REFERENCES procurement_purchaseorderline (id) DEFERRABLE INITIALLY DEFERRED,
    order_id bigint NOT NULL,
    owner_id bigint NOT NULL REFERENCES accounts_company (id) DEFERRABLE INITIALLY DEFERRED,
    round_id bigint NOT NULL,
    demand_id bigint,
    CONSTRAINT procurement_ordershare_pkey PRIMARY KEY (id, round_id),
    CONSTRAINT one_share_per_owner_and_line UNIQUE (line_id, owner_id, round_id),
    CONSTRAINT a_share_is_of_its_orders_round FOREIGN KEY (order_id, round_id)
        REFERENCES procurement_purchaseorder (id, round_id) DEFERRABLE INITIALLY DEFERRED
) PARTITION BY LIST (round_id);
CREATE SEQUENCE procurement_share_number OWNED BY procurement_ordershare.id;
ALTER TABLE procurement_ordershare ALTER id SET DEFAULT nextval('procurement_share_number');
CREATE TABLE procurement_ordershare_small PARTITION OF procurement_ordershare DEFAULT;
CREATE INDEX order_share_of_owner ON procurement_ordershare (owner_id, order_id)
    INCLUDE (line_id, quantity, amount_minor, alone_minor);
INSERT INTO procurement_ordershare
    (id, quantity, amount_minor, alone_minor, line_id, order_id, owner_id, round_id)
SELECT s.id, s.quantity, s.amount_minor, s.alone_minor, s.line_id, l.order_id, s.owner_id, o.round_id
FROM ordershare_before AS s
JOIN procurement_purchaseorderline AS l ON l.id = s.line_id
JOIN procurement_purchaseorder AS o ON o.id = l.order_id;
SELECT setval('procurement_share_number', max(id)) FROM procurement_ordershare HAVING count(*) > 0;
SET CONSTRAINTS ALL IMMEDIATE;
CREATE OR REPLACE FUNCTION procurement_share_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT line.order_id, placed.round_id INTO NEW.order_id, NEW.round_id
    FROM procurement_purchaseorderline AS line
    JOIN procurement_purchaseorder AS placed ON placed.id = line.order_id
    WHERE line.id = NEW.line_id;
    RETURN NEW;
END $$;
CREATE TRIGGER share_is_of_its_lines_order BEFORE INSERT ON procurement_ordershare
FOR EACH ROW WHEN (NEW.round_id IS NULL) EXECUTE FUNCTION procurement_share_of_order();
"""
#: Only who acts for the platform may fill a partition, for nobody's wall stands around it until
#: it is attached; and nothing but the filling is allowed.
_FILL = """
CREATE FUNCTION procurement_open_shares(held bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := format('procurement_ordershare_%s', held);
BEGIN
    IF current_setting('bondpool.company', true) IS DISTINCT FROM '*' THEN
        RAISE insufficient_privilege USING MESSAGE = 'the shares of a round are the platform''s to write';
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE procurement_ordershare INCLUDING DEFAULTS '
        'INCLUDING CONSTRAINTS, CHECK (round_id = %s))', part, held);
    EXECUTE format('REVOKE ALL ON %I FROM {role}', part);
    EXECUTE format('GRANT INSERT ON %I TO {role}', part);
    RETURN part;
END $$
"""
_ATTACH = """
CREATE FUNCTION procurement_attach_shares(held bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    part text := format('procurement_ordershare_%s', held);
BEGIN
    IF current_setting('bondpool.company', true) IS DISTINCT FROM '*' THEN
        RAISE insufficient_privilege USING MESSAGE = 'the shares of a round are the platform''s to write';
    END IF;
    EXECUTE format('REVOKE ALL ON %I FROM {role}', part);
    EXECUTE format('ALTER TABLE procurement_ordershare ATTACH PARTITION %I FOR VALUES IN (%s)', part, held);
    EXECUTE format('ANALYZE %I', part);
END $$
"""
_BOUGHT = f"buyer_id = {ACTING}"
_BUYS = (
    "order_id IN (SELECT bought.id FROM procurement_purchaseorder AS bought "  # noqa: S608
    f"WHERE bought.buyer_id = {ACTING})"
)
_SHARES = (
    "IN (SELECT share.order_id FROM procurement_ordershare AS share "  # noqa: S608
    f"WHERE share.owner_id = {ACTING})"
)
_SHARES_LINE = (
    "EXISTS (SELECT FROM procurement_ordershare AS share "
    f"WHERE share.line_id = procurement_purchaseorderline.id AND share.owner_id = {ACTING})"
)
#: Who sees an order, its lines and its shipments; the same as before, of the new table.
_SEEN = {
    "procurement_purchaseorder": (
        f"{_BOUGHT} OR ({KEEPS} AND procurement_comes_in(id, {ACTING})) OR id {_SHARES}"
    ),
    "procurement_purchaseorderline": (
        f"{_BOUGHT} OR ({KEEPS} AND procurement_comes_in(order_id, {ACTING})) OR {_SHARES_LINE}"
    ),
    "procurement_shipment": f"bound_for_id = {ACTING} OR {_BUYS} OR order_id {_SHARES}",
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0013_rounds_of_categories")]

    operations: ClassVar = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "ordershare",
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shares",
                        to="procurement.purchaseorderline",
                    ),
                ),
                migrations.AddField(
                    "ordershare",
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.poolround",
                    ),
                ),
                migrations.AddField(
                    "ordershare",
                    "demand",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.forecastline",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_NEW, migrations.RunSQL.noop),
        protected(_TABLE, "owner_id"),
        insert_only(_TABLE),
        *(seen_also(table, seen, before=seen) for table, seen in _SEEN.items()),
        migrations.RunSQL("DROP TABLE ordershare_before", migrations.RunSQL.noop),
        AsOwner(
            [
                "REVOKE ALL ON procurement_ordershare_small FROM {role}",
                _FILL,
                _ATTACH,
                "REVOKE ALL ON FUNCTION procurement_open_shares(bigint) FROM PUBLIC",
                "REVOKE ALL ON FUNCTION procurement_attach_shares(bigint) FROM PUBLIC",
                "GRANT EXECUTE ON FUNCTION procurement_open_shares(bigint) TO {role}",
                "GRANT EXECUTE ON FUNCTION procurement_attach_shares(bigint) TO {role}",
            ],
            [
                "DROP FUNCTION procurement_attach_shares(bigint)",
                "DROP FUNCTION procurement_open_shares(bigint)",
            ],
        ),
    ]
