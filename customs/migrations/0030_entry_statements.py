"""What importers state of their entries: relation, influence, royalties, ports, packing, broker."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("customs", "0029_tellings_anew"),
        ("procurement", "0032_claims_on_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="EntryStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "special_relation",
                    models.CharField(
                        choices=[("0", "no"), ("1", "yes"), ("9", "not applicable")], max_length=1
                    ),
                ),
                (
                    "price_influence",
                    models.CharField(
                        choices=[("0", "no"), ("1", "yes"), ("9", "not applicable")], max_length=1
                    ),
                ),
                (
                    "royalties",
                    models.CharField(
                        choices=[("0", "no"), ("1", "yes"), ("9", "not applicable")], max_length=1
                    ),
                ),
                ("departure_port", models.CharField(blank=True, max_length=6)),
                ("call_port", models.CharField(blank=True, max_length=6)),
                ("package_kind", models.CharField(max_length=2)),
                ("broker_name", models.CharField(blank=True, max_length=100)),
                ("broker_uscc", models.CharField(blank=True, max_length=18)),
                ("broker_customs_code", models.CharField(blank=True, max_length=10)),
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="procurement.shipment",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.tradingpartner",
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
            options={
                "indexes": [
                    models.Index(fields=["supplier", "importer"], name="statement_of_supplier")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("broker_customs_code", ""),
                                ("broker_name", ""),
                                ("broker_uscc", ""),
                            ),
                            models.Q(
                                ("broker_name", ""),
                                ("broker_uscc", ""),
                                ("broker_customs_code", ""),
                                _connector="OR",
                                _negated=True,
                            ),
                            _connector="OR",
                        ),
                        name="a_broker_is_named_with_its_codes",
                    )
                ],
            },
        ),
        protected("customs_entrystatement", "importer_id"),
        insert_only("customs_entrystatement"),
    ]
