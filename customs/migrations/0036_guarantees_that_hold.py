"""A guarantee with too little left holds back the lists whose tax it would not cover."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0035_kept_readings")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="guarantee", name="holds", field=models.BooleanField(default=False)
        ),
    ]
