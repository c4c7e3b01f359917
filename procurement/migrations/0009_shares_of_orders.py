"""A share knows its order: neither sums nor the wall of the orders ask for the lines."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, KEEPS, seen_also

_COPY = """
CREATE FUNCTION procurement_share_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT line.order_id INTO NEW.order_id
    FROM procurement_purchaseorderline AS line WHERE line.id = NEW.line_id;
    RETURN NEW;
END $$;
CREATE TRIGGER share_is_of_its_lines_order BEFORE INSERT ON procurement_ordershare
FOR EACH ROW WHEN (NEW.order_id IS NULL) EXECUTE FUNCTION procurement_share_of_order();
UPDATE procurement_ordershare AS share SET order_id = line.order_id
FROM procurement_purchaseorderline AS line WHERE line.id = share.line_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_UNDO = """
DROP TRIGGER share_is_of_its_lines_order ON procurement_ordershare;
DROP FUNCTION procurement_share_of_order();
"""
_BOUGHT = f"buyer_id = {ACTING}"
_COMES_IN = f"({KEEPS} AND procurement_comes_in(id, {ACTING}))"
_BUYS = (
    "order_id IN (SELECT bought.id FROM procurement_purchaseorder AS bought "  # noqa: S608
    f"WHERE bought.buyer_id = {ACTING})"
)
_SHARES = (
    "IN (SELECT share.order_id FROM procurement_ordershare AS share "  # noqa: S608
    f"WHERE share.owner_id = {ACTING})"
)
_SHARES_LINES = (
    "IN (SELECT line.order_id FROM procurement_ordershare AS share "  # noqa: S608
    "JOIN procurement_purchaseorderline AS line ON line.id = share.line_id "
    f"WHERE share.owner_id = {ACTING})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0008_walls_for_keepers")]

    operations: ClassVar = [
        migrations.AddField(
            "ordershare",
            "order",
            models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="procurement.purchaseorder",
            ),
        ),
        migrations.RunSQL(_COPY, _UNDO),
        migrations.RemoveIndex("ordershare", "order_share_of_owner"),
        migrations.AddIndex(
            "ordershare",
            models.Index(
                fields=["owner", "order"],
                include=["line", "quantity", "amount_minor", "alone_minor"],
                name="order_share_of_owner",
            ),
        ),
        seen_also(
            "procurement_purchaseorder",
            f"{_BOUGHT} OR {_COMES_IN} OR id {_SHARES}",
            before=f"{_BOUGHT} OR {_COMES_IN} OR id {_SHARES_LINES}",
        ),
        seen_also(
            "procurement_shipment",
            f"bound_for_id = {ACTING} OR {_BUYS} OR order_id {_SHARES}",
            before=f"bound_for_id = {ACTING} OR {_BUYS} OR order_id {_SHARES_LINES}",
        ),
    ]
