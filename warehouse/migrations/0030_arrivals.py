"""What came damaged or over the notice, and how much may."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.history


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0029_charges_shared_apart"),
        ("warehouse", "0029_erasing"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="bondedwarehouse",
            name="history_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="bondedwarehouse",
            name="history_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="bondedwarehouse",
            name="history_delete",
        ),
        migrations.RemoveConstraint(
            model_name="receiptline",
            name="nothing_is_received_over_the_asn",
        ),
        migrations.RemoveConstraint(
            model_name="receiptshare",
            name="nobody_receives_more_than_its_share",
        ),
        migrations.RemoveIndex(
            model_name="receiptline",
            name="receipt_line_sums",
        ),
        migrations.AddField(
            model_name="bondedwarehouse",
            name="counts_blind",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="bondedwarehouse",
            name="over_percent",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="bondedwarehouseevent",
            name="counts_blind",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="bondedwarehouseevent",
            name="over_percent",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="damaged",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="receiptline",
            name="over",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="receiptshare",
            name="damaged",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="receiptshare",
            name="over",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="receiptline",
            index=models.Index(
                fields=["receipt"],
                include=("id", "announced", "counted", "over", "keeper"),
                name="receipt_line_sums",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bondedwarehouse",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent" FROM rows AS it;',
                    hash="fd1d7e4eb43959fbaa98544539cfb58f53d65d5a",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_a4b5a",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_bondedwarehouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bondedwarehouse",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."code", was."operator_id", was."name_zh", was."name_en", was."customs_district", was."entry_port", was."ledger_number", was."counts_blind", was."over_percent") IS DISTINCT FROM ROW(it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent");',
                    hash="e28efe1a14000dd8ff7ffad4f8c11cc78a7b25b1",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_ffb80",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_bondedwarehouse",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bondedwarehouse",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent" FROM rows AS it;',
                    hash="892e7508ec4d3f9dc6631a8abf05b589ee202a2b",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_83d26",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_bondedwarehouse",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="bondedwarehouse",
            constraint=models.CheckConstraint(
                condition=models.Q(("over_percent__lte", 20)), name="a_tolerance_is_small"
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("counted__lte", models.F("announced")), ("over", 0)),
                    models.Q(
                        (
                            "counted",
                            django.db.models.expressions.CombinedExpression(
                                models.F("announced"), "+", models.F("over")
                            ),
                        ),
                        ("over__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="what_is_received_over_the_asn_is_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptline",
            constraint=models.CheckConstraint(
                condition=models.Q(("damaged__lte", models.F("counted"))),
                name="what_is_damaged_was_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="receiptshare",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("damaged__lte", models.F("received")),
                    (
                        "received__lte",
                        django.db.models.expressions.CombinedExpression(
                            models.F("entitled"), "+", models.F("over")
                        ),
                    ),
                ),
                name="nobody_receives_more_than_its_share",
            ),
        ),
    ]
