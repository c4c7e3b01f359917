from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0005_sums_from_indexes")]

    operations: ClassVar = [
        migrations.AddIndex(
            "retaillist", models.Index(fields=["tax_minor", "id"], name="retail_list_by_tax")
        ),
    ]
