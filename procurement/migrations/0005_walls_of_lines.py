"""The lines, papers and shipment lines of an order stand behind the walls of the order."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, asked_by_row, protected

_FILL = """
UPDATE procurement_purchaseorderline AS line SET buyer_id = placed.buyer_id
FROM procurement_purchaseorder AS placed WHERE placed.id = line.order_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_BUYER = "SELECT o.buyer_id FROM procurement_purchaseorder AS o WHERE o.id = order_id"
_BUYER_OF_LINE = (
    "SELECT l.buyer_id FROM procurement_purchaseorderline AS l WHERE l.id = order_line_id"
)
#: One order line is looked up in few steps, those of a large seller are gathered once.
_SHARED = (
    "EXISTS (SELECT FROM procurement_ordershare AS share "
    f"WHERE share.line_id = procurement_purchaseorderline.id AND share.owner_id = {ACTING})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0002_walls"),
        ("procurement", "0004_walls_of_orders"),
    ]

    operations: ClassVar = [
        # A line that looked its buyer up in the order could not be asked by the order's own wall.
        migrations.AddField(
            "purchaseorderline",
            "buyer",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "purchaseorderline",
            "buyer",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.company",
            ),
        ),
        protected(
            "procurement_purchaseorderline",
            "buyer_id",
            seen_if=f"buyer_id = {ACTING} OR {_SHARED}",
        ),
        asked_by_row(
            "procurement_sees_line",
            "EXISTS (SELECT FROM public.procurement_purchaseorderline AS line "
            "WHERE line.id = it AND (line.buyer_id = company OR EXISTS ("
            "SELECT FROM public.procurement_ordershare AS share "
            "WHERE share.line_id = line.id AND share.owner_id = company)))",
        ),
        protected(
            "procurement_shipmentline",
            _BUYER_OF_LINE,
            seen_if=f"procurement_sees_line(order_line_id, {ACTING})",
        ),
        # A paper is the buyer's alone.
        protected(
            "procurement_orderdocument",
            _BUYER,
            seen_if="order_id IN (SELECT bought.id FROM procurement_purchaseorder AS bought "  # noqa: S608
            f"WHERE bought.buyer_id = {ACTING})",
        ),
    ]
