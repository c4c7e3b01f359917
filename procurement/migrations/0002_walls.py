"""The walls between companies, and the facts that are only ever added."""

from typing import ClassVar

from django.db import migrations

from core.history import walled
from core.walls import insert_only, protected


class Migration(migrations.Migration):
    dependencies: ClassVar = [("procurement", "0001_initial")]

    operations: ClassVar = [
        protected("procurement_forecast", "seller_id"),
        protected("procurement_forecastline", "seller_id"),
        protected("procurement_forecastupload", "seller_id"),
        protected("procurement_ordershare", "owner_id"),
        walled("procurement_supplierofferevent"),
        walled("procurement_pricebreakevent"),
        walled("procurement_poolroundevent"),
        walled("procurement_forecastuploadevent"),
        walled("procurement_purchaseorderevent"),
        walled("procurement_shipmentevent"),
        insert_only("procurement_forecast"),
        insert_only("procurement_forecastline"),
        insert_only("procurement_ordershare"),
        # Nothing ever changes these: they are facts as well, and need no history.
        insert_only("procurement_purchaseorderline"),
        insert_only("procurement_shipmentline"),
    ]
