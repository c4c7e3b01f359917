"""Rounds of categories with their phases and policy; lines with a firm part and a tolerance."""

import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import core.fields
import core.history

#: Until now every round was one of the whole catalogue.
_CODES = """
UPDATE procurement_poolround SET code = quarter;
UPDATE procurement_poolroundevent SET code = quarter;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_SIZES = """
CREATE OR REPLACE FUNCTION procurement_size_of_forecast() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE procurement_forecast AS filed
    SET products = filed.products + added.products, units = filed.units + added.units,
        less = filed.less + added.less, more = filed.more + added.more
    FROM (
        SELECT forecast_id, count(*) AS products, sum(quantity) AS units,
            sum(less::bigint) AS less, sum(more::bigint) AS more
        FROM added_lines GROUP BY forecast_id
    ) AS added WHERE added.forecast_id = filed.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0012_offers_of_several_suppliers"),
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
            model_name="forecast",
            name="less",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="forecast",
            name="more",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="forecastline",
            name="less",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="forecastline",
            name="more",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="poolround",
            name="budget_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolround",
            name="category",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
        migrations.AddField(
            model_name="poolround",
            name="code",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="poolround",
            name="deposit_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolround",
            name="deposit_percent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="poolround",
            name="fill_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolround",
            name="is_credit_applied",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="poolround",
            name="shortage_rule",
            field=models.CharField(
                choices=[
                    ("pro_rata", "in proportion to what each wanted"),
                    ("uniform", "the same for each, up to what it wanted"),
                    ("uniform_floor", "the same for each up to a floor, then in proportion"),
                ],
                default="uniform_floor",
                max_length=13,
            ),
        ),
        migrations.AddField(
            model_name="poolround",
            name="tolerance_limit_percent",
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="budget_minor",
            field=core.fields.MinorField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="category",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="code",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="deposit_due_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="deposit_percent",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="fill_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="is_credit_applied",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="shortage_rule",
            field=models.CharField(
                choices=[
                    ("pro_rata", "in proportion to what each wanted"),
                    ("uniform", "the same for each, up to what it wanted"),
                    ("uniform_floor", "the same for each up to a floor, then in proportion"),
                ],
                default="uniform_floor",
                max_length=13,
            ),
        ),
        migrations.AddField(
            model_name="poolroundevent",
            name="tolerance_limit_percent",
            field=models.PositiveSmallIntegerField(default=100),
        ),
        migrations.AddField(
            model_name="roundstanding",
            name="less",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="roundstanding",
            name="more",
            field=models.BigIntegerField(default=0),
        ),
        migrations.RunSQL(_CODES, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="poolround",
            name="code",
            field=models.CharField(max_length=80, unique=True),
        ),
        migrations.AlterField(
            model_name="poolround",
            name="quarter",
            field=models.CharField(max_length=7),
        ),
        migrations.RunSQL(_SIZES, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="poolround",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."state", it."closed_at" FROM rows AS it;',
                    hash="480d1fef0e5aa47f5afc17a1a0517118f9abac50",
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
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."state", it."closed_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."code", was."quarter", was."category", was."opens_at", was."cutoff_at", was."fill_until", was."deposit_due_at", was."shortage_rule", was."is_credit_applied", was."deposit_percent", was."tolerance_limit_percent", was."budget_minor", was."state", was."closed_at") IS DISTINCT FROM ROW(it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."state", it."closed_at");',
                    hash="7e7f9a5564f5a1a225ab446d2694d9eac003f9c6",
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
                    func='INSERT INTO "procurement_poolroundevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "code", "quarter", "category", "opens_at", "cutoff_at", "fill_until", "deposit_due_at", "shortage_rule", "is_credit_applied", "deposit_percent", "tolerance_limit_percent", "budget_minor", "state", "closed_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", NULL::bigint, _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."code", it."quarter", it."category", it."opens_at", it."cutoff_at", it."fill_until", it."deposit_due_at", it."shortage_rule", it."is_credit_applied", it."deposit_percent", it."tolerance_limit_percent", it."budget_minor", it."state", it."closed_at" FROM rows AS it;',
                    hash="e87d29ebcf8818d553c3109a971b56713d4297c7",
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
            model_name="forecastline",
            constraint=models.CheckConstraint(
                condition=models.Q(("less__lte", models.F("quantity"))),
                name="nobody_does_without_more_than_it_wants",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.UniqueConstraint(
                fields=("quarter", "category"), name="one_round_per_quarter_and_category"
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fill_until__isnull", True),
                    ("fill_until__gte", models.F("cutoff_at")),
                    _connector="OR",
                ),
                name="packs_are_filled_after_the_cutoff",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deposit_due_at__isnull", True),
                    (
                        "deposit_due_at__gte",
                        django.db.models.functions.comparison.Coalesce(
                            models.F("fill_until"), models.F("cutoff_at")
                        ),
                    ),
                    _connector="OR",
                ),
                name="deposits_are_due_after_the_last_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(("deposit_percent__lte", 100)),
                name="a_deposit_is_at_most_everything",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(("tolerance_limit_percent__lte", 100)),
                name="a_tolerance_is_at_most_the_quantity",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("budget_minor__isnull", True), ("budget_minor__gt", 0), _connector="OR"
                ),
                name="a_budget_is_positive",
            ),
        ),
    ]
