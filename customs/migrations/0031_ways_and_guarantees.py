"""On which ways shipments are declared, and guarantees for tax that is paid by month."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, insert_only, protected

_EITHER = f"importer_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0030_entry_statements"),
        ("procurement", "0032_claims_on_accounts"),
        ("warehouse", "0042_settled_claims"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="CollectiveDeclaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("their_reference", models.CharField(max_length=18, unique=True)),
                ("month", models.DateField()),
                ("lodged_at", models.DateTimeField()),
                (
                    "importer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "recorded_by",
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
                        related_name="+",
                        to="warehouse.bondedwarehouse",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectedList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "declaration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="collected",
                        to="customs.declaration",
                    ),
                ),
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
                    "collective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lists",
                        to="customs.collectivedeclaration",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ShipmentEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("ordinary", "ordinary declaration"),
                            ("in_advance", "declare in advance"),
                            ("two_step", "two-step declaration"),
                            ("first_in", "first in, then declare"),
                            ("collective", "collective declaration"),
                        ],
                        max_length=10,
                    ),
                ),
                ("pass_number", models.CharField(max_length=24, unique=True)),
                ("entered_at", models.DateTimeField()),
                (
                    "importer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
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
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "shipment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entry",
                        to="procurement.shipment",
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
            name="ShipmentWay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("ordinary", "ordinary declaration"),
                            ("in_advance", "declare in advance"),
                            ("two_step", "two-step declaration"),
                            ("first_in", "first in, then declare"),
                            ("collective", "collective declaration"),
                        ],
                        max_length=10,
                    ),
                ),
                ("arrived_on", models.DateField(blank=True, null=True)),
                ("told_at", models.DateTimeField()),
                (
                    "importer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ways",
                        to="procurement.shipment",
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
            ],
        ),
        migrations.CreateModel(
            name="Guarantee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assure_code", models.CharField(max_length=64)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=19)),
                ("valid_from", models.DateField()),
                ("evidence", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField()),
                (
                    "company",
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
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="a_guarantee_is_good_for_something_or_over",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuaranteePayment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assure_code", models.CharField(max_length=64)),
                ("month", models.DateField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=19)),
                ("paid_on", models.DateField()),
                ("evidence", models.CharField(max_length=200)),
                ("recorded_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="a_payment_of_tax_is_some_yuan"
                    )
                ],
            },
        ),
        protected("customs_shipmentway", "importer_id"),
        insert_only("customs_shipmentway"),
        protected("customs_shipmententry", "importer_id", seen_if=_EITHER),
        insert_only("customs_shipmententry"),
        protected("customs_collectivedeclaration", "importer_id"),
        insert_only("customs_collectivedeclaration"),
        protected("customs_collectedlist", "importer_id"),
        insert_only("customs_collectedlist"),
        protected("customs_guarantee", "company_id"),
        insert_only("customs_guarantee"),
        protected("customs_guaranteepayment", "company_id"),
        insert_only("customs_guaranteepayment"),
    ]
