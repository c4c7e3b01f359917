"""The walls between companies, and the facts that are only ever added."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("warehouse", "0001_initial")]

    operations: ClassVar = [
        protected("warehouse_receiptshare", "owner_id"),
        protected("warehouse_holding", "owner_id"),
        protected("warehouse_stockmovement", "owner_id"),
        protected("warehouse_retailorder", "seller_id"),
        protected("warehouse_retailorderline", "seller_id"),
        protected("warehouse_pick", "seller_id"),
        protected("warehouse_retailupload", "seller_id"),
        walled("warehouse_bondedwarehouseevent"),
        walled("warehouse_retailorderevent"),
        walled("warehouse_retailuploadevent"),
        insert_only("warehouse_receipt"),
        insert_only("warehouse_receiptline"),
        insert_only("warehouse_receiptshare"),
        insert_only("warehouse_stockmovement"),
        insert_only("warehouse_pick"),
        # Nothing ever changes these: they are facts as well.
        insert_only("warehouse_lot"),
        insert_only("warehouse_retailorderline"),
    ]
