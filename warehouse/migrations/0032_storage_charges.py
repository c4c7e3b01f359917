"""What each day in a warehouse cost each owner, and the bills of the months."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import core.fields
import core.history
import warehouse.models.fees
from core.walls import ACTING, insert_only, protected

_OWN = f"owner_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0031_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StorageBill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("month", models.DateField()),
                ("exact", warehouse.models.fees.ExactField(decimal_places=8, max_digits=28)),
                ("total_minor", core.fields.MinorField()),
                ("due_on", models.DateField()),
                ("billed_at", models.DateTimeField()),
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
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StorageBillLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("volume", "storage by volume"),
                            ("pallet", "storage by pallet"),
                            ("unit_in", "units handled in"),
                            ("order", "orders handed over"),
                            ("order_line", "order lines picked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("after_days", models.PositiveIntegerField(null=True)),
                ("tariff", models.CharField(max_length=20)),
                ("is_correction", models.BooleanField()),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=20)),
                ("rate", warehouse.models.fees.RateField(decimal_places=2, max_digits=12)),
                ("exact", warehouse.models.fees.ExactField(decimal_places=8, max_digits=28)),
                ("amount_minor", core.fields.MinorField()),
                (
                    "bill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="warehouse.storagebill",
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
                    "owner",
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
            name="StorageCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("run_day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("volume", "storage by volume"),
                            ("pallet", "storage by pallet"),
                            ("unit_in", "units handled in"),
                            ("order", "orders handed over"),
                            ("order_line", "order lines picked"),
                        ],
                        max_length=10,
                    ),
                ),
                ("tariff", models.CharField(max_length=20)),
                ("after_days", models.PositiveIntegerField(null=True)),
                ("units", models.IntegerField()),
                ("unit_cm3", models.PositiveIntegerField(null=True)),
                ("quantity", models.DecimalField(decimal_places=6, max_digits=20)),
                ("rate", warehouse.models.fees.RateField(decimal_places=2, max_digits=12)),
                ("amount", warehouse.models.fees.ExactField(decimal_places=8, max_digits=28)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="warehouse.lot",
                    ),
                ),
                (
                    "owner",
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
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
            name="StorageRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("charges", models.PositiveIntegerField()),
                ("corrections", models.PositiveIntegerField()),
                ("ran_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
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
        migrations.AddIndex(
            model_name="storagebill",
            index=models.Index(fields=["owner", "id"], name="storage_bill_of_owner"),
        ),
        migrations.AddIndex(
            model_name="storagebill",
            index=models.Index(fields=["keeper", "id"], name="storage_bill_of_keeper"),
        ),
        migrations.AddConstraint(
            model_name="storagebill",
            constraint=models.UniqueConstraint(
                fields=("warehouse", "month", "owner"), name="a_month_is_billed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="storagebillline",
            constraint=models.UniqueConstraint(
                fields=("bill", "position"), name="one_line_of_a_storage_bill_per_position"
            ),
        ),
        migrations.AddIndex(
            model_name="storagecharge",
            index=models.Index(fields=["warehouse", "day", "owner"], name="charge_by_day"),
        ),
        migrations.AddIndex(
            model_name="storagecharge",
            index=models.Index(
                fields=["owner", "id"], include=("keeper", "amount"), name="charge_of_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="storagecharge",
            index=models.Index(
                fields=["keeper", "id"], include=("owner",), name="charge_of_keeper"
            ),
        ),
        migrations.AddIndex(
            model_name="storagecharge",
            index=models.Index(fields=["warehouse", "run_day", "owner"], name="charge_by_run"),
        ),
        migrations.AddIndex(
            model_name="storagecharge",
            index=models.Index(fields=["lot", "id"], include=("owner",), name="charge_of_lot"),
        ),
        migrations.AddConstraint(
            model_name="storagecharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount",
                        django.db.models.expressions.CombinedExpression(
                            models.F("quantity"), "*", models.F("rate")
                        ),
                    )
                ),
                name="a_charge_is_its_quantity_times_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="storagecharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("run_day__gte", models.F("day"))),
                name="a_day_is_charged_when_it_is_over",
            ),
        ),
        migrations.AddConstraint(
            model_name="storagecharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["order", "order_line"]), ("lot__isnull", True)),
                    models.Q(("kind__in", ["volume", "pallet", "unit_in"]), ("lot__isnull", False)),
                    _connector="OR",
                ),
                name="what_lies_there_is_charged_by_lot",
            ),
        ),
        migrations.AddConstraint(
            model_name="storagerun",
            constraint=models.UniqueConstraint(
                fields=("warehouse", "day"), name="a_day_is_charged_once"
            ),
        ),
        protected("warehouse_storagerun", "keeper_id"),
        insert_only("warehouse_storagerun"),
        protected("warehouse_storagecharge", "owner_id", seen_if=_OWN),
        insert_only("warehouse_storagecharge"),
        protected("warehouse_storagebill", "owner_id", seen_if=_OWN),
        insert_only("warehouse_storagebill"),
        protected("warehouse_storagebillline", "owner_id", seen_if=_OWN),
        insert_only("warehouse_storagebillline"),
    ]
