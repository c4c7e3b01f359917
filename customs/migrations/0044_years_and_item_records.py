"""Quota that moves to the year of its declaration, and what a zone reads in itemRecordNo."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0043_numbers_of_books"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="houseatcustoms",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="houseatcustoms",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="houseatcustoms",
            name="history_delete",
        ),
        migrations.RemoveConstraint(
            model_name="quotaentry",
            name="a_list_moves_its_quota_once_each_way",
        ),
        migrations.AddField(
            model_name="houseatcustoms",
            name="item_record",
            field=models.CharField(
                choices=[
                    ("item", "item of the account book"),
                    ("material", "material number of the account book"),
                ],
                db_default="item",
                default="item",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="houseatcustomsevent",
            name="item_record",
            field=models.CharField(
                choices=[
                    ("item", "item of the account book"),
                    ("material", "material number of the account book"),
                ],
                db_default="item",
                default="item",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="quotaentry",
            name="move",
            field=models.CharField(
                choices=[
                    ("reserved", "reserved"),
                    ("settled", "settled"),
                    ("voided", "given back: list void"),
                    ("returned", "given back: goods returned"),
                    ("left", "moved to the year of its declaration"),
                    ("entered", "moved here from the year it was drawn in"),
                ],
                max_length=8,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code", "item_record") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code", it."item_record" FROM rows AS it;',
                    hash="dbf356e2f69d7a968d7baa2be3ade5d3e2486836",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_695b8",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code", "item_record") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code", it."item_record" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."warehouse_id", was."keeper_id", was."port_code", was."traf_mode", was."site_code", was."item_record") IS DISTINCT FROM ROW(it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code", it."item_record");',
                    hash="63a2839015e3425b19981f85dc754873b9e5fd94",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_6c5bb",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="houseatcustoms",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_houseatcustomsevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "warehouse_id", "keeper_id", "port_code", "traf_mode", "site_code", "item_record") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."warehouse_id", it."keeper_id", it."port_code", it."traf_mode", it."site_code", it."item_record" FROM rows AS it;',
                    hash="4f1567940f8433e568c8d2321a35bda00897794c",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_45685",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_houseatcustoms",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move__in", ["returned", "left", "entered"]), _negated=True),
                fields=("retail_list", "code", "move"),
                name="a_list_moves_its_quota_once_each_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move__in", ["left", "entered"])),
                fields=("retail_list", "code", "year", "move"),
                name="a_list_leaves_and_enters_a_year_once",
            ),
        ),
    ]
