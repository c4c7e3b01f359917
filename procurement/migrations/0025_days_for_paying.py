"""A round says within how many days a bill of it is paid."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0024_credit_policies"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="poolround",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="poolround",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="poolround",
            name="history_delete",
        ),
        migrations.AddField(
            model_name="poolround",
            name="payment_days",
            field=models.PositiveSmallIntegerField(db_default=14, default=14),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="payment_days",
            field=models.PositiveSmallIntegerField(db_default=14, default=14),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolround",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "payment_days", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."payment_days", it."state", it."closed_at" FROM rows AS it;',
                    hash="82c22fad05ed566cf2149752cee85eaa45d49843",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_c7afb",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_poolround",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolround",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "payment_days", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."payment_days", it."state", it."closed_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."code", was."quarter", was."category", was."opens_at", was."cutoff_at", was."fill_until", was."deposit_due_at", was."shortage_rule", was."is_credit_applied", was."deposit_percent", was."tolerance_limit_percent", was."budget_minor", was."payment_days", was."state", was."closed_at") IS DISTINCT FROM ROW(it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."payment_days", it."state", it."closed_at");',
                    hash="f433aad9be17d14247ed2adcba0ffebbd3ef7196",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_112f7",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_poolround",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="poolround",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "payment_days", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."payment_days", it."state", it."closed_at" FROM rows AS it;',
                    hash="1693da87bc4d8fc7805c6e29f1b4bf36e0e8234f",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_64cf6",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_poolround",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(("payment_days__range", (3, 90))),
                name="a_bill_is_paid_within_days",
            ),
        ),
    ]
