"""Who was served longest ago is served next."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("notices", "0002_walls"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="called_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
