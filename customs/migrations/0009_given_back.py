"""What goods that came back take off a retail list."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import core.fields
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0008_releases_and_voids"),
        ("warehouse", "0025_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetailGiveBack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dutiable_minor", core.fields.MinorField()),
                ("duty_minor", core.fields.MinorField()),
                ("consumption_tax_minor", core.fields.MinorField()),
                ("vat_minor", core.fields.MinorField()),
                ("tax_minor", core.fields.MinorField()),
                ("given_at", models.DateTimeField()),
                (
                    "back",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="give_back",
                        to="warehouse.retailreturn",
                    ),
                ),
                (
                    "retail_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_back",
                        to="customs.retaillist",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "tax_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("duty_minor"),
                                        "+",
                                        models.F("consumption_tax_minor"),
                                    ),
                                    "+",
                                    models.F("vat_minor"),
                                ),
                            )
                        ),
                        name="what_is_given_back_is_the_sum_of_its_parts",
                    )
                ],
            },
        ),
        protected("customs_retailgiveback", "seller_id"),
        insert_only("customs_retailgiveback"),
    ]
