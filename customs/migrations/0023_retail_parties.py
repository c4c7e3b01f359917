"""Who stands on a seller's messages to customs."""

import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.history
from core.history import walled
from core.walls import ACTING, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0022_quota_and_rounding"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetailParties",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ebp_code", models.CharField(max_length=18)),
                ("ebp_name", models.CharField(max_length=100)),
                ("ebc_code", models.CharField(max_length=18)),
                ("ebc_name", models.CharField(max_length=100)),
                ("pay_code", models.CharField(blank=True, max_length=18)),
                ("pay_name", models.CharField(blank=True, max_length=100)),
                ("sends_payments", models.BooleanField(default=False)),
                ("assure_code", models.CharField(max_length=30)),
                ("logistics_code", models.CharField(max_length=18)),
                ("logistics_name", models.CharField(max_length=100)),
                ("waybill_prefix", models.CharField(blank=True, max_length=12)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("is_automatic", models.BooleanField(default=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retail_clients",
                        to="accounts.company",
                    ),
                ),
                (
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retail_parties",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RetailPartiesEvent",
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
                ("ebp_code", models.CharField(max_length=18)),
                ("ebp_name", models.CharField(max_length=100)),
                ("ebc_code", models.CharField(max_length=18)),
                ("ebc_name", models.CharField(max_length=100)),
                ("pay_code", models.CharField(blank=True, max_length=18)),
                ("pay_name", models.CharField(blank=True, max_length=100)),
                ("sends_payments", models.BooleanField(default=False)),
                ("assure_code", models.CharField(max_length=30)),
                ("logistics_code", models.CharField(max_length=18)),
                ("logistics_name", models.CharField(max_length=100)),
                ("waybill_prefix", models.CharField(blank=True, max_length=12)),
                ("agreed_at", models.DateTimeField(blank=True, null=True)),
                ("is_automatic", models.BooleanField(default=True)),
                (
                    "agent",
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
                    "agreed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="customs.retailparties",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="retailparties",
            constraint=models.CheckConstraint(
                condition=models.Q(("agent", models.F("seller")), _negated=True),
                name="who_declares_is_another_company",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it;',
                    hash="2855470716f70a40d52240115f0e8c601bcfb83d",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_f7c72",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."seller_id", was."ebp_code", was."ebp_name", was."ebc_code", was."ebc_name", was."pay_code", was."pay_name", was."sends_payments", was."assure_code", was."logistics_code", was."logistics_name", was."waybill_prefix", was."agent_id", was."agreed_at", was."agreed_by_id", was."is_automatic") IS DISTINCT FROM ROW(it."id", it."seller_id", it."ebp_code", it."ebp_name", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic");',
                    hash="eac49aca8b5a94967d2d34b0f954a7c29ecd75c3",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_57c65",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="retailparties",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "customs_retailpartiesevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "ebp_code", "ebp_name", "ebc_code", "ebc_name", "pay_code", "pay_name", "sends_payments", "assure_code", "logistics_code", "logistics_name", "waybill_prefix", "agent_id", "agreed_at", "agreed_by_id", "is_automatic") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."ebp_code", it."ebp_name", it."ebc_code", it."ebc_name", it."pay_code", it."pay_name", it."sends_payments", it."assure_code", it."logistics_code", it."logistics_name", it."waybill_prefix", it."agent_id", it."agreed_at", it."agreed_by_id", it."is_automatic" FROM rows AS it;',
                    hash="e48215b92413212d088a6a6b3f88ccc5086f6276",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_39ee6",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="customs_retailparties",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="retailparties_hist_row"),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="retailparties_hist_when"),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="retailparties_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="retailparties_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="retailparties_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(fields=["pgh_context_id"], name="retailparties_hist_req"),
        ),
        migrations.AddIndex(
            model_name="retailpartiesevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="retailparties_hist_gone",
            ),
        ),
        protected(
            "customs_retailparties",
            "seller_id",
            seen_if=f"seller_id = {ACTING} OR agent_id = {ACTING}",
        ),
        walled("customs_retailpartiesevent"),
    ]
