"""Whose row it was is found by an index, and so are rows that are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("customs", "0006_lists_by_tax"),
        ("procurement", "0010_sizes_of_forecasts"),
        ("warehouse", "0011_rows_of_owners"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="declarationevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="declaration_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="declarationevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="declaration_hist_gone",
            ),
        ),
    ]
