"""Pictures of what came to the gate, and which of them were wrong."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, asked_by_row, insert_only, protected

_DAMAGED = (
    "EXISTS (SELECT FROM public.warehouse_receiptline AS counted "
    "JOIN public.warehouse_receiptshare AS share ON share.receipt_line_id = counted.id "
    "WHERE counted.shipment_line_id = taken.line_id AND share.owner_id = company "
    "AND share.damaged > 0)"
)
_CLAIMED = (
    "taken.buyer_id = company AND EXISTS (SELECT FROM public.warehouse_supplierclaim AS claim "
    "WHERE claim.shipment_id = taken.shipment_id AND (taken.line_id IS NULL OR EXISTS ("
    "SELECT FROM public.warehouse_receiptline AS counted "
    "WHERE counted.shipment_line_id = taken.line_id AND counted.damaged > 0)))"
)
#: What was withdrawn is seen by its keeper alone.
_SHOWN = (
    "EXISTS (SELECT FROM public.warehouse_gatepicture AS taken WHERE taken.id = it "  # noqa: S608
    "AND NOT EXISTS (SELECT FROM public.warehouse_gatepicturewithdrawal AS withdrawal "
    f"WHERE withdrawal.picture_id = it) AND ({_CLAIMED} OR {_DAMAGED}))"
)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("procurement", "0031_storage_on_accounts"),
        ("warehouse", "0038_days_of_pallets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GatePicture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=120)),
                ("content", models.BinaryField()),
                ("thumbnail", models.BinaryField()),
                ("width", models.PositiveSmallIntegerField()),
                ("height", models.PositiveSmallIntegerField()),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("again", models.PositiveSmallIntegerField(db_default=0, default=0)),
                ("taken_at", models.DateTimeField()),
                (
                    "buyer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to="procurement.shipmentline",
                    ),
                ),
                (
                    "shipment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pictures",
                        to="procurement.shipment",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GatePictureWithdrawal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                ("withdrawn_at", models.DateTimeField()),
                (
                    "keeper",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "picture",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="withdrawal",
                        to="warehouse.gatepicture",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="gatepicture",
            constraint=models.UniqueConstraint(
                fields=("shipment", "line", "sha256", "again"),
                name="a_picture_stands_once_of_a_line",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="gatepicture",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sha256",
                        models.Func(
                            models.Func(models.F("content"), function="sha256"),
                            models.Value("hex"),
                            function="encode",
                            output_field=models.CharField(),
                        ),
                    )
                ),
                name="a_picture_is_what_its_hash_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="gatepicturewithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="a_withdrawal_has_a_reason"
            ),
        ),
        asked_by_row("warehouse_shows_picture", _SHOWN),
        protected(
            "warehouse_gatepicture",
            "keeper_id",
            seen_if=f"keeper_id = {ACTING} OR warehouse_shows_picture(id, {ACTING})",
        ),
        protected("warehouse_gatepicturewithdrawal", "keeper_id"),
        insert_only("warehouse_gatepicture"),
        insert_only("warehouse_gatepicturewithdrawal"),
    ]
