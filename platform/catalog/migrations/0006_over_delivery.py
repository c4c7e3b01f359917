"""How much more than announced is taken of a supplier."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0005_serial_numbers"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="tradingpartner",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="tradingpartner",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="tradingpartner",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="tradingpartner",
            name="over_percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="tradingpartnerevent",
            name="over_percent",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradingpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port", it."over_percent" FROM rows AS it;',
                    hash="b8bb6a466a3fdeff1028c366fa937eb76180de5a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_680f5",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="catalog_tradingpartner",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradingpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port", it."over_percent" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."company_id", was."currency", was."departure_port", was."over_percent") IS DISTINCT FROM ROW(it."id", it."company_id", it."currency", it."departure_port", it."over_percent");',
                    hash="01ef137c50f34f794b120f21bcd0855d8ccec39a",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_c3f0a",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="catalog_tradingpartner",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradingpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port", it."over_percent" FROM rows AS it;',
                    hash="55b58a780dfe37b79fac202913a3e2100dcc1548",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_d8f47",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="catalog_tradingpartner",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tradingpartner",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("over_percent__isnull", True), ("over_percent__lte", 20), _connector="OR"
                ),
                name="what_a_supplier_sends_over_is_small",
            ),
        ),
    ]
