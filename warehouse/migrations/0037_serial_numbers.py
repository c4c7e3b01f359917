"""Units with serial numbers: in at the gate, out in parcels, back with returns."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0005_serial_numbers"),
        ("warehouse", "0036_pallets"),
    ]

    operations = [
        migrations.CreateModel(
            name="SerialUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("serial", models.CharField(max_length=20)),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "receipt_line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serials",
                        to="warehouse.receiptline",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SerialStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.PositiveSmallIntegerField()),
                (
                    "back",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serials",
                        to="warehouse.retailreturn",
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
                    "parcel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="serials",
                        to="warehouse.parcel",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="warehouse.serialunit",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="serialunit",
            constraint=models.UniqueConstraint(
                fields=("product", "serial"), name="a_serial_number_is_received_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="serialstep",
            constraint=models.UniqueConstraint(
                fields=("unit", "step"), name="a_unit_takes_each_step_once"
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
                        ("parcel__isnull", False),
                    ),
                    models.Q(
                        django.db.models.lookups.Exact(
                            django.db.models.expressions.CombinedExpression(
                                models.F("step"), "%%", models.Value(2)
                            ),
                            0,
                        ),
                        ("back__isnull", False),
                        ("parcel__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_unit_goes_out_and_comes_in_by_turns",
            ),
        ),
        protected("warehouse_serialunit", "keeper_id"),
        protected("warehouse_serialstep", "keeper_id"),
        insert_only("warehouse_serialunit"),
        insert_only("warehouse_serialstep"),
    ]
