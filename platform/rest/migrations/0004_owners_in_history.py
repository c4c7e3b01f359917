"""Whose row it was is found by an index, and so are rows that are gone."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("rest", "0003_membership_of_a_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="apitokenevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="apitoken_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="apitokenevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="apitoken_hist_gone",
            ),
        ),
    ]
