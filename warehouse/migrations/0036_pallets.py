"""Pallets: places that stand at other places, and where each of them went."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.walls import changes_only, insert_only, protected

# A pallet lies in the zone of where it stands, in one warehouse, and never on another pallet; a
# place that is none never becomes one, and its zone stays.
_STANDS = """
CREATE FUNCTION warehouse_pallet_stands() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    below warehouse_location;
BEGIN
    IF TG_OP = 'UPDATE' AND (OLD.stands_at_id IS NULL) <> (NEW.stands_at_id IS NULL) THEN
        RAISE EXCEPTION 'place % is a pallet or is none', OLD.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_place_never_becomes_a_pallet';
    END IF;
    IF NEW.stands_at_id IS NOT NULL THEN
        SELECT * INTO STRICT below FROM warehouse_location WHERE id = NEW.stands_at_id;
        IF below.warehouse_id <> NEW.warehouse_id OR below.stands_at_id IS NOT NULL THEN
            RAISE EXCEPTION 'pallet % does not stand at a place of its warehouse', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'a_pallet_stands_at_a_place';
        END IF;
        NEW.zone := below.zone;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_pallet_stands_at_a_place BEFORE INSERT OR UPDATE ON warehouse_location
    FOR EACH ROW EXECUTE FUNCTION warehouse_pallet_stands();
"""
_STANDS_NOWHERE = """
DROP TRIGGER a_pallet_stands_at_a_place ON warehouse_location;
DROP FUNCTION warehouse_pallet_stands();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0035_fees_of_transfers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pallet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sscc", models.CharField(max_length=18, unique=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PalletMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("moved_at", models.DateTimeField()),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="location",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="location",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="location",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="location",
            name="stands_at",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pallets",
                to="warehouse.location",
            ),
        ),
        migrations.AddField(
            model_name="locationevent",
            name="stands_at",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="warehouse.location",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at", "stands_at_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at", it."stands_at_id" FROM rows AS it;',
                    hash="af05b9617832cb4fede0069d9558c2ed9ab97d8c",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_5b167",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at", "stands_at_id") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at", it."stands_at_id" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."warehouse_id", was."code", was."zone", was."volume_m3", was."load_kg", was."closed_at", was."stands_at_id") IS DISTINCT FROM ROW(it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at", it."stands_at_id");',
                    hash="d2d23427c0c37f54ca08a4073f6536925122073b",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_f1f7a",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="location",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_locationevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "code", "zone", "volume_m3", "load_kg", "closed_at", "stands_at_id") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (SELECT w.operator_id FROM warehouse_bondedwarehouse w WHERE w.id = it.warehouse_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."code", it."zone", it."volume_m3", it."load_kg", it."closed_at", it."stands_at_id" FROM rows AS it;',
                    hash="7aabea5c14c7bf6b8a7e2af933cb3463a9938f07",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_8f8ce",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_location",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="pallet",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="pallet",
            name="location",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pallet",
                to="warehouse.location",
            ),
        ),
        migrations.AddField(
            model_name="pallet",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="palletmove",
            name="destination",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="warehouse.location",
            ),
        ),
        migrations.AddField(
            model_name="palletmove",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="palletmove",
            name="moved_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="palletmove",
            name="origin",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="warehouse.location",
            ),
        ),
        migrations.AddField(
            model_name="palletmove",
            name="pallet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moves",
                to="warehouse.pallet",
            ),
        ),
        migrations.AddConstraint(
            model_name="palletmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("origin", models.F("destination")), _negated=True),
                name="a_pallet_goes_somewhere_else",
            ),
        ),
        migrations.RunSQL(_STANDS, _STANDS_NOWHERE),
        changes_only("warehouse_location", "volume_m3", "load_kg", "closed_at", "stands_at_id"),
        protected("warehouse_pallet", "keeper_id"),
        protected("warehouse_palletmove", "keeper_id"),
        insert_only("warehouse_pallet"),
        insert_only("warehouse_palletmove"),
    ]
