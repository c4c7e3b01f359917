"""Each sharing of units is kept with its inputs; what a round comes to is told by run."""

import django.db.models.deletion
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("procurement", "0022_walls_of_plans"),
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
            ],
        ),
        migrations.RemoveConstraint(
            model_name="roundresult",
            name="one_result_per_round_and_currency",
        ),
        migrations.AddField(
            model_name="roundresult",
            name="run",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="orderevent",
            name="step",
            field=models.CharField(
                choices=[
                    ("drafted", "drafted"),
                    ("approved", "approved"),
                    ("placed", "placed with the supplier"),
                    ("confirmed", "confirmed as ordered"),
                    ("proposed", "the supplier asks for a change"),
                    ("accepted", "the change is accepted"),
                    ("refused", "the change is refused"),
                    ("cancelled", "what was open is cancelled"),
                    ("shipped", "a shipment left"),
                    ("cleared", "a shipment was cleared into bond"),
                    ("received", "a shipment was received"),
                    ("invoiced", "an invoice was booked"),
                    ("billed", "a bill was entered"),
                    ("late", "the promised day has passed"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="roundresult",
            constraint=models.UniqueConstraint(
                fields=("round", "currency", "run"), name="one_result_per_round_currency_and_run"
            ),
        ),
        migrations.AddField(
            model_name="sharingrun",
            name="order_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.purchaseorderline",
            ),
        ),
        migrations.AddField(
            model_name="sharingrun",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sharings",
                to="procurement.poolround",
            ),
        ),
        protected("procurement_sharingrun", "NULL"),
        insert_only("procurement_sharingrun"),
    ]
