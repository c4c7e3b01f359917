"""Storage and handling that a warehouse billed: sellers owe it, the books say to whom it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.queries.companies import the_platform
from ledger.services import Leg, Posting, post_many
from procurement.models import EntryKind, SellerEntry
from procurement.services.charging import storage, storage_cost, write_entries


@dataclass(frozen=True, slots=True)
class StorageOwed:
    """A bill of storage: who owes what to which warehouse (ids), in fen; below zero it gets
    something back. ``number`` is the bill's."""

    number: str
    owner: int
    payee: int
    amount_minor: int
    billed_on: date
    due_on: date


@transaction.atomic
def book_storage(*, bills: Sequence[StorageOwed], now: datetime) -> int:
    """Enter bills of storage on their sellers' accounts; the platform's own is its cost.

    A bill of nothing is left. Call it once for each bill: the database refuses a second entry for
    its number. Ask ``platform_wide``. Returns how many entries were written.
    """
    holder = the_platform()
    told = [one for one in bills if one.amount_minor]
    entries = [
        SellerEntry(
            seller_id=one.owner,
            holder=holder,
            kind=EntryKind.STORAGE,
            payee_id=one.payee,
            amount_minor=one.amount_minor,
            value_date=one.billed_on,
            due_on=one.due_on,
            reference=one.number,
            noted_at=now,
        )
        for one in told
        if one.owner != holder.pk
    ]
    write_entries(entries, now=now)
    post_many(
        postings=[
            Posting(
                key=f"storage:{one.number}",
                kind="storage_cost",
                document=one.number,
                effective_on=one.billed_on,
                legs=[
                    Leg(storage_cost(holder.pk), one.amount_minor),
                    Leg(storage(holder.pk, one.payee), -one.amount_minor),
                ],
            )
            for one in told
            if one.owner == holder.pk
        ],
        now=now,
    )
    return len(entries)
