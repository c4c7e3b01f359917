"""Who hears when a message to the authority does not leave."""

from __future__ import annotations

from datetime import datetime

from customs.models import Gateway, OutgoingMessage
from notices.services import tell
from warehouse.days import day_of


def tell_failed(message: OutgoingMessage, *, now: datetime) -> None:
    """Its sender; it may be tried again by a person and fail again: each time is news."""
    tell(
        "message.failed",
        subject=f"{message.number} {now.isoformat()}",
        facts={"number": message.number, "kind": message.kind},
        companies=[message.company_id],
        now=now,
    )


def tell_unread(gateway: Gateway, file: str, *, now: datetime) -> None:
    """The company whose gateway's receipts cannot be read; once a day for each file."""
    tell(
        "receipts.unread",
        subject=f"{gateway.code} {day_of(now)} {file}",
        facts={"code": gateway.code, "file": file or "receipts"},
        companies=[gateway.company_id],
        now=now,
    )


def tell_away(gateway: Gateway, *, now: datetime) -> None:
    """The company whose way is not open."""
    tell(
        "gateway.away",
        subject=f"{gateway.code} {now.isoformat()}",
        facts={"code": gateway.code},
        companies=[gateway.company_id],
        now=now,
    )
