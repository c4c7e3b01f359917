"""What is borne of a round is worked out again as what stands of it changes."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.walls import ACTING, insert_only, protected

#: Rounds that were billed before: their first run, by the newest plan that costs what was billed.
_FIRST_RUNS = """
INSERT INTO procurement_billrun (round_id, number, plan_id, made_at, stood, causes, digest)
SELECT billed.round_id, 1, (
        SELECT plan.id FROM procurement_roundplan AS plan
        WHERE plan.round_id = billed.round_id AND plan.landed_minor = billed.minor
        ORDER BY plan.number DESC LIMIT 1
    ), coalesce(held.closed_at, now()), '{}', '[]', ''
FROM (
    SELECT round_id, sum(amount_minor) AS minor FROM procurement_roundcharge
    WHERE run = 1 GROUP BY round_id
) AS billed JOIN procurement_poolround AS held ON held.id = billed.round_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0020_sellers_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BillCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("units", models.PositiveIntegerField()),
                ("sold", models.PositiveIntegerField()),
                ("difference_minor", core.fields.MinorField()),
                ("sold_minor", core.fields.MinorField()),
                ("stock_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="BillRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("stood", models.JSONField(default=dict)),
                ("causes", models.JSONField(default=list)),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="BillWork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cause", models.JSONField(default=dict)),
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
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MissingShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="OrderBill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=11)),
                ("driver", models.CharField(max_length=14)),
                ("amount_minor", core.fields.MinorField()),
                ("document", models.CharField(max_length=64)),
                ("billed_on", models.DateField()),
                ("entered_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="roundcharge",
            name="one_charge_per_kind_and_place",
        ),
        migrations.AddConstraint(
            model_name="roundcharge",
            constraint=models.UniqueConstraint(
                fields=("order", "run", "kind", "line", "driver"),
                name="one_charge_per_kind_place_and_driver",
                nulls_distinct=False,
            ),
        ),
        migrations.AddField(
            model_name="billcorrection",
            name="order_line",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="billcorrection",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="billrun",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.roundplan",
            ),
        ),
        migrations.AddField(
            model_name="billrun",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bill_runs",
                to="procurement.poolround",
            ),
        ),
        migrations.AddField(
            model_name="billcorrection",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="procurement.billrun",
            ),
        ),
        migrations.AddField(
            model_name="billwork",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.poolround",
            ),
        ),
        migrations.AddField(
            model_name="billwork",
            name="run",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.billrun",
            ),
        ),
        migrations.AddField(
            model_name="missingshare",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missing",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="missingshare",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="missingshare",
            name="shipment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="missing",
                to="procurement.shipment",
            ),
        ),
        migrations.AddField(
            model_name="orderbill",
            name="buyer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="orderbill",
            name="entered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="orderbill",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bills",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="orderbill",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bills",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="orderbill",
            name="reverses",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversed_by",
                to="procurement.orderbill",
            ),
        ),
        migrations.AddConstraint(
            model_name="billrun",
            constraint=models.UniqueConstraint(
                fields=("round", "number"), name="one_bill_run_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="billcorrection",
            constraint=models.UniqueConstraint(
                fields=("owner", "run", "order_line"), name="one_correction_per_owner_and_line"
            ),
        ),
        migrations.AddConstraint(
            model_name="billcorrection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "difference_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("sold_minor"), "+", models.F("stock_minor")
                        ),
                    )
                ),
                name="a_correction_is_the_sum_of_its_parts",
            ),
        ),
        migrations.AddIndex(
            model_name="billwork",
            index=models.Index(
                condition=models.Q(("state", "queued")),
                fields=["due_at", "id"],
                name="bill_work_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="missingshare",
            constraint=models.UniqueConstraint(
                fields=("shipment", "order_line", "owner"), name="what_is_missing_is_told_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="missingshare",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="something_is_missing"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderbill",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reverses__isnull", True)),
                fields=("order", "kind", "document", "line"),
                name="a_bill_is_entered_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="orderbill",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor", 0), _negated=True),
                name="a_bill_is_of_something",
            ),
        ),
        protected(
            "procurement_billrun",
            "NULL",
            seen_if="EXISTS (SELECT FROM procurement_roundbill AS mine "
            "WHERE mine.round_id = procurement_billrun.round_id "
            f"AND mine.run = procurement_billrun.number AND mine.owner_id = {ACTING})",
        ),
        protected("procurement_billwork", "NULL"),
        protected("procurement_missingshare", "owner_id"),
        protected("procurement_billcorrection", "owner_id"),
        protected("procurement_orderbill", "buyer_id"),
        insert_only("procurement_billrun"),
        insert_only("procurement_missingshare"),
        insert_only("procurement_billcorrection"),
        insert_only("procurement_orderbill"),
        migrations.RunSQL(_FIRST_RUNS, migrations.RunSQL.noop),
    ]
