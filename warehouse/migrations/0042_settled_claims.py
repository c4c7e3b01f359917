"""What suppliers pay for claims, and each owner's part of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0041_serials_put_right"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimSettlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                ("version", models.PositiveSmallIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", core.fields.MinorField()),
                ("settled_on", models.DateField()),
                ("rate", models.DecimalField(decimal_places=10, max_digits=20)),
                ("rate_source", models.CharField(max_length=32)),
                ("home_minor", core.fields.MinorField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("entered_at", models.DateTimeField()),
                (
                    "buyer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="settlements",
                        to="warehouse.supplierclaim",
                    ),
                ),
                (
                    "entered_by",
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
            name="ClaimPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("units", models.PositiveIntegerField()),
                ("amount_minor", core.fields.MinorField()),
                ("home_minor", core.fields.MinorField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "settlement",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="warehouse.claimsettlement",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="claimsettlement",
            constraint=models.UniqueConstraint(
                fields=("claim", "version"), name="one_settlement_of_a_claim_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="claimsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("version", 1)),
                    models.Q(("version__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_corrected_settlement_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount_minor__gte", 0), ("home_minor__gte", 0)),
                name="a_supplier_pays_and_takes_nothing",
            ),
        ),
        migrations.AddConstraint(
            model_name="claimpart",
            constraint=models.UniqueConstraint(
                fields=("settlement", "owner"), name="one_part_of_a_settlement_per_owner"
            ),
        ),
        protected("warehouse_claimsettlement", "buyer_id"),
        protected("warehouse_claimpart", "owner_id"),
        insert_only("warehouse_claimsettlement"),
        insert_only("warehouse_claimpart"),
    ]
