"""What suppliers pay for damaged goods is their owners'."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.queries.companies import the_platform
from ledger.services import Leg, Posting, post_many
from procurement.models import EntryKind, SellerEntry
from procurement.services.charging import claims, claims_own, write_entries


@dataclass(frozen=True, slots=True)
class ClaimPaid:
    """What an owner (id) gets of a settlement, in fen; below zero is taken back. ``reference`` is
    what the line of its account says, at most 64 characters."""

    owner: int
    credit_minor: int
    reference: str


@transaction.atomic
def book_claim(
    *,
    paid: Sequence[ClaimPaid],
    document: str,
    settled_on: date,
    noted_by: User,
    now: datetime,
) -> int:
    """Credit the parts of one settlement to their owners' accounts; the platform's own is its
    income. The importer owes the platform what the supplier pays it.

    Call it once for each ``document``: the database refuses a second entry. Ask ``platform_wide``.
    Returns how many entries were written.
    """
    holder = the_platform()
    entries = [
        SellerEntry(
            seller_id=one.owner,
            holder=holder,
            kind=EntryKind.CLAIM,
            amount_minor=-one.credit_minor,
            value_date=settled_on,
            reference=one.reference,
            noted_at=now,
            noted_by=noted_by,
        )
        for one in paid
        if one.owner != holder.pk
    ]
    write_entries(entries, now=now)
    post_many(
        postings=[
            Posting(
                key=f"claim:{document}",
                kind="claim_own",
                document=document,
                effective_on=settled_on,
                legs=[
                    Leg(claims(holder.pk), one.credit_minor),
                    Leg(claims_own(holder.pk), -one.credit_minor),
                ],
            )
            for one in paid
            if one.owner == holder.pk
        ],
        now=now,
    )
    return len(entries)
