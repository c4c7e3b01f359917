"""Serial numbers that were mistyped are put right, and houses have GS1 prefixes of their own."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0040_merging"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SerialChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("corrected", "its number was mistyped"),
                            ("destroyed", "destroyed"),
                            ("written_off", "written off"),
                            ("lost", "lost"),
                            ("found", "found"),
                        ],
                        max_length=11,
                    ),
                ),
                ("before", models.CharField(max_length=20)),
                ("after", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(max_length=200)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
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
            model_name="serialstep",
            name="a_unit_goes_out_and_comes_in_by_turns",
        ),
        migrations.AddField(
            model_name="bondedwarehouse",
            name="gs1_prefix",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        migrations.AddField(
            model_name="bondedwarehouseevent",
            name="gs1_prefix",
            field=models.CharField(blank=True, db_default="", default="", max_length=12),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="bondedwarehouse",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent", "gs1_prefix") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent", it."gs1_prefix" FROM rows AS it;',
                    hash="9dd0a5f499df2820abad22a88838c7ed032fc3a4",
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
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent", "gs1_prefix") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent", it."gs1_prefix" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."code", was."operator_id", was."name_zh", was."name_en", was."customs_district", was."entry_port", was."ledger_number", was."counts_blind", was."over_percent", was."gs1_prefix") IS DISTINCT FROM ROW(it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent", it."gs1_prefix");',
                    hash="a31ab2eaa6918434d036de60716345c58755f049",
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
                    func='INSERT INTO "warehouse_bondedwarehouseevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "operator_id", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number", "counts_blind", "over_percent", "gs1_prefix") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.operator_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."operator_id", it."name_zh", it."name_en", it."customs_district", it."entry_port", it."ledger_number", it."counts_blind", it."over_percent", it."gs1_prefix" FROM rows AS it;',
                    hash="fcb4adf48bfdcbaf4be0f74431a487b35c359466",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_83d26",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_bondedwarehouse",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="serialchange",
            name="changed_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="serialchange",
            name="keeper",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="serialchange",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="warehouse.serialunit",
            ),
        ),
        migrations.AddField(
            model_name="serialstep",
            name="change",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="step",
                to="warehouse.serialchange",
            ),
        ),
        migrations.AddConstraint(
            model_name="serialstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        django.db.models.lookups.Exact(
                            django.db.models.expressions.CombinedExpression(
                                models.F("step"), "%%", models.Value(2)
                            ),
                            1,
                        ),
                        ("back__isnull", True),
                        models.Q(
                            models.Q(("change__isnull", True), ("parcel__isnull", False)),
                            models.Q(("change__isnull", False), ("parcel__isnull", True)),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        django.db.models.lookups.Exact(
                            django.db.models.expressions.CombinedExpression(
                                models.F("step"), "%%", models.Value(2)
                            ),
                            0,
                        ),
                        ("parcel__isnull", True),
                        models.Q(
                            models.Q(("back__isnull", False), ("change__isnull", True)),
                            models.Q(("back__isnull", True), ("change__isnull", False)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="a_unit_goes_out_and_comes_in_by_turns",
            ),
        ),
        migrations.AddConstraint(
            model_name="serialchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("act", "corrected"),
                        models.Q(("after", ""), _negated=True),
                        models.Q(("after", models.F("before")), _negated=True),
                    ),
                    models.Q(models.Q(("act", "corrected"), _negated=True), ("after", "")),
                    _connector="OR",
                ),
                name="a_mistyped_number_is_another_one",
            ),
        ),
        protected("warehouse_serialchange", "keeper_id"),
        insert_only("warehouse_serialchange"),
        changes_only("warehouse_serialunit", "serial"),
    ]
