"""The trucks of a bonded list, and what of it is on them."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0027_releases_of_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="TruckPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vehicle_number", models.CharField(max_length=32)),
                ("vehicle_weight_g", models.PositiveBigIntegerField()),
                ("frame_number", models.CharField(blank=True, max_length=32)),
                ("frame_weight_g", models.PositiveBigIntegerField(default=0)),
                ("container_number", models.CharField(blank=True, max_length=32)),
                ("container_weight_g", models.PositiveBigIntegerField(default=0)),
                ("packages", models.PositiveIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                ("queued_at", models.DateTimeField()),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passes",
                        to="customs.declaration",
                    ),
                ),
                (
                    "element",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="truck_pass",
                        to="customs.outgoingelement",
                    ),
                ),
                (
                    "importer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "queued_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PassLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("gross_weight_g", models.PositiveBigIntegerField()),
                ("net_weight_g", models.PositiveBigIntegerField()),
                (
                    "importer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.declarationline",
                    ),
                ),
                (
                    "truck_pass",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customs.truckpass",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="truckpass",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_weight_g__lte", models.F("gross_weight_g"))),
                name="goods_on_a_truck_weigh_net_at_most_gross",
            ),
        ),
        migrations.AddConstraint(
            model_name="passline",
            constraint=models.UniqueConstraint(
                fields=("truck_pass", "line"), name="a_truck_names_a_line_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="passline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)),
                name="what_is_on_a_truck_is_more_than_nothing",
            ),
        ),
        protected("customs_truckpass", "importer_id"),
        insert_only("customs_truckpass"),
        protected("customs_passline", "importer_id"),
        insert_only("customs_passline"),
    ]
