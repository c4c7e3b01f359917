"""An endpoint may be removed for good; only the words of a column change."""

from typing import ClassVar

from django.db import migrations, models

_WHY = [
    ("person", "switched off by a person"),
    ("failing", "it failed for three days"),
    ("gone", "the receiver answered 410 Gone"),
    ("ended", "removed by a person"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("notices", "0004_owners_in_history"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            model_name=model,
            name="disabled_because",
            field=models.CharField(blank=True, choices=_WHY, max_length=8),
        )
        for model in ("webhookendpoint", "webhookendpointevent")
    ]
