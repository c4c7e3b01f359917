"""What a supplier pays for damaged goods stands on their owners' accounts."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0031_storage_on_accounts"),
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
                    ("claim", "paid by a supplier for damage"),
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
                        ("kind__in", ["deposit", "payment", "refund", "sale", "storage", "claim"]),
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
                    ("kind__in", ["bill", "correction", "sale", "storage", "claim"]),
                    _connector="OR",
                ),
                name="what_a_seller_pays_lessens_what_it_owes",
            ),
        ),
        migrations.AddConstraint(
            model_name="sellerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "claim")),
                fields=("seller", "reference"),
                name="a_settled_claim_counts_once_for_each",
            ),
        ),
    ]
