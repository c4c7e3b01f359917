"""The walls between companies, and the facts that are only ever added."""

from typing import ClassVar

from django.db import migrations

from core.walls import insert_only


class Migration(migrations.Migration):
    dependencies: ClassVar = [("traceability", "0001_initial")]

    operations: ClassVar = [
        insert_only("traceability_traceevent"),
        insert_only("traceability_itemidentity"),
        insert_only("traceability_scan"),
    ]
