"""Messages that were sent and whose bytes are still kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0025_dropped_deadlines"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(
                condition=models.Q(("state", "sent"), models.Q(("body", ""), _negated=True)),
                fields=["sent_at", "id"],
                name="message_to_empty",
            ),
        ),
    ]
