"""The stages of a consumer's order, and how far its reserved units are with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("warehouse", "0016_changes_of_stock"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reservation",
            name="state",
            field=models.CharField(
                choices=[
                    ("held", "held"),
                    ("released", "released by customs"),
                    ("picked", "picked"),
                    ("shipped", "handed over"),
                    ("returned", "returned"),
                ],
                default="held",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="retailorder",
            name="state",
            field=models.CharField(
                choices=[
                    ("allocated", "stock allocated"),
                    ("listed", "retail list drawn"),
                    ("released", "released by customs"),
                    ("picked", "picked"),
                    ("packed", "packed"),
                    ("handed_over", "handed over to the carrier"),
                    ("delivered", "delivered"),
                    ("cancelled", "cancelled"),
                    ("returned", "returned"),
                ],
                default="allocated",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="retailorderevent",
            name="state",
            field=models.CharField(
                choices=[
                    ("allocated", "stock allocated"),
                    ("listed", "retail list drawn"),
                    ("released", "released by customs"),
                    ("picked", "picked"),
                    ("packed", "packed"),
                    ("handed_over", "handed over to the carrier"),
                    ("delivered", "delivered"),
                    ("cancelled", "cancelled"),
                    ("returned", "returned"),
                ],
                default="allocated",
                max_length=12,
            ),
        ),
    ]
