"""What sellers sold, what their forecasts were worth, and what they pay before an order."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0016_plans_and_bills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("score", "score forecasts"), ("suggest", "suggest quantities")],
                        max_length=7,
                    ),
                ),
                ("quarter", models.CharField(max_length=7)),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "queued"), ("done", "done"), ("failed", "failed")],
                        default="queued",
                        max_length=6,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("sellers", models.PositiveIntegerField(default=0)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("facts", models.JSONField(default=dict)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                ("band", models.CharField(max_length=1)),
                ("base_percent", models.PositiveSmallIntegerField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("basis_minor", core.fields.MinorField()),
                ("amount_minor", core.fields.MinorField()),
                ("due_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deposits",
                        to="procurement.poolround",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("paid", "paid"),
                            ("applied", "applied to the order"),
                            ("refunded", "refunded"),
                            ("forfeited", "forfeited"),
                        ],
                        max_length=9,
                    ),
                ),
                ("amount_minor", core.fields.MinorField()),
                ("value_date", models.DateField()),
                ("reference", models.CharField(max_length=64)),
                ("noted_at", models.DateTimeField()),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="procurement.deposit",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ForecastScore",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.CharField(max_length=7)),
                ("made_at", models.DateTimeField()),
                ("policy_from", models.DateField()),
                ("shrunk_by", models.PositiveIntegerField()),
                ("forecast_milli", models.BigIntegerField()),
                ("actual_milli", models.BigIntegerField()),
                ("error_milli", models.BigIntegerField()),
                ("market_ratio", models.BigIntegerField()),
                ("market_wape", models.BigIntegerField()),
                ("market_bias", models.BigIntegerField()),
                ("wape", models.BigIntegerField()),
                ("bias", models.BigIntegerField()),
                ("factor", models.BigIntegerField()),
                ("tracking", models.IntegerField()),
                ("score", models.PositiveSmallIntegerField()),
                ("band", models.CharField(max_length=1)),
                ("is_new", models.BooleanField()),
                ("pasts", models.JSONField(default=list)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="procurement.creditrun",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SalesReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=8)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("content", models.BinaryField(null=True)),
                ("sent_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SalesReportEvent",
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
                ("source", models.CharField(max_length=8)),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procurement.salesreport",
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
                (
                    "sent_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="SellerSales",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quarter", models.PositiveIntegerField()),
                ("units", models.PositiveBigIntegerField()),
                ("is_stocked_out", models.BooleanField(default=False)),
                ("is_from_bond", models.BooleanField(default=False)),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procurement.salesreport",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("units", models.PositiveBigIntegerField()),
                ("low", models.PositiveBigIntegerField()),
                ("high", models.PositiveBigIntegerField()),
                ("own_quarters", models.PositiveSmallIntegerField()),
                ("market_percent", models.PositiveSmallIntegerField()),
                ("fitted_quarters", models.PositiveSmallIntegerField()),
                (
                    "product",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="procurement.creditrun",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="creditrun",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["due_at", "id"],
                name="credit_run_due",
            ),
        ),
        migrations.AddIndex(
            model_name="creditrun",
            index=models.Index(fields=["kind", "quarter", "-id"], name="credit_run_of_quarter"),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                fields=("seller", "round"), name="one_deposit_per_seller_and_round"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("amount_minor__gt", 0), ("basis_minor__gte", models.F("amount_minor"))
                ),
                name="a_deposit_is_a_part_of_what_is_expected",
            ),
        ),
        migrations.AddIndex(
            model_name="depositevent",
            index=models.Index(fields=["seller"], name="deposit_event_of_seller"),
        ),
        migrations.AddConstraint(
            model_name="depositevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gt", 0)), name="a_step_of_a_deposit_moves_money"
            ),
        ),
        migrations.AddConstraint(
            model_name="depositevent",
            constraint=models.UniqueConstraint(
                fields=("step", "reference"), name="a_line_of_the_bank_counts_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="forecastscore",
            constraint=models.UniqueConstraint(
                fields=("seller", "run"), name="one_score_per_seller_and_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="forecastscore",
            constraint=models.CheckConstraint(
                condition=models.Q(("score__lte", 100)), name="a_score_is_at_most_100"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesreport",
            trigger=pgtrigger.compiler.Trigger(
                name="history_insert",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_salesreportevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "source", "file_name", "sent_at", "sent_by_id", "recorded_at") SELECT nextval(\'core_history_number\'), now(), \'insert\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."source", it."file_name", it."sent_at", it."sent_by_id", it."recorded_at" FROM rows AS it;',
                    hash="6d14e8b4e9da99150a777a09d1f19ab29026cf84",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_history_insert_c466b",
                    referencing="REFERENCING NEW TABLE AS rows ",
                    table="procurement_salesreport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesreport",
            trigger=pgtrigger.compiler.Trigger(
                name="history_update",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_salesreportevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "source", "file_name", "sent_at", "sent_by_id", "recorded_at") SELECT nextval(\'core_history_number\'), now(), \'update\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."source", it."file_name", it."sent_at", it."sent_by_id", it."recorded_at" FROM rows AS it JOIN rows_before AS was ON was."id" = it."id" WHERE ROW(was."id", was."seller_id", was."source", was."file_name", was."sent_at", was."sent_by_id", was."recorded_at") IS DISTINCT FROM ROW(it."id", it."seller_id", it."source", it."file_name", it."sent_at", it."sent_by_id", it."recorded_at");',
                    hash="fcab4cd6b90b98b35c507a57c5cca8408f4622fe",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_history_update_b1942",
                    referencing="REFERENCING OLD TABLE AS rows_before  NEW TABLE AS rows ",
                    table="procurement_salesreport",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="salesreport",
            trigger=pgtrigger.compiler.Trigger(
                name="history_delete",
                sql=core.history.TriggerSql(
                    func='INSERT INTO "procurement_salesreportevent" ("pgh_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_owner", "pgh_context", "pgh_context_id", "pgh_person", "pgh_company", "id", "seller_id", "source", "file_name", "sent_at", "sent_by_id", "recorded_at") SELECT nextval(\'core_history_number\'), now(), \'delete\', it."id", (it.seller_id), _facts, nullif(current_setting(\'pghistory.context_id\', true), \'\')::uuid, (_facts ->> \'person\')::bigint, (_facts ->> \'company\')::bigint, it."id", it."seller_id", it."source", it."file_name", it."sent_at", it."sent_by_id", it."recorded_at" FROM rows AS it;',
                    hash="47c629d6c021ad021f2c0c712ea30384cd14c315",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_history_delete_6d66e",
                    referencing="REFERENCING OLD TABLE AS rows ",
                    table="procurement_salesreport",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(fields=["pgh_obj", "pgh_id"], name="salesreport_hist_row"),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(fields=["pgh_created_at", "pgh_id"], name="salesreport_hist_when"),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(
                fields=["pgh_person", "pgh_created_at", "pgh_id"], name="salesreport_hist_who"
            ),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(
                fields=["pgh_company", "pgh_created_at", "pgh_id"], name="salesreport_hist_firm"
            ),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="salesreport_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(fields=["pgh_context_id"], name="salesreport_hist_req"),
        ),
        migrations.AddIndex(
            model_name="salesreportevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="salesreport_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="sellersales",
            index=models.Index(
                fields=["seller", "quarter", "product", "is_from_bond", "-id"],
                include=("units", "is_stocked_out"),
                name="sales_of_seller",
            ),
        ),
        migrations.AddIndex(
            model_name="sellersales",
            index=models.Index(fields=["report"], name="sales_of_report"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                fields=("run", "seller", "product"), name="one_suggestion_per_product_and_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("high__gte", models.F("units")), ("low__lte", models.F("units"))
                ),
                name="a_suggestion_stands_between_its_bounds",
            ),
        ),
        protected("procurement_salesreport", "seller_id"),
        protected("procurement_sellersales", "seller_id"),
        protected("procurement_forecastscore", "seller_id"),
        protected("procurement_suggestion", "seller_id"),
        protected("procurement_deposit", "seller_id"),
        protected("procurement_depositevent", "seller_id"),
        walled("procurement_salesreportevent"),
        insert_only("procurement_sellersales"),
        insert_only("procurement_forecastscore"),
        insert_only("procurement_suggestion"),
        insert_only("procurement_deposit"),
        insert_only("procurement_depositevent"),
    ]
