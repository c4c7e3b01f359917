"""How long goods may lie in bond, what of their life a sale must leave, when stock changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0033_storage_tariffs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BondLimit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ShelfMinimum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(blank=True, max_length=32)),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("set_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="holding",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("status", "available")),
                fields=["owner", "changed_at"],
                include=("product",),
                name="holding_to_sell",
            ),
        ),
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("status", "available")),
                fields=["owner", "product"],
                include=("warehouse", "on_hand", "expires_on", "frozen_by", "changed_at"),
                name="holding_to_sell_of_product",
            ),
        ),
        migrations.AddField(
            model_name="bondlimit",
            name="keeper",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="bondlimit",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="bondlimit",
            name="warehouse",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="bond_limits",
                to="warehouse.bondedwarehouse",
            ),
        ),
        migrations.AddField(
            model_name="shelfminimum",
            name="product",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.product",
            ),
        ),
        migrations.AddField(
            model_name="shelfminimum",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddField(
            model_name="shelfminimum",
            name="set_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="bondlimit",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 30), ("days__lte", 3650)),
                name="goods_lie_in_bond_for_some_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfminimum",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel", ""), ("product__isnull", True), _connector="OR"),
                name="a_minimum_is_of_a_shop_or_of_a_product",
            ),
        ),
        migrations.AddConstraint(
            model_name="shelfminimum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("days__isnull", True),
                    models.Q(("days__gte", 1), ("days__lte", 3650)),
                    _connector="OR",
                ),
                name="a_minimum_is_some_days",
            ),
        ),
        protected("warehouse_bondlimit", "keeper_id"),
        insert_only("warehouse_bondlimit"),
        protected("warehouse_shelfminimum", "seller_id"),
        insert_only("warehouse_shelfminimum"),
    ]
