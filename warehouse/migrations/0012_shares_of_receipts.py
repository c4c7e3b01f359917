"""A share knows its receipt and product: an owner's are found and seen without the lines."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

from core.walls import ACTING, AsOwner, asked_by_row, seen_also

_COPY = """
CREATE FUNCTION warehouse_share_of_receipt() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT line.receipt_id, ordered.product_id INTO NEW.receipt_id, NEW.product_id
    FROM warehouse_receiptline AS line
    JOIN procurement_shipmentline AS shipped ON shipped.id = line.shipment_line_id
    JOIN procurement_purchaseorderline AS ordered ON ordered.id = shipped.order_line_id
    WHERE line.id = NEW.receipt_line_id;
    RETURN NEW;
END $$;
CREATE TRIGGER share_is_of_its_lines_receipt BEFORE INSERT ON warehouse_receiptshare
FOR EACH ROW EXECUTE FUNCTION warehouse_share_of_receipt();
UPDATE warehouse_receiptshare AS share
SET receipt_id = line.receipt_id, product_id = ordered.product_id
FROM warehouse_receiptline AS line
JOIN procurement_shipmentline AS shipped ON shipped.id = line.shipment_line_id
JOIN procurement_purchaseorderline AS ordered ON ordered.id = shipped.order_line_id
WHERE line.id = share.receipt_line_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_UNDO = """
DROP TRIGGER share_is_of_its_lines_receipt ON warehouse_receiptshare;
DROP FUNCTION warehouse_share_of_receipt();
"""
#: Asked once a statement: an operator has few warehouses.
_KEPT = (
    "warehouse_id = ANY (ARRAY(SELECT house.id FROM warehouse_bondedwarehouse AS house "  # noqa: S608
    f"WHERE house.operator_id = {ACTING}))"
)
#: One receipt is looked up in few steps, those of a large seller are gathered once.
_HAS_PART = (
    "EXISTS (SELECT FROM warehouse_receiptshare AS share "
    f"WHERE share.receipt_id = warehouse_receipt.id AND share.owner_id = {ACTING})"
)
_BY_SHIPMENT = asked_by_row(
    "warehouse_has_part_of_shipment",
    "EXISTS (SELECT FROM public.procurement_shipmentline AS line "
    "JOIN public.procurement_ordershare AS share ON share.line_id = line.order_line_id "
    "WHERE line.shipment_id = it AND share.owner_id = company)",
)


def _key(to: str, *, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False,
        editable=False,
        null=null,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=to,
    )


_KEYS = (("receipt", "warehouse.receipt"), ("product", "catalog.product"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("catalog", "0003_accounts_are_settlements"),
        ("warehouse", "0011_rows_of_owners"),
    ]

    operations: ClassVar = [
        *(migrations.AddField("receiptshare", name, _key(to, null=True)) for name, to in _KEYS),
        migrations.RunSQL(_COPY, _UNDO),
        *(migrations.AlterField("receiptshare", name, _key(to, null=False)) for name, to in _KEYS),
        migrations.AlterField("holding", "product", _key("catalog.product", null=False)),
        migrations.RemoveIndex("receiptshare", "receipt_share_of_owner"),
        migrations.AddIndex(
            "receiptshare",
            models.Index(
                fields=["owner", "id"],
                include=["receipt", "product", "receipt_line", "entitled", "received"],
                name="receipt_share_of_owner",
            ),
        ),
        migrations.AddIndex(
            "receiptshare",
            models.Index(fields=["receipt", "owner"], name="receipt_share_by_receipt"),
        ),
        migrations.AddIndex(
            "holding",
            models.Index(
                fields=["product", "id"],
                include=["owner", "keeper", "on_hand"],
                condition=models.Q(on_hand__gt=0),
                name="holding_of_product",
            ),
        ),
        seen_also(
            "warehouse_receipt",
            f"{_KEPT} OR {_HAS_PART}",
            before=f"{_KEPT} OR warehouse_has_part_of_shipment(shipment_id, {ACTING})",
        ),
        AsOwner(_BY_SHIPMENT.backwards, _BY_SHIPMENT.forwards),
    ]
