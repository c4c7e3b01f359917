"""A token belongs to one membership; those made before belong to the last one that fits."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

_FILL = """
UPDATE rest_apitoken AS token SET membership_id = (
    SELECT member.id FROM accounts_membership AS member
    WHERE member.user_id = token.created_by_id AND member.company_id = token.company_id
    ORDER BY (member.role = token.role) DESC, member.ended_at DESC NULLS FIRST, member.id DESC
    LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0004_stint"), ("rest", "0002_walls")]

    operations: ClassVar = [
        migrations.AddField(
            "apitoken",
            "stint",
            models.PositiveSmallIntegerField(default=1),
            preserve_default=False,
        ),
        migrations.AddField(
            "apitoken",
            "membership",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "apitoken",
            "membership",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.membership",
            ),
        ),
    ]
