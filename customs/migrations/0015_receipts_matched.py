"""Which of our documents receipts are about, how far these are, and the authority's tax."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.walls import ACTING, changes_only, insert_only, protected

#: The one who sends, and the seller of what is sent.
_PARTIES = f"company_id = {ACTING} OR seller_id = {ACTING}"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0014_receipts_in"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="retailrelease",
            name="recorded_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingelement",
            index=models.Index(
                condition=models.Q(("pre_number", ""), _negated=True),
                fields=["pre_number"],
                name="element_by_pre_number",
            ),
        ),
        migrations.CreateModel(
            name="ReceiptMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matches",
                        to="customs.receipt",
                    ),
                ),
                (
                    "element",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="customs.outgoingelement",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("matched_at", models.DateTimeField()),
                (
                    "matched_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                (
                    "effect",
                    models.CharField(
                        choices=[
                            ("none", "only shown"),
                            ("due", "due"),
                            ("done", "done"),
                            ("refused", "could not be done"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("refusal", models.CharField(blank=True, max_length=64)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("effected_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("effect", "due")),
                        fields=["id"],
                        name="receipt_effect_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("receipt", "element"), name="a_receipt_is_of_a_document_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ElementState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "element",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standing",
                        to="customs.outgoingelement",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customs.receipt",
                    ),
                ),
                ("message", models.CharField(max_length=20)),
                ("status", models.CharField(max_length=10)),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("moving", "under way"),
                            ("taken", "taken by customs"),
                            ("held", "held by customs"),
                            ("refused", "refused by customs"),
                            ("done", "done"),
                        ],
                        max_length=8,
                    ),
                ),
                ("returned_at", models.DateTimeField()),
                ("entry_no", models.CharField(blank=True, max_length=18)),
            ],
        ),
        migrations.CreateModel(
            name="TaxBill",
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
                        related_name="tax_bill",
                        to="customs.receipt",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "retail_list",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tax_bills",
                        to="customs.retaillist",
                    ),
                ),
                ("number", models.CharField(max_length=50)),
                ("list_number", models.CharField(max_length=18)),
                ("assure_code", models.CharField(blank=True, max_length=64)),
                ("duty", models.DecimalField(decimal_places=5, max_digits=19)),
                ("vat", models.DecimalField(decimal_places=5, max_digits=19)),
                ("consumption_tax", models.DecimalField(decimal_places=5, max_digits=19)),
                ("total", models.DecimalField(decimal_places=5, max_digits=21)),
                ("differs", models.BooleanField(default=False)),
                ("difference", models.DecimalField(decimal_places=5, default=0, max_digits=21)),
                ("made_at", models.DateTimeField()),
                (
                    "status",
                    models.CharField(
                        choices=[("1", "made"), ("2", "summed"), ("3", "void")], max_length=1
                    ),
                ),
                ("status_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["made_at", "id"], name="tax_bill_by_time"),
                    models.Index(fields=["assure_code", "made_at"], name="tax_bill_of_guarantor"),
                    models.Index(
                        condition=models.Q(("differs", True)),
                        fields=["made_at", "id"],
                        name="tax_bill_that_differs",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("number", "company"), name="a_tax_bill_is_taken_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaxBillLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="customs.taxbill",
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                (
                    "seller",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.company",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("hs_code", models.CharField(max_length=10)),
                ("dutiable", models.DecimalField(decimal_places=5, max_digits=19)),
                ("duty", models.DecimalField(decimal_places=5, max_digits=19)),
                ("vat", models.DecimalField(decimal_places=5, max_digits=19)),
                ("consumption_tax", models.DecimalField(decimal_places=5, max_digits=19)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("bill", "position"), name="one_taxed_line_a_position"
                    )
                ],
            },
        ),
        protected("customs_receiptmatch", "company_id", seen_if=_PARTIES),
        changes_only("customs_receiptmatch", "effect", "refusal", "facts", "effected_at"),
        protected("customs_elementstate", "company_id", seen_if=_PARTIES),
        changes_only(
            "customs_elementstate",
            *("receipt_id", "message", "status", "rank", "outcome", "returned_at", "entry_no"),
        ),
        protected("customs_taxbill", "company_id", seen_if=_PARTIES),
        changes_only("customs_taxbill", "status", "status_at"),
        protected("customs_taxbillline", "company_id", seen_if=_PARTIES),
        insert_only("customs_taxbillline"),
    ]
