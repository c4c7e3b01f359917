"""What the authority answers: files as they came, and the receipts in them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.fields
from core.walls import changes_only, insert_only, protected


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0013_goods_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "gateway",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.gateway",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("folder", "folder of the gateway"),
                            ("api", "API"),
                            ("page", "uploaded"),
                        ],
                        max_length=6,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("message", models.CharField(blank=True, max_length=20)),
                ("receipts", models.PositiveSmallIntegerField(default=0)),
                ("repeated", models.PositiveSmallIntegerField(default=0)),
                ("content", core.fields.EncryptedTextField(blank=True)),
                ("refusal", models.CharField(blank=True, max_length=64)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("came_at", models.DateTimeField()),
                (
                    "brought_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["company", "came_at", "id"], name="receipt_file_of_company"
                    ),
                    models.Index(fields=["came_at", "id"], name="receipt_file_by_time"),
                    models.Index(
                        condition=models.Q(("refusal", ""), _negated=True),
                        fields=["came_at", "id"],
                        name="receipt_file_parked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("sha256", "company"),
                        name="a_file_of_the_authority_is_taken_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="customs.receiptfile",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("message", models.CharField(max_length=20)),
                ("about", models.CharField(blank=True, max_length=6)),
                ("identity", models.CharField(max_length=300)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("pre_no", models.CharField(blank=True, max_length=64)),
                ("customs_no", models.CharField(blank=True, max_length=64)),
                ("message_no", models.CharField(blank=True, max_length=255)),
                ("entry_no", models.CharField(blank=True, max_length=18)),
                ("guid", models.CharField(blank=True, max_length=36)),
                ("status", models.CharField(max_length=10)),
                ("returned", models.CharField(blank=True, max_length=25)),
                ("returned_at", models.DateTimeField()),
                ("info", core.fields.EncryptedTextField(blank=True)),
                ("bill", models.JSONField(blank=True, null=True)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("came_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "new"),
                            ("waiting", "fits nothing"),
                            ("matched", "assigned"),
                            ("aside", "set aside"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["company", "came_at", "id"], name="receipt_of_company"),
                    models.Index(fields=["came_at", "id"], name="receipt_by_time"),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "waiting"])),
                        fields=["id"],
                        name="receipt_unmatched",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "identity", "status", "returned", "company"),
                        name="a_receipt_is_taken_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceiptAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aside",
                        to="customs.receipt",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("set_at", models.DateTimeField()),
                (
                    "set_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        protected("customs_receiptfile", "company_id"),
        changes_only("customs_receiptfile", "content"),
        protected("customs_receipt", "company_id"),
        changes_only("customs_receipt", "state", "info"),
        protected("customs_receiptaside", "company_id"),
        insert_only("customs_receiptaside"),
    ]
