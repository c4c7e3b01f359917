"""What was declared before shipments said where they are bound for, or was cleared long ago."""

from typing import ClassVar

from django.db import migrations

_FILL = """
UPDATE procurement_shipment AS shipment SET bound_for_id = house.operator_id
FROM customs_declaration AS declared
JOIN warehouse_bondedwarehouse AS house ON house.id = declared.warehouse_id
WHERE declared.shipment_id = shipment.id AND declared.state <> 'rejected'
AND shipment.bound_for_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("customs", "0003_declarations_by_time"),
        ("procurement", "0006_bound_for"),
    ]

    operations: ClassVar = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
