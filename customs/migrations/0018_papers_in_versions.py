"""Each paper of a declaration in versions."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, AsOwner, protected

_IMPORTER = "SELECT d.importer_id FROM customs_declaration d WHERE d.id = declaration_id"
_BEFORE = protected("customs_declarationdocument", _IMPORTER)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_owners_in_history"),
        ("customs", "0017_reference_data"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="declarationdocument",
            name="fingerprint",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="declarationdocument",
            name="seller",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddField(
            model_name="declarationdocument",
            name="version",
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AlterField(
            model_name="declarationdocument",
            name="declaration",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="customs.declaration",
            ),
        ),
        migrations.AlterField(
            model_name="declarationdocument",
            name="kind",
            field=models.CharField(
                choices=[
                    ("declaration", "declaration"),
                    ("bonded_list", "bonded list"),
                    ("invoice", "commercial invoice"),
                    ("packing_list", "packing list"),
                    ("contract", "contract"),
                    ("attorney", "power of attorney"),
                    ("tax_estimate", "tax estimate"),
                    ("share_sheet", "share sheet"),
                ],
                max_length=32,
            ),
        ),
        migrations.AddConstraint(
            model_name="declarationdocument",
            constraint=models.UniqueConstraint(
                fields=("declaration", "kind", "language", "seller", "version"),
                name="a_version_of_a_paper_is_made_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="declarationdocument",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "share_sheet"), ("seller__isnull", False)),
                    models.Q(
                        models.Q(("kind", "share_sheet"), _negated=True), ("seller__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="a_share_sheet_is_of_one_seller",
            ),
        ),
        # A share sheet is its seller's to read as well.
        AsOwner(_BEFORE.backwards, _BEFORE.forwards),
        protected(
            "customs_declarationdocument",
            _IMPORTER,
            seen_if=f"({_IMPORTER}) = {ACTING} OR seller_id = {ACTING}",
        ),
    ]
