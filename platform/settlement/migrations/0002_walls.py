"""The walls between companies, and the facts that are only ever added."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("settlement", "0001_initial")]

    operations: ClassVar = [
        protected("settlement_payableshare", "seller_id"),
        protected("settlement_sellercharge", "seller_id"),
        walled("settlement_bankaccountevent"),
        walled("settlement_payableevent"),
        walled("settlement_settlementbatchevent"),
        insert_only("settlement_ratequote"),
        insert_only("settlement_payableshare"),
        insert_only("settlement_batchline"),
        insert_only("settlement_paymentfile"),
        insert_only("settlement_payment"),
        insert_only("settlement_sellercharge"),
        # A batch names the terms it was priced by; they do not change under it.
        insert_only("settlement_settlementpolicy"),
    ]
