"""A deadline that no longer applies says since when."""

from django.db import migrations, models

from core.walls import changes_only


class Migration(migrations.Migration):
    dependencies = [("customs", "0024_parcel_papers")]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="dropped_on",
            field=models.DateField(blank=True, null=True),
        ),
        changes_only(
            "customs_deadline",
            *("due_on", "met_on", "dropped_on", "declaration_id", "computed_at"),
        ),
    ]
