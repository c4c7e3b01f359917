"""Posting: the only way money is written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from ledger import rules
from ledger.models import Account, JournalEntry, JournalLine
from ledger.rules import AccountConflict, AccountRef, EntryConflict, Leg

__all__ = ["AccountRef", "Leg", "Posting", "post", "post_many"]

BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry that is to be posted: see :func:`post`."""

    key: str
    kind: str
    document: str
    effective_on: date
    legs: Sequence[Leg]


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
    one = Posting(key, kind, document, effective_on, legs)
    return post_many(postings=[one], now=now)[0]


@transaction.atomic
def post_many(*, postings: Sequence[Posting], now: datetime) -> list[JournalEntry]:
    """Post many entries in few statements, each once for its key: all of them, or none.

    Entries that were posted before are left as they are. Raises what :func:`post` raises, and
    EntryConflict where one key is told twice; then nothing has been written. Returns the entries
    in the order of ``postings``.
    """
    settled = {one.key: rules.settled(one.legs) for one in postings}
    if len(settled) < len(postings):
        twice = next(key for key, n in Counter(one.key for one in postings).items() if n > 1)
        raise EntryConflict(key=twice)
    # ON CONFLICT waits for a writer of the same key that has not committed yet, so
    # whichever comes second reads what the first has written. In the order of the keys, so
    # that two who post the same many cannot wait for each other.
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                idempotency_key=one.key,
                kind=one.kind,
                document=one.document,
                effective_on=one.effective_on,
                posted_at=now,
            )
            for one in sorted(postings, key=lambda one: one.key)
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    entries = JournalEntry.objects.in_bulk(list(settled), field_name="idempotency_key")
    there: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lines = JournalLine.objects.filter(entry__in=[one.pk for one in entries.values()])
    for key, account, amount in lines.values_list(
        "entry__idempotency_key", "account__code", "amount_minor"
    ):
        there[key].append((account, amount))
    fresh = []
    for one in postings:
        if one.key not in there:
            fresh.append(one)
            continue
        entry = entries[one.key]
        same = (entry.kind, entry.document, entry.effective_on) == (
            one.kind,
            one.document,
            one.effective_on,
        )
        posted = [(leg.account.code, leg.amount_minor) for leg in settled[one.key]]
        if not same or sorted(there[one.key]) != posted:
            raise EntryConflict(key=one.key)
    accounts = _accounts(leg.account for one in fresh for leg in settled[one.key])
    JournalLine.objects.bulk_create(
        (
            JournalLine(
                entry=entries[one.key],
                account=accounts[leg.account.code],
                amount_minor=leg.amount_minor,
                currency=leg.account.currency,
            )
            for one in fresh
            for leg in settled[one.key]
        ),
        batch_size=BATCH,
    )
    return [entries[one.key] for one in postings]


def _accounts(refs: Iterable[AccountRef]) -> dict[str, Account]:
    wanted: dict[str, AccountRef] = {}
    for ref in refs:
        if wanted.setdefault(ref.code, ref) != ref:
            raise AccountConflict(account=ref.code)
    Account.objects.bulk_create(
        [
            Account(
                code=ref.code,
                kind=ref.kind,
                currency=ref.currency,
                company_id=ref.company_id,
            )
            for _code, ref in sorted(wanted.items())
        ],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    found = Account.objects.in_bulk(list(wanted), field_name="code")
    for code, ref in wanted.items():
        account = found[code]
        if (account.kind, account.currency, account.company_id) != (
            ref.kind,
            ref.currency,
            ref.company_id,
        ):
            raise AccountConflict(account=code)
    return found
