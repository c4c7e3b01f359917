"""Whose numbers stand in messages and receipts, and which telling stands in another's place."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import AsOwner

# What was told more than once so far was told anew each time, but for returns.
_BEFORE = """
UPDATE customs_outgoingelement AS it SET again_id = earlier.id
FROM customs_outgoingelement AS earlier
WHERE earlier.retail_list_id = it.retail_list_id AND earlier.kind = it.kind
    AND earlier.turn = it.turn - 1 AND it.kind <> 'CEB625'
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("customs", "0028_passes_of_trucks")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="outgoingelement",
            name="giver",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outgoingelement",
            name="again",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="told_anew",
                to="customs.outgoingelement",
            ),
        ),
        migrations.AddField(
            model_name="receipt",
            name="giver",
            field=models.CharField(blank=True, default="", max_length=40),
            preserve_default=False,
        ),
        AsOwner([_BEFORE], []),
        migrations.AddConstraint(
            model_name="outgoingelement",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("again__isnull", True),
                    ("retail_list__isnull", False),
                    models.Q(("kind", "CEB625"), _negated=True),
                ),
                fields=("retail_list", "kind"),
                name="a_list_is_first_told_once",
            ),
        ),
    ]
