"""The zone has the importer's bonded list, and one truck of its goods has a pass."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from customs.models import (
    BookRow,
    Declaration,
    EntryNumber,
    ExportGoods,
    ExportList,
    ExportParcel,
    GatePassage,
    Gateway,
    MessageKind,
    MessageState,
    PostedItem,
    Receipt,
    RetailList,
    TruckPass,
)
from customs.rules.passing import Truck
from customs.services.passing import queue_pass
from tests.factories.messages import OutgoingElementFactory, OutgoingMessageFactory

#: The canary's export list.
EXPORTED = "EX-CANARY-7919"


def exported(
    retail_list: RetailList, gateway: Gateway, person: User, *, now: datetime
) -> ExportList:
    """A parcel on an export list that customs has numbered, and what customs said of a list and a
    truck."""
    message = OutgoingMessageFactory.create(
        gateway=gateway,
        seller=None,
        kind=MessageKind.BONDED_LIST,
        number="INV101-CANARY-7918",
        state=MessageState.SENT,
        sent_at=now,
        queued_at=now,
        due_at=now,
    )
    element = OutgoingElementFactory.create(
        message=message, key=EXPORTED, their_number="QD310526E000007919"
    )
    row = BookRow.objects.select_related("book").order_by("pk")[0]
    house = retail_list.order.parcels.get().warehouse
    made: ExportList = ExportList.objects.create(
        number=EXPORTED,
        importer=gateway.company,
        warehouse=house,
        book=row.book,
        ledger=row.book.number,
        element=element,
        parcels=1,
        gathered_at=now,
        gathered_by=person,
    )
    mine = {"export_list": made, "importer": gateway.company}
    ExportParcel.objects.create(
        retail_list=retail_list, customs_number="310520261I00007919", **mine
    )
    ExportGoods.objects.create(
        position=1,
        row=row,
        quantity=1,
        worth_minor=791_900,
        gross_weight_g=1_100,
        net_weight_g=900,
        **mine,
    )
    receipt = Receipt.objects.get(key="CANARY-NOBODY")
    told = {"receipt": receipt, "importer": gateway.company}
    EntryNumber.objects.create(element=element, number="E20260001000007919", made_at=now, **told)
    PostedItem.objects.create(
        element=element, place=1, line=1, item=row.item, sku="CANARY-7919", quantity=1, **told
    )
    GatePassage.objects.create(
        truck_pass=TruckPass.objects.earliest("pk"), passed_at=now, weighed_g=79_190_000, **told
    )
    return made


def passed(declaration: Declaration, gateway: Gateway, person: User, *, now: datetime) -> None:
    """The list has its number; the rest of the goods is on no truck yet."""
    message = OutgoingMessageFactory.create(
        gateway=gateway,
        seller=None,
        kind=MessageKind.BONDED_LIST,
        number="INV101-CANARY-7919",
        state=MessageState.SENT,
        sent_at=now,
        queued_at=now,
        due_at=now,
    )
    OutgoingElementFactory.create(
        message=message,
        key=declaration.our_reference,
        declaration=declaration,
        their_number="QD310526I000007919",
    )
    queue_pass(
        declaration=declaration,
        truck=Truck("CANARY-7919", 13_000_000),
        wanted=[(1, 1)],
        packages=1,
        by=person,
        now=now,
    )
