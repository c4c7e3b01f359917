"""From where a job was asked for, for the history of what it changes."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("jobs", "0004_whose_turn"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="job",
            name="asked",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="job",
            name="request_id",
            field=models.UUIDField(blank=True, null=True),
        ),
    ]
