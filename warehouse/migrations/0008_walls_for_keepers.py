"""A warehouse's operator sees what it keeps for others, and nothing else of theirs."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, KEEPS, asked_by_row, seen_also

_KEPT = ("holding", "stockmovement")
_HAS_PART = (
    "EXISTS (SELECT FROM warehouse_receiptshare AS share "
    f"WHERE share.receipt_line_id = warehouse_receiptline.id AND share.owner_id = {ACTING})"
)
_FILL_LINES = """
UPDATE warehouse_receiptline AS line SET keeper_id = house.operator_id
FROM warehouse_receipt AS counted
JOIN warehouse_bondedwarehouse AS house ON house.id = counted.warehouse_id
WHERE counted.id = line.receipt_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


def _keeper(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="accounts.company",
    )


def _filled(table: str) -> str:
    return (
        f"UPDATE warehouse_{table} AS kept SET keeper_id = house.operator_id "  # noqa: S608
        "FROM warehouse_lot AS lot JOIN warehouse_bondedwarehouse AS house "
        "ON house.id = lot.warehouse_id WHERE lot.id = kept.lot_id; SET CONSTRAINTS ALL IMMEDIATE;"
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0002_walls"),
        ("procurement", "0008_walls_for_keepers"),
        ("warehouse", "0007_sums_from_indexes"),
    ]

    operations: ClassVar = [
        *(migrations.AddField(name, "keeper", _keeper(null=True)) for name in _KEPT),
        *(migrations.RunSQL(_filled(name), migrations.RunSQL.noop) for name in _KEPT),
        *(migrations.AlterField(name, "keeper", _keeper(null=False)) for name in _KEPT),
        *(
            seen_also(
                f"warehouse_{name}",
                f"owner_id = {ACTING} OR keeper_id = {ACTING}",
                before=f"owner_id = {ACTING}",
            )
            for name in _KEPT
        ),
        migrations.AddField("receiptline", "keeper", _keeper(null=True)),
        migrations.RunSQL(_FILL_LINES, migrations.RunSQL.noop),
        migrations.AlterField("receiptline", "keeper", _keeper(null=False)),
        seen_also(
            "warehouse_receiptline", f"keeper_id = {ACTING} OR {_HAS_PART}", before=_HAS_PART
        ),
        asked_by_row(
            "warehouse_keeps_line",
            "EXISTS (SELECT FROM public.warehouse_receiptline AS line "
            "WHERE line.id = it AND line.keeper_id = company)",
        ),
        seen_also(
            "warehouse_receiptshare",
            f"owner_id = {ACTING} OR ({KEEPS} AND warehouse_keeps_line(receipt_line_id, {ACTING}))",
            before=f"owner_id = {ACTING}",
        ),
    ]
