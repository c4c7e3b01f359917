"""What an importer states of its entries is kept, and nothing of it assumed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from customs.models import EntryStatement
from customs.queries.ports import PACKINGS, PORTS, coded
from customs.queries.stating import is_printed
from customs.rules import stating as rules
from customs.services.steps import held_with_declarations
from procurement.models import Shipment
from warehouse.days import day_of


@transaction.atomic
def keep_statement(
    *, shipment: Shipment, told: rules.Told, for_supplier: bool, told_by: User, now: datetime
) -> EntryStatement:
    """Keep what the importer of a shipment states of it; with ``for_supplier`` also of all others
    of its supplier that have no statement of their own.

    Raises StatementPrinted, AnswerUnknown, PortNotInTable, PackingNotInTable or BrokerIncomplete;
    then nothing has been written.
    """
    held = held_with_declarations(shipment)
    if is_printed(held):
        raise rules.StatementPrinted(shipment=held.number)
    day = day_of(now)
    kept = rules.check_told(
        told,
        ports=coded(PORTS, [_code(told.departure_port), _code(told.call_port)], day),
        packings=coded(PACKINGS, [_code(told.package_kind)], day),
    )
    order = held.order
    made = [
        EntryStatement(
            importer_id=order.buyer_id,
            supplier_id=order.supplier_id,
            shipment=one,
            special_relation=kept.special_relation,
            price_influence=kept.price_influence,
            royalties=kept.royalties,
            departure_port=kept.departure_port,
            call_port=kept.call_port,
            package_kind=kept.package_kind,
            broker_name=kept.broker.name,
            broker_uscc=kept.broker.uscc,
            broker_customs_code=kept.broker.customs_code,
            told_at=now,
            told_by=told_by,
        )
        for one in ([held, None] if for_supplier else [held])
    ]
    return EntryStatement.objects.bulk_create(made)[0]


def _code(text: str) -> str:
    return text.strip().upper()
