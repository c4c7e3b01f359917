"""Whose row it was is found by an index, and so are rows that are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("ledger", "0002_walls"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="accountevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="account_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="accountevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="account_hist_gone",
            ),
        ),
    ]
