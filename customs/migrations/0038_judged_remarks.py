"""What people say of remarks of the positive list, and in which mode goods enter a warehouse."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("customs", "0037_lists_changed"),
        ("warehouse", "0043_what_was_paid"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="HouseMode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("1210", "1210 bonded e-commerce"),
                            ("1239", "1239 bonded e-commerce A"),
                        ],
                        max_length=4,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("told_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "told_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="modes",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemarkJudgement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("hs_code", models.CharField(max_length=10)),
                (
                    "kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("excluded", "some goods excluded"),
                                ("bonded_only", "bonded purchases only"),
                                ("named_only", "named goods only"),
                                ("weight_limit", "limit by weight"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=1000)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("fits", "may be imported under the remark"),
                            ("left_out", "is left out by the remark"),
                            ("withdrawn", "taken back"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=400)),
                ("judged_at", models.DateTimeField()),
                (
                    "judged_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "judged_for",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgements",
                        to="catalog.product",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="a_judgement_of_a_remark_has_a_reason",
                    )
                ],
            },
        ),
        insert_only("customs_remarkjudgement"),
        protected("customs_housemode", "keeper_id"),
        insert_only("customs_housemode"),
    ]
