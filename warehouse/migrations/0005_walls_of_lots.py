"""What came in is seen by the warehouse's operator and by who has a part of it."""

from typing import ClassVar

from django.db import migrations

from core.walls import ACTING, asked_by_row, protected

_OPERATOR = (
    "SELECT house.operator_id FROM warehouse_bondedwarehouse AS house WHERE house.id = warehouse_id"
)
_OPERATOR_OF_RECEIPT = (
    "SELECT house.operator_id FROM warehouse_receipt AS counted JOIN warehouse_bondedwarehouse "
    "AS house ON house.id = counted.warehouse_id WHERE counted.id = receipt_id"
)
#: Asked once a statement: an operator has few warehouses.
_KEPT = (
    "warehouse_id = ANY (ARRAY(SELECT house.id FROM warehouse_bondedwarehouse AS house "  # noqa: S608
    f"WHERE house.operator_id = {ACTING}))"
)
#: One row is looked up in few steps, those of a large seller are gathered once.
_HAS_PART = (
    "EXISTS (SELECT FROM warehouse_receiptshare AS share "
    f"WHERE share.receipt_line_id = warehouse_receiptline.id AND share.owner_id = {ACTING})"
)
_HOLDS = (
    "EXISTS (SELECT FROM warehouse_holding AS held "
    f"WHERE held.lot_id = warehouse_lot.id AND held.owner_id = {ACTING})"
)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("procurement", "0005_walls_of_lines"),
        ("warehouse", "0004_refusal"),
    ]

    operations: ClassVar = [
        asked_by_row(
            "warehouse_has_part_of_shipment",
            "EXISTS (SELECT FROM public.procurement_shipmentline AS line "
            "JOIN public.procurement_ordershare AS share ON share.line_id = line.order_line_id "
            "WHERE line.shipment_id = it AND share.owner_id = company)",
        ),
        protected(
            "warehouse_receipt",
            _OPERATOR,
            seen_if=f"{_KEPT} OR warehouse_has_part_of_shipment(shipment_id, {ACTING})",
        ),
        # The keeper of a line stands in the next migration.
        protected("warehouse_receiptline", _OPERATOR_OF_RECEIPT, seen_if=_HAS_PART),
        protected("warehouse_lot", _OPERATOR, seen_if=f"{_KEPT} OR {_HOLDS}"),
    ]
