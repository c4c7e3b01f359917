"""Orders of one buyer that another order took the place of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("warehouse", "0039_pictures_of_the_gate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetailMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("merged_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="retailorder",
            name="a_shop_order_is_taken_once",
        ),
        migrations.RemoveIndex(
            model_name="retailorder",
            name="retail_order_to_erase",
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
                    ("merged", "merged"),
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
                    ("merged", "merged"),
                ],
                default="allocated",
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(
                    ("buyer_erased_at__isnull", True),
                    ("state__in", ["delivered", "cancelled", "returned", "merged"]),
                ),
                fields=["accepted_at", "id"],
                name="retail_order_to_erase",
            ),
        ),
        migrations.AddIndex(
            model_name="retailorder",
            index=models.Index(
                condition=models.Q(("state__in", ["allocated", "listed"])),
                fields=["seller", "channel", "buyer_id_digest", "id"],
                name="retail_order_of_buyer",
            ),
        ),
        migrations.AddConstraint(
            model_name="retailorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["cancelled", "merged"]), _negated=True),
                fields=("seller", "channel", "channel_order_number", "part"),
                name="a_shop_order_is_taken_once",
            ),
        ),
        migrations.AddField(
            model_name="retailmerge",
            name="into",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_from",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailmerge",
            name="merged_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="retailmerge",
            name="order",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merge",
                to="warehouse.retailorder",
            ),
        ),
        migrations.AddField(
            model_name="retailmerge",
            name="seller",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.company"
            ),
        ),
        migrations.AddConstraint(
            model_name="retailmerge",
            constraint=models.CheckConstraint(
                condition=models.Q(("order", models.F("into")), _negated=True),
                name="nothing_is_merged_into_itself",
            ),
        ),
        protected("warehouse_retailmerge", "seller_id"),
        insert_only("warehouse_retailmerge"),
    ]
