from django.db import migrations, models


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
            field=models.DateTimeField(null=True),
        ),
        # As long as every letter was kept until now.
        migrations.RunSQL(
            "UPDATE accounts_accountletter SET keep_until = queued_at + interval '3 days'",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="accountletter",
            name="keep_until",
            field=models.DateTimeField(),
        ),
    ]
