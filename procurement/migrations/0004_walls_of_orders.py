"""An order is seen by its buyer and by who has a share of it; so are its shipments."""

from typing import ClassVar

from django.db import migrations

from core.walls import ACTING, protected

_SHARED = (
    "id IN (SELECT line.order_id FROM procurement_ordershare AS share "  # noqa: S608
    "JOIN procurement_purchaseorderline AS line ON line.id = share.line_id "
    f"WHERE share.owner_id = {ACTING})"
)
#: The wall of the orders stands in this sub-select as well.
_OF_A_SEEN_ORDER = "order_id IN (SELECT seen.id FROM procurement_purchaseorder AS seen)"
_BUYER = "SELECT o.buyer_id FROM procurement_purchaseorder AS o WHERE o.id = order_id"


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0003_round_results")]

    operations: ClassVar = [
        protected(
            "procurement_purchaseorder", "buyer_id", seen_if=f"buyer_id = {ACTING} OR {_SHARED}"
        ),
        protected("procurement_shipment", _BUYER, seen_if=_OF_A_SEEN_ORDER),
    ]
