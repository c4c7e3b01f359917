"""What is counted, what was found and what was decided; its keeper sees it, nobody else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0025_returns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CountTerms",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("a_days", models.PositiveSmallIntegerField()),
                ("b_days", models.PositiveSmallIntegerField()),
                ("c_days", models.PositiveSmallIntegerField()),
                ("tolerance_bp", models.PositiveSmallIntegerField()),
                ("set_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "set_by",
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
                        related_name="count_terms",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StockCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "to be counted"),
                            ("recount", "to be counted again"),
                            ("counted", "to be approved"),
                            ("done", "done"),
                            ("refused", "refused"),
                            ("called_off", "called off"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("freezes", models.BooleanField(default=False)),
                ("subject", models.CharField(max_length=200)),
                ("started_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "started_by",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CountLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("in_transit", "on the way"),
                            ("quarantine", "in quarantine"),
                            ("available", "available"),
                            ("offered", "offered to another seller"),
                            ("reserved", "reserved"),
                            ("released", "released by customs"),
                            ("picked", "picked"),
                            ("damaged", "damaged"),
                            ("expired", "expired"),
                            ("recalled", "recalled"),
                        ],
                        max_length=10,
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
                    "location",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.location",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "count",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="warehouse.stockcount",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CountDecision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("approved", models.BooleanField()),
                ("account_book", models.CharField(max_length=12)),
                ("remark", models.CharField(blank=True, max_length=200)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "count",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decision",
                        to="warehouse.stockcount",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="holding",
            name="frozen_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="warehouse.stockcount",
            ),
        ),
        migrations.CreateModel(
            name="CountEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("round", models.PositiveSmallIntegerField()),
                ("units", models.PositiveIntegerField()),
                ("booked", models.PositiveIntegerField()),
                ("counted_at", models.DateTimeField()),
                (
                    "counted_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "line",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="warehouse.countline",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("line", "round"), name="a_line_is_counted_once_a_round"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("round__in", [1, 2])),
                        name="a_line_is_counted_twice_at_most",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="countline",
            constraint=models.UniqueConstraint(
                fields=("count", "lot", "location", "status"),
                name="one_line_of_a_count_per_lot_place_and_status",
            ),
        ),
        protected("warehouse_countterms", "keeper_id"),
        protected("warehouse_stockcount", "keeper_id"),
        protected("warehouse_countline", "keeper_id"),
        protected("warehouse_countentry", "keeper_id"),
        protected("warehouse_countdecision", "keeper_id"),
        insert_only("warehouse_countterms"),
        insert_only("warehouse_countline"),
        insert_only("warehouse_countentry"),
        insert_only("warehouse_countdecision"),
        changes_only("warehouse_stockcount", "state"),
    ]
