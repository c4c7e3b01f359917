"""Posting: the only way money is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import transaction

from ledger import rules
from ledger.models import Account, JournalEntry, JournalLine
from ledger.rules import AccountConflict, AccountRef, EntryConflict, Leg

__all__ = ["AccountRef", "Leg", "post"]


@transaction.atomic
def post(
    *,
    key: str,
    kind: str,
    document: str,
    effective_on: date,
    legs: Sequence[Leg],
    now: datetime,
) -> JournalEntry:
    """Post one entry, once for a ``key``; keys are kept for ever.

    Posting the same again gives back the entry that is there. Raises EntryNotBalanced,
    EntryTooSmall, EntryConflict (same key, other contents) or AccountConflict; then
    nothing has been written.
    """
    posted = rules.settled(legs)
    # ON CONFLICT waits for a writer of the same key that has not committed yet, so
    # whichever comes second reads what the first has written.
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                idempotency_key=key,
                kind=kind,
                document=document,
                effective_on=effective_on,
                posted_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    entry = JournalEntry.objects.get(idempotency_key=key)
    there = sorted(entry.lines.values_list("account__code", "amount_minor"))
    if there:
        same = (entry.kind, entry.document, entry.effective_on) == (
            kind,
            document,
            effective_on,
        )
        if not same or there != [(leg.account.code, leg.amount_minor) for leg in posted]:
            raise EntryConflict(key=key)
        return entry
    accounts = _accounts(leg.account for leg in posted)
    JournalLine.objects.bulk_create(
        JournalLine(
            entry=entry,
            account=accounts[leg.account.code],
            amount_minor=leg.amount_minor,
            currency=leg.account.currency,
        )
        for leg in posted
    )
    return entry


def _accounts(refs: Iterable[AccountRef]) -> dict[str, Account]:
    wanted = {ref.code: ref for ref in refs}
    Account.objects.bulk_create(
        [
            Account(
                code=ref.code,
                kind=ref.kind,
                currency=ref.currency,
                company_id=ref.company_id,
            )
            for ref in wanted.values()
        ],
        ignore_conflicts=True,
    )
    found = {account.code: account for account in Account.objects.filter(code__in=wanted)}
    for code, ref in wanted.items():
        account = found[code]
        if (account.kind, account.currency, account.company_id) != (
            ref.kind,
            ref.currency,
            ref.company_id,
        ):
            raise AccountConflict(account=code)
    return found
