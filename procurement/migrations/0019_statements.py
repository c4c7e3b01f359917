"""What a seller is told of a round, as it was told."""

import django.db.models.deletion
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0018_lives_of_orders"),
    ]

    operations = [
        migrations.CreateModel(
            name="RoundStatement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("run", models.PositiveSmallIntegerField()),
                ("made_at", models.DateTimeField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="procurement.poolround",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "round", "run"), name="one_statement_per_owner_and_run"
                    )
                ],
            },
        ),
        protected("procurement_roundstatement", "owner_id"),
        insert_only("procurement_roundstatement"),
    ]
