"""What a form was drawn from, kept with it."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0034_readings"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="EntryReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.JSONField()),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="customs.declarationdocument",
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
            ],
        ),
        protected("customs_entryreading", "importer_id"),
        insert_only("customs_entryreading"),
    ]
