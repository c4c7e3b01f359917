"""What stands on a pallet is charged by that pallet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("catalog", "0006_over_delivery"),
        ("warehouse", "0037_serial_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="storagecharge",
            name="pallet",
            field=models.CharField(blank=True, db_default="", default="", max_length=18),
        ),
        migrations.AddConstraint(
            model_name="storagecharge",
            constraint=models.CheckConstraint(
                condition=models.Q(("pallet", ""), ("kind", "pallet"), _connector="OR"),
                name="a_pallet_is_charged_as_a_pallet",
            ),
        ),
    ]
