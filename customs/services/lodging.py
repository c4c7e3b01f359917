"""Lodging, and what customs answers.

There is no line to customs in this version: a person lodges the paper with the single
window and records here that it was done and what came back.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from core.acting import because
from customs.models import CollectiveDeclaration, Declaration, DeclarationForm, DeclarationState
from customs.rules import declaring as rules
from customs.services.checking import check_rules
from customs.services.steps import advance
from customs.services.telling import tell_importer
from customs.services.ways import check_may_lodge, has_entered
from procurement.models import PurchaseOrder, Shipment
from procurement.services import clear_shipment
from traceability.models import Evidence
from traceability.rules import (
    CUSTOMS_DECLARATION,
    RECORD_LIST,
    Fact,
    declaration_key,
    gtin_key,
    order_key,
    shipment_key,
)
from traceability.services import record

_ONCE = "a_customs_number_is_given_once"


@transaction.atomic
def lodge(*, declaration: Declaration, now: datetime) -> Declaration:
    """Record that a person lodged the paper with customs.

    Raises WrongState, RulesBroken where the law has changed since the paper was ordered, and before
    the goods have arrived LodgedBeforeArrival, or AdvancePapersMissing on the way of declaring in
    advance; then nothing has been written.
    """
    check_may_lodge(declaration=declaration, now=now)
    lodged = advance(
        declaration,
        DeclarationState.LODGED,
        wanted={DeclarationState.READY},
        now=now,
        lodged_at=now,
    )
    check_rules(declaration=lodged, now=now)
    record(_fact(lodged, Evidence.DECLARED, "in_progress", now), now=now)
    return lodged


@transaction.atomic
def record_release(*, declaration: Declaration, their_reference: str, now: datetime) -> Declaration:
    """Record that customs released the goods under its number; the shipment is cleared.

    Raises NotAnEntryNumber, EntryNumberTaken or WrongState; then nothing has been written.
    """
    number = rules.entry_number(their_reference, now=now)
    if CollectiveDeclaration.objects.filter(their_reference=number).exists():
        raise rules.EntryNumberTaken(number=number)
    # The order and the shipment first: the order in which procurement and the gate lock.
    shipment = Shipment.objects.get(pk=declaration.shipment_id)
    PurchaseOrder.objects.select_for_update().get(pk=shipment.order_id)
    shipment = Shipment.objects.select_for_update().get(pk=shipment.pk)
    try:
        with transaction.atomic():
            released = advance(
                declaration,
                DeclarationState.RELEASED,
                wanted={DeclarationState.LODGED},
                now=now,
                note=number,
                their_reference=number,
                decided_at=now,
            )
    except IntegrityError as error:
        if _ONCE in str(error):
            raise rules.EntryNumberTaken(number=number) from error
        raise
    # What went in first is there already.
    if not has_entered(shipment.pk):
        clear_shipment(shipment=shipment, cleared_for=released.warehouse.operator, now=now)
    record(_fact(released, Evidence.AUTHORITY, "conformant", now), now=now)
    tell_importer("declaration.released", released, now, entry_number=number)
    return released


@transaction.atomic
def record_rejection(*, declaration: Declaration, reason: str, now: datetime) -> Declaration:
    """Record that customs sent the declaration back, with its reason.

    Raises ReasonMissing or WrongState; then nothing has been written.
    """
    stated = rules.stated(reason)
    with because(stated):
        rejected = advance(
            declaration,
            DeclarationState.REJECTED,
            wanted={DeclarationState.LODGED},
            now=now,
            note=stated,
            rejection_reason=stated,
            decided_at=now,
        )
    # The public story says that it came back; the reason is between customs and the importer.
    record(_fact(rejected, Evidence.DECLARED, "non_conformant", now), now=now)
    tell_importer("declaration.rejected", rejected, now, reason=stated)
    return rejected


def _fact(declaration: Declaration, evidence: Evidence, disposition: str, now: datetime) -> Fact:
    """Goods crossed into bond, told by the importer; no quantities, no prices, no buyers."""
    shipment, warehouse = declaration.shipment, declaration.warehouse
    is_list = declaration.form == DeclarationForm.RECORD_LIST
    kind = RECORD_LIST if is_list else CUSTOMS_DECLARATION
    lines = declaration.lines.select_related("product").order_by("position")
    gtins = dict.fromkeys(gtin_key(line.product.gtin) for line in lines)
    return Fact(
        event_type="TransactionEvent",
        action="OBSERVE",
        biz_step="entering_exiting" if evidence == Evidence.AUTHORITY else "inspecting",
        disposition=disposition,
        event_time=now,
        asserted_by=declaration.importer_id,
        evidence=evidence,
        biz_location=warehouse.code,
        keys=(
            declaration_key(declaration.our_reference),
            shipment_key(shipment.number),
            order_key(shipment.order.number),
            *gtins,
        ),
        documents=((kind, declaration.their_reference or declaration.our_reference),),
        details={"place_zh": warehouse.name_zh, "place_en": warehouse.name_en},
    )
