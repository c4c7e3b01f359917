"""What consumers send back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0024_orders_in_parts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="stockmovement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("reserved", "reserved"),
                    ("returned", "returned"),
                    ("changed", "status changed"),
                    ("moved", "moved"),
                    ("counted", "counted"),
                    ("destroyed", "destroyed"),
                    ("shipped", "handed over"),
                    ("sent_back", "sent back"),
                    ("transferred", "changed its owner"),
                ],
                max_length=11,
            ),
        ),
        migrations.AlterField(
            model_name="stockposting",
            name="kind",
            field=models.CharField(
                choices=[
                    ("received", "received"),
                    ("reserved", "reserved"),
                    ("returned", "returned"),
                    ("changed", "status changed"),
                    ("moved", "moved"),
                    ("counted", "counted"),
                    ("destroyed", "destroyed"),
                    ("shipped", "handed over"),
                    ("sent_back", "sent back"),
                    ("transferred", "changed its owner"),
                ],
                max_length=11,
            ),
        ),
        migrations.CreateModel(
            name="RetailReturn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("order_number", models.CharField(max_length=32)),
                ("reason", models.CharField(max_length=200)),
                ("announced_at", models.DateTimeField()),
                ("comes_until", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("announced", "announced"),
                            ("arrived", "arrived"),
                            ("refused", "refused"),
                        ],
                        default="announced",
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("refusal", models.JSONField(default=dict)),
                (
                    "announced_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
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
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returns",
                        to="warehouse.retailorder",
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
        ),
        migrations.CreateModel(
            name="RetailReturned",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                (
                    "back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="warehouse.retailreturn",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "reservation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned",
                        to="warehouse.reservation",
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
            name="RetailReturnLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField()),
                (
                    "back",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="warehouse.retailreturn",
                    ),
                ),
                (
                    "keeper",
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
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
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
        migrations.AddConstraint(
            model_name="retailreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("state", "announced")),
                    models.Q(
                        models.Q(("state", "announced"), _negated=True), ("ended_at__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="a_return_ends_at_some_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="retailreturned",
            constraint=models.UniqueConstraint(
                fields=("back", "reservation"), name="units_of_a_lot_come_back_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailreturned",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="some_units_came_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailreturnline",
            constraint=models.UniqueConstraint(
                fields=("back", "position"), name="a_line_comes_back_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailreturnline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="some_units_come_back"
            ),
        ),
        protected(
            "warehouse_retailreturn",
            "seller_id",
            seen_if=f"seller_id = {ACTING} OR keeper_id = {ACTING}",
        ),
        protected(
            "warehouse_retailreturnline",
            "seller_id",
            seen_if=f"seller_id = {ACTING} OR keeper_id = {ACTING}",
        ),
        protected(
            "warehouse_retailreturned",
            "seller_id",
            seen_if=f"seller_id = {ACTING} OR keeper_id = {ACTING}",
        ),
        changes_only("warehouse_retailreturn", "state", "ended_at", "ended_by_id", "refusal"),
        insert_only("warehouse_retailreturnline"),
        insert_only("warehouse_retailreturned"),
    ]
