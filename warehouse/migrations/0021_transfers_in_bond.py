"""Goods in bond that one seller offers another; the two and the keeper see them, nobody else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.walls import ACTING, changes_only, insert_only, protected

_PARTIES = f"giver_id = {ACTING} OR taker_id = {ACTING} OR keeper_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0004_owners_in_history"),
        ("warehouse", "0020_walls_of_waves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="holding",
            name="status",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="stockchange",
            name="after",
            field=models.CharField(
                blank=True,
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
        migrations.AlterField(
            model_name="stockchange",
            name="before",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="stockchangeevent",
            name="after",
            field=models.CharField(
                blank=True,
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
        migrations.AlterField(
            model_name="stockchangeevent",
            name="before",
            field=models.CharField(
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
        migrations.AlterField(
            model_name="stockmovement",
            name="status",
            field=models.CharField(
                blank=True,
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
        migrations.CreateModel(
            name="StockTransfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("lot_number", models.CharField(max_length=20)),
                ("expires_on", models.DateField(null=True)),
                ("quantity", models.PositiveIntegerField()),
                ("price_minor", core.fields.MinorField()),
                ("valid_until", models.DateField()),
                ("remark", models.CharField(blank=True, max_length=200)),
                ("account_book", models.CharField(max_length=12)),
                ("book_changes", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField()),
                (
                    "giver",
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
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="warehouse.lot",
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
                    "taker",
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
        migrations.CreateModel(
            name="TransferConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("expired", "expired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("said_at", models.DateTimeField()),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "giver",
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
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="warehouse.stocktransfer",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="stocktransfer",
            index=models.Index(
                condition=models.Q(("state", "offered")),
                fields=["valid_until", "id"],
                name="transfer_offered",
            ),
        ),
        migrations.AddConstraint(
            model_name="stocktransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), ("price_minor__gte", 0)),
                name="an_offer_is_of_some_units_at_a_price",
            ),
        ),
        migrations.AddConstraint(
            model_name="stocktransfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("taker")), _negated=True),
                name="nobody_offers_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="transferconsent",
            constraint=models.UniqueConstraint(
                fields=("transfer", "step"), name="an_offer_takes_each_step_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="transferconsent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("step", "offered"), _negated=True),
                fields=("transfer",),
                name="an_offer_ends_once",
            ),
        ),
        protected("warehouse_stocktransfer", "giver_id", seen_if=_PARTIES),
        protected("warehouse_transferconsent", "giver_id", seen_if=_PARTIES),
        changes_only("warehouse_stocktransfer", "state"),
        insert_only("warehouse_transferconsent"),
    ]
