from datetime import datetime, timedelta

from django.db import migrations, models
from django.utils import timezone


def _in_three_days() -> datetime:
    """As long as every letter was kept until now."""
    return timezone.now() + timedelta(days=3)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_account_events"),
    ]

    operations = [
        migrations.AddField(
            model_name="accountletter",
            name="about",
            field=models.CharField(blank=True, db_index=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="accountletter",
            name="keep_until",
            field=models.DateTimeField(default=_in_three_days),
            preserve_default=False,
        ),
    ]
