"""What sellers owe for their shares, and what they paid."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0019_statements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SellerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bill", "bill"),
                            ("correction", "correction of the bill"),
                            ("deposit", "deposit set off"),
                            ("payment", "payment"),
                            ("refund", "refund"),
                        ],
                        max_length=10,
                    ),
                ),
                ("run", models.PositiveSmallIntegerField(null=True)),
                ("amount_minor", core.fields.MinorField()),
                ("value_date", models.DateField()),
                ("due_on", models.DateField(null=True)),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("noted_at", models.DateTimeField()),
                (
                    "deposit",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.deposit",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="procurement.poolround",
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
            options={
                "indexes": [models.Index(fields=["seller", "id"], name="entry_of_seller")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor", 0), _negated=True),
                        name="an_entry_of_an_account_moves_money",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["bill", "correction"]), ("run__isnull", False)),
                            models.Q(
                                ("kind__in", ["deposit", "payment", "refund"]),
                                ("run__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="a_bill_comes_of_a_run",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("run__isnull", True),
                            models.Q(("due_on__isnull", False), ("round__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_bill_is_of_a_round_and_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount_minor__lt", 0), ("kind__in", ["deposit", "payment"])),
                            models.Q(("amount_minor__gt", 0), ("kind", "refund")),
                            ("kind__in", ["bill", "correction"]),
                            _connector="OR",
                        ),
                        name="what_a_seller_pays_lessens_what_it_owes",
                    ),
                    models.UniqueConstraint(
                        fields=("seller", "round", "run"), name="one_entry_per_seller_and_run"
                    ),
                    models.UniqueConstraint(fields=("deposit",), name="a_deposit_is_set_off_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["payment", "refund"])),
                        fields=("kind", "reference"),
                        name="a_line_of_the_bank_counts_once_on_accounts",
                    ),
                ],
            },
        ),
        protected("procurement_sellerentry", "seller_id"),
        insert_only("procurement_sellerentry"),
    ]
