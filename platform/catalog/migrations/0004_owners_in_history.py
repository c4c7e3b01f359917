"""Whose row it was is found by an index, and so are rows that are gone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_first_operator"),
        ("catalog", "0003_accounts_are_settlements"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="productevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="product_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="productevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="product_hist_gone",
            ),
        ),
        migrations.AddIndex(
            model_name="tradingpartnerevent",
            index=models.Index(
                fields=["pgh_owner", "pgh_created_at", "pgh_id"], name="tradingpartner_hist_own"
            ),
        ),
        migrations.AddIndex(
            model_name="tradingpartnerevent",
            index=models.Index(
                condition=models.Q(("pgh_label", "delete")),
                fields=["pgh_obj"],
                name="tradingpartner_hist_gone",
            ),
        ),
    ]
