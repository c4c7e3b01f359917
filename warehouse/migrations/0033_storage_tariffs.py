"""Tariffs of a warehouse, which of them holds on a day, and their history."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
import warehouse.models.fees
from core.history import walled
from core.walls import changes_only, protected

# A range of one number stands for the warehouse, so that no extension is wanted.
_ONE_A_DAY = """
ALTER TABLE warehouse_storagetariff ADD CONSTRAINT one_tariff_holds_on_a_day EXCLUDE USING gist (
    int8range(warehouse_id, warehouse_id, '[]') WITH &&,
    daterange(valid_from, valid_to, '[]') WITH &&
);
CREATE FUNCTION warehouse_tariff_ends_once() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.valid_to IS NOT NULL THEN
        RAISE EXCEPTION 'storage tariff % has its end', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_tariff_is_given_its_end_once';
    END IF;
    IF EXISTS (
        SELECT FROM warehouse_storagerun AS run
        WHERE run.warehouse_id = OLD.warehouse_id AND run.day > NEW.valid_to
        AND run.day >= OLD.valid_from
    ) THEN
        RAISE EXCEPTION 'storage tariff % was charged after this end', OLD.number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'a_charged_day_keeps_its_tariff';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER a_tariff_ends_once BEFORE UPDATE ON warehouse_storagetariff
    FOR EACH ROW EXECUTE FUNCTION warehouse_tariff_ends_once();
"""
_NOT_ANY_MORE = """
DROP TRIGGER a_tariff_ends_once ON warehouse_storagetariff;
DROP FUNCTION warehouse_tariff_ends_once();
ALTER TABLE warehouse_storagetariff DROP CONSTRAINT one_tariff_holds_on_a_day;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0032_storage_charges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StorageTariff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("free_days", models.PositiveIntegerField(default=0)),
                (
                    "until_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None
                    ),
                ),
                (
                    "rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=warehouse.models.fees.RateField(decimal_places=2, max_digits=12),
                        size=None,
                    ),
                ),
                (
                    "pallet_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                ("pallet_cm3", models.PositiveIntegerField(default=0)),
                (
                    "order_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                (
                    "order_line_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                (
                    "unit_in_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tariffs",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StorageTariffEvent",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("pgh_owner", models.BigIntegerField(null=True)),
                ("pgh_person", models.BigIntegerField(null=True)),
                ("pgh_company", models.BigIntegerField(null=True)),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                ("pgh_context_id", models.UUIDField(null=True)),
                ("id", models.BigIntegerField()),
                ("number", models.CharField(max_length=20)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("free_days", models.PositiveIntegerField(default=0)),
                (
                    "until_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveIntegerField(), size=None
                    ),
                ),
                (
                    "rates",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=warehouse.models.fees.RateField(decimal_places=2, max_digits=12),
                        size=None,
                    ),
                ),
                (
                    "pallet_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                ("pallet_cm3", models.PositiveIntegerField(default=0)),
                (
                    "order_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                (
                    "order_line_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                (
                    "unit_in_rate",
                    warehouse.models.fees.RateField(
                        decimal_places=2, default=Decimal("0"), max_digits=12
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="warehouse.storagetariff",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="storagetariff",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="a_tariff_ends_after_it_begins",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."entered_at", it."entered_by_id" FROM rows AS it;',
                    hash="b0b3d269cc05b5c7f8539fa73a1192928fbf1310",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_23c72",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."entered_at", it."entered_by_id" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."number", was."warehouse_id", was."keeper_id", was."valid_from", was."valid_to", was."free_days", was."until_days", was."rates", was."pallet_rate", was."pallet_cm3", was."order_rate", was."order_line_rate", was."unit_in_rate", was."entered_at", was."entered_by_id") IS DISTINCT FROM ROW(it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."entered_at", it."entered_by_id");',
                    hash="0efa9649c5f363f0a7d7d210ae410cb77f1afc76",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_84d83",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="storagetariff",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "warehouse_storagetariffevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "number", "warehouse_id", "keeper_id", "valid_from", "valid_to", "free_days", "until_days", "rates", "pallet_rate", "pallet_cm3", "order_rate", "order_line_rate", "unit_in_rate", "entered_at", "entered_by_id") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.keeper_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."number", it."warehouse_id", it."keeper_id", it."valid_from", it."valid_to", it."free_days", it."until_days", it."rates", it."pallet_rate", it."pallet_cm3", it."order_rate", it."order_line_rate", it."unit_in_rate", it."entered_at", it."entered_by_id" FROM rows AS it;',
                    hash="2eb28811a07eb0a57e8266c803749a94ce9a2072",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_91ada",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="warehouse_storagetariff",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="storagetariff_hist_row"),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="storagetariff_hist_when"),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="storagetariff_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="storagetariff_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="storagetariff_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(fields=["pgh_context_id"], name="storagetariff_hist_req"),
        ),
        migrations.AddIndex(
            model_name="storagetariffevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="storagetariff_hist_gone",
            ),
        ),
        migrations.RunSQL(_ONE_A_DAY, _NOT_ANY_MORE),
        protected("warehouse_storagetariff", "keeper_id"),
        changes_only("warehouse_storagetariff", "valid_to"),
        walled("warehouse_storagetariffevent"),
    ]
