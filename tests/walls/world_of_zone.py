"""The zone has the importer's bonded list, and one truck of its goods has a pass."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from customs.models import Declaration, Gateway, MessageKind, MessageState
from customs.rules.passing import Truck
from customs.services.passing import queue_pass
from tests.factories.messages import OutgoingElementFactory, OutgoingMessageFactory


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
