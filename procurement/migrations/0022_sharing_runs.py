"""Each sharing of units is kept with its inputs, so that it can be done again."""

import django.db.models.deletion
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0021_bill_runs"),
    ]

    operations = [
        migrations.CreateModel(
            name="SharingRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("what", models.CharField(max_length=9)),
                ("document", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "order_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.purchaseorderline",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sharings",
                        to="procurement.poolround",
                    ),
                ),
            ],
        ),
        protected("procurement_sharingrun", "NULL"),
        insert_only("procurement_sharingrun"),
    ]
