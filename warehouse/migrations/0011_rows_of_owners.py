from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("warehouse", "0010_movements_by_keeper"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="stockmovement",
            index=models.Index(
                fields=["owner", "kind", "id"],
                include=("quantity", "keeper"),
                name="movement_of_owner_by_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(fields=["seller", "channel", "id"], name="retail_order_by_channel"),
        ),
    ]
