"""The wall around the refusals, which are facts too."""

from typing import ClassVar

from django.db import migrations

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0003_refusals")]

    operations: ClassVar = [
        protected("customs_retailrefusal", "seller_id"),
        insert_only("customs_retailrefusal"),
    ]
