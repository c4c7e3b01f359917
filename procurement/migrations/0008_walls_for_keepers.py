"""A warehouse's operator sees what is bound for it: the shipments, their lines and their orders."""

from typing import ClassVar

from django.db import migrations

from core.walls import ACTING, KEEPS, asked_by_row, seen_also

_BOUGHT = f"buyer_id = {ACTING}"
_BUYS = (
    "order_id IN (SELECT bought.id FROM procurement_purchaseorder AS bought "  # noqa: S608
    f"WHERE bought.buyer_id = {ACTING})"
)
_SHARES = (
    "IN (SELECT line.order_id FROM procurement_ordershare AS share "  # noqa: S608
    "JOIN procurement_purchaseorderline AS line ON line.id = share.line_id "
    f"WHERE share.owner_id = {ACTING})"
)
_SHARES_LINE = (
    "EXISTS (SELECT FROM procurement_ordershare AS share "
    f"WHERE share.line_id = procurement_purchaseorderline.id AND share.owner_id = {ACTING})"
)
_SEES_LINE = f"procurement_sees_line(order_line_id, {ACTING})"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0007_sums_from_indexes")]

    operations: ClassVar = [
        asked_by_row(
            "procurement_comes_in",
            "EXISTS (SELECT FROM public.procurement_shipment AS shipment "
            "WHERE shipment.order_id = it AND shipment.bound_for_id = company)",
        ),
        asked_by_row(
            "procurement_is_bound",
            "EXISTS (SELECT FROM public.procurement_shipment AS shipment "
            "WHERE shipment.id = it AND shipment.bound_for_id = company)",
        ),
        seen_also(
            "procurement_purchaseorder",
            f"{_BOUGHT} OR ({KEEPS} AND procurement_comes_in(id, {ACTING})) OR id {_SHARES}",
            before=f"{_BOUGHT} OR id {_SHARES}",
        ),
        seen_also(
            "procurement_purchaseorderline",
            f"{_BOUGHT} OR ({KEEPS} AND procurement_comes_in(order_id, {ACTING})) "
            f"OR {_SHARES_LINE}",
            before=f"{_BOUGHT} OR {_SHARES_LINE}",
        ),
        # Not whoever sees the order: other shipments of it may be bound for another warehouse.
        seen_also(
            "procurement_shipment",
            f"bound_for_id = {ACTING} OR {_BUYS} OR order_id {_SHARES}",
            before="order_id IN (SELECT seen.id FROM procurement_purchaseorder AS seen)",
        ),
        seen_also(
            "procurement_shipmentline",
            f"({KEEPS} AND procurement_is_bound(shipment_id, {ACTING})) OR {_SEES_LINE}",
            before=_SEES_LINE,
        ),
    ]
