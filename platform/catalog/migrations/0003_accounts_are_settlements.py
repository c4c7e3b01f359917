"""Where a supplier is paid is said by finance and confirmed by a second person."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_walls"),
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
        migrations.RemoveField(
            model_name="tradingpartner",
            name="account",
        ),
        migrations.RemoveField(
            model_name="tradingpartner",
            name="bank_name",
        ),
        migrations.RemoveField(
            model_name="tradingpartner",
            name="bic",
        ),
        migrations.RemoveField(
            model_name="tradingpartnerevent",
            name="account",
        ),
        migrations.RemoveField(
            model_name="tradingpartnerevent",
            name="bank_name",
        ),
        migrations.RemoveField(
            model_name="tradingpartnerevent",
            name="bic",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tradingpartner",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port" FROM rows AS it;',
                    hash="eacb2ee8ed4153371c9da0146c812fb0891c7480",
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
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."company_id", was."currency", was."departure_port") IS DISTINCT FROM ROW(it."id", it."company_id", it."currency", it."departure_port");',
                    hash="21275a37b1a4051704d785fda891ae353bb97c28",
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
                    func='INSERT INTO "catalog_tradingpartnerevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "company_id", "currency", "departure_port") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.company_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."company_id", it."currency", it."departure_port" FROM rows AS it;',
                    hash="5c7c28f2d20bff6f953e5801ca6f7ae8c6323883",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_d8f47",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="catalog_tradingpartner",
                    when="AFTER",
                ),
            ),
        ),
    ]
