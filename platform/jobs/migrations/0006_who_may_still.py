"""By which membership and token a job was asked for, so that it ends with them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("jobs", "0005_who_asked"),
        ("rest", "0004_owners_in_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="membership",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="stint",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="job",
            name="token",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="rest.apitoken",
            ),
        ),
    ]
