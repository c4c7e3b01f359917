from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("procurement", "0028_shares_name_their_round")]

    operations = [
        migrations.AddField(
            model_name="roundcharge",
            name="is_private",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
