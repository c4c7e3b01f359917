"""How rounds are planned, what they cost, and what each owner bears."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import core.fields
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("procurement", "0015_late_wishes_and_own_skus"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoundBill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.PositiveSmallIntegerField()),
                ("units", models.PositiveBigIntegerField()),
                ("goods_minor", core.fields.MinorField()),
                ("freight_minor", core.fields.MinorField()),
                ("insurance_minor", core.fields.MinorField()),
                ("duty_minor", core.fields.MinorField()),
                ("fees_minor", core.fields.MinorField()),
                ("shared_minor", core.fields.MinorField()),
                ("alone_minor", core.fields.MinorField()),
                ("cut_minor", core.fields.MinorField()),
                ("added_minor", core.fields.MinorField()),
                ("paid_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="RoundCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.PositiveSmallIntegerField()),
                ("kind", models.CharField(max_length=11)),
                ("driver", models.CharField(max_length=14)),
                ("amount_minor", core.fields.MinorField()),
            ],
        ),
        migrations.CreateModel(
            name="RoundPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("chosen", models.CharField(max_length=9)),
                ("landed_minor", core.fields.MinorField()),
                ("adjusted_minor", core.fields.MinorField()),
                ("plain_landed_minor", core.fields.MinorField()),
                ("plain_adjusted_minor", core.fields.MinorField()),
                ("bound_minor", core.fields.MinorField()),
                ("gap_ppm", models.PositiveIntegerField()),
                ("solver", models.CharField(max_length=40)),
                ("solver_version", models.CharField(max_length=40)),
                ("terms", models.BinaryField()),
                ("terms_digest", models.CharField(max_length=64)),
                ("found", models.JSONField()),
                ("dropped", models.JSONField(default=list)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="purchaseorderline",
            name="a_line_costs_packs_times_price",
        ),
        migrations.RemoveConstraint(
            model_name="purchaseorderline",
            name="nobody_gets_less_than_wanted",
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="offer",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.supplieroffer",
            ),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="pricing",
            field=models.CharField(
                choices=[
                    ("all_units", "for all packs"),
                    ("incremental", "for the packs from there on"),
                ],
                default="all_units",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="purchaseorderline",
            name="why",
            field=models.JSONField(default=list),
        ),
        migrations.AddConstraint(
            model_name="purchaseorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount_minor",
                        django.db.models.expressions.CombinedExpression(
                            models.F("packs"), "*", models.F("pack_price_minor")
                        ),
                    ),
                    ("pricing", "incremental"),
                    _connector="OR",
                ),
                name="a_line_costs_packs_times_price",
            ),
        ),
        migrations.AddField(
            model_name="roundbill",
            name="owner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="roundbill",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bills",
                to="procurement.poolround",
            ),
        ),
        migrations.AddField(
            model_name="roundcharge",
            name="line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="roundcharge",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.AddField(
            model_name="roundcharge",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="charges",
                to="procurement.poolround",
            ),
        ),
        migrations.AddField(
            model_name="roundplan",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plans",
                to="procurement.poolround",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundbill",
            constraint=models.UniqueConstraint(
                fields=("owner", "round", "run"), name="one_bill_per_owner_and_run"
            ),
        ),
        migrations.AddConstraint(
            model_name="roundbill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "shared_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods_minor"), "+", models.F("freight_minor")
                                    ),
                                    "+",
                                    models.F("insurance_minor"),
                                ),
                                "+",
                                models.F("duty_minor"),
                            ),
                            "+",
                            models.F("fees_minor"),
                        ),
                    )
                ),
                name="a_bill_is_the_sum_of_its_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundbill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "paid_minor",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                models.F("shared_minor"), "-", models.F("cut_minor")
                            ),
                            "+",
                            models.F("added_minor"),
                        ),
                    )
                ),
                name="what_is_paid_is_shared_less_cut_and_more_added",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundcharge",
            constraint=models.UniqueConstraint(
                fields=("order", "run", "kind", "line"),
                name="one_charge_per_kind_and_place",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="roundplan",
            constraint=models.UniqueConstraint(
                fields=("round", "number"), name="one_plan_per_number"
            ),
        ),
        protected("procurement_roundbill", "owner_id"),
        protected(
            "procurement_roundcharge",
            "SELECT o.buyer_id FROM procurement_purchaseorder AS o WHERE o.id = order_id",
        ),
        insert_only("procurement_roundplan"),
        insert_only("procurement_roundcharge"),
        insert_only("procurement_roundbill"),
    ]
