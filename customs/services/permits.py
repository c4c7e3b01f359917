"""An importer tells the numbers of permits and proofs of origin before goods are declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import User
from customs.models import GoodsPermit
from customs.queries.permits import is_open, permits_of
from customs.rules import permits as rules
from customs.services.steps import held_with_declarations
from procurement.models import Shipment
from warehouse.days import day_of


@transaction.atomic
def tell_permits(
    *,
    shipment: Shipment,
    numbers: Mapping[tuple[str, str], str],
    told_by: User,
    now: datetime,
) -> list[GoodsPermit]:
    """The numbers by SKU and sign; an empty one takes back what was told, what is not named stays.
    Gives back what is new.

    Raises PermitTooLate, PermitNotAsked or PermitNumberWrong; then nothing has been written.
    """
    shipment = held_with_declarations(shipment)
    if not is_open(shipment):
        raise rules.PermitTooLate(shipment=shipment.number)
    day = day_of(now)
    there = {(one.product.sku, one.sign): one for one in permits_of(shipment, day=day)}
    made = []
    for (sku, sign), text in numbers.items():
        held = there.get((sku, sign))
        if held is None:
            raise rules.PermitNotAsked(sku=sku, sign=sign)
        number = rules.permit_number(text, field=f"{sku} {sign}")
        if number != held.number:
            made.append(
                GoodsPermit(
                    shipment=shipment,
                    importer_id=shipment.order.buyer_id,
                    product=held.product,
                    sign=sign,
                    number=number,
                    told_at=now,
                    told_by=told_by,
                )
            )
    return list(GoodsPermit.objects.bulk_create(made))
