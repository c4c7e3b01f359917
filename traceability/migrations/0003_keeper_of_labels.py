"""A sheet of labels belongs to who received the lot, as the lot's receiving event says."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import protected

_FILL = """
UPDATE traceability_labelsheet AS sheet SET keeper_id = (
    SELECT told.asserted_by_id FROM traceability_traceevent AS told
    WHERE told.biz_step = 'receiving'
    AND told.keys @> ARRAY[('lot:' || sheet.gtin || '.' || sheet.lot_number)::varchar]
    ORDER BY told.id DESC LIMIT 1
);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0002_walls"),
        ("traceability", "0002_walls"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "labelsheet",
            "keeper",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "labelsheet",
            "keeper",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.AddIndex(
            "traceevent",
            models.Index(fields=["asserted_by", "event_time", "id"], name="trace_event_by_teller"),
        ),
        protected("traceability_labelsheet", "keeper_id"),
    ]
