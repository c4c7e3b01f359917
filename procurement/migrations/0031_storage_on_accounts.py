"""A warehouse's bills of storage and handling stand on the accounts of sellers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0030_sales_in_bond"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="sellerentry",
            name="a_bill_comes_of_a_run",
        ),
        migrations.RemoveConstraint(
            model_name="sellerentry",
            name="what_a_seller_pays_lessens_what_it_owes",
        ),
        migrations.AddField(
            model_name="sellerentry",
            name="payee",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AlterField(
            model_name="sellerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("bill", "bill"),
                    ("correction", "correction of the bill"),
                    ("deposit", "deposit set off"),
                    ("payment", "payment"),
                    ("refund", "refund"),
                    ("sale", "goods sold in bond"),
                    ("storage", "storage and handling"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["bill", "correction"]), ("run__isnull", False)),
                    models.Q(
                        ("kind__in", ["deposit", "payment", "refund", "sale", "storage"]),
                        ("run__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_bill_comes_of_a_run",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount_minor__lt", 0), ("kind__in", ["deposit", "payment"])),
                    models.Q(("amount_minor__gt", 0), ("kind", "refund")),
                    ("kind__in", ["bill", "correction", "sale", "storage"]),
                    _connector="OR",
                ),
                name="what_a_seller_pays_lessens_what_it_owes",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("due_on__isnull", False), ("kind", "storage"), ("payee__isnull", False)
                    ),
                    models.Q(models.Q(("kind", "storage"), _negated=True), ("payee__isnull", True)),
                    _connector="OR",
                ),
                name="storage_is_collected_for_a_warehouse",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "storage")),
                fields=("reference",),
                name="a_bill_of_storage_is_entered_once",
            ),
        ),
    ]
