"""The walls around the history."""

from typing import ClassVar

from django.db import migrations

from core.history import walled


class Migration(migrations.Migration):
    dependencies: ClassVar = [("catalog", "0001_initial")]

    operations: ClassVar = [
        walled("catalog_tradingpartnerevent"),
        walled("catalog_productevent"),
    ]
