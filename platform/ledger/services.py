"""Posting: the only way money is written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from core.copying import among_keys, insert_rows
from ledger import rules
from ledger.models import Account, JournalEntry, JournalLine
from ledger.rules import AccountConflict, AccountRef, EntryConflict, Leg

__all__ = ["AccountRef", "Leg", "Posting", "post", "post_many"]


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
    post_many(postings=[one], now=now)
    return JournalEntry.objects.get(idempotency_key=key)


@transaction.atomic
def post_many(*, postings: Sequence[Posting], now: datetime) -> int:
    """Post many entries in few statements, each once for its key: all of them, or none.

    Entries that were posted before are left as they are. Raises what :func:`post` raises, and
    EntryConflict where one key is told twice; then nothing has been written. Returns how many
    are new.
    """
    settled = {one.key: rules.settled(one.legs) for one in postings}
    if len(settled) < len(postings):
        twice = next(key for key, n in Counter(one.key for one in postings).items() if n > 1)
        raise EntryConflict(key=twice)
    fresh = _entries(sorted(postings, key=lambda one: one.key), now)
    _check_posted([one for one in postings if one.key not in fresh], settled)
    legs = [
        (fresh[one.key], leg) for one in postings if one.key in fresh for leg in settled[one.key]
    ]
    accounts = _accounts(leg.account for _entry, leg in legs)
    insert_rows(
        JournalLine,
        {
            "entry_id": [entry for entry, _leg in legs],
            "account_id": [accounts[leg.account.code] for _entry, leg in legs],
            "amount_minor": [leg.amount_minor for _entry, leg in legs],
            "currency": [leg.account.currency for _entry, leg in legs],
        },
    )
    return len(fresh)


def _entries(postings: Sequence[Posting], now: datetime) -> dict[str, int]:
    """The ids of the entries that were not there, by key.

    ON CONFLICT waits for a writer of the same key that has not committed yet, so whichever comes
    second reads what the first has written. In the order of the keys, so that two who post the
    same many do not wait for each other.
    """
    rows = insert_rows(
        JournalEntry,
        {
            "idempotency_key": [one.key for one in postings],
            "kind": [one.kind for one in postings],
            "document": [one.document for one in postings],
            "effective_on": [one.effective_on for one in postings],
            "posted_at": [now] * len(postings),
        },
        returning=("idempotency_key", "id"),
        unless_there=True,
    )
    return dict(rows)


def _check_posted(postings: Sequence[Posting], settled: Mapping[str, Sequence[Leg]]) -> None:
    """What was posted before says the same. Raises EntryConflict."""
    if not postings:
        return
    keys = [one.key for one in postings]
    posted = JournalEntry.objects.filter(among_keys("idempotency_key", keys, "text"))
    entries = {one.idempotency_key: one for one in posted}
    there: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lines = JournalLine.objects.filter(among_keys("entry_id", [one.pk for one in entries.values()]))
    for key, account, amount in lines.values_list(
        "entry__idempotency_key", "account__code", "amount_minor"
    ):
        there[key].append((account, amount))
    for one in postings:
        entry = entries[one.key]
        same = (entry.kind, entry.document, entry.effective_on) == (
            one.kind,
            one.document,
            one.effective_on,
        )
        legs = [(leg.account.code, leg.amount_minor) for leg in settled[one.key]]
        if not same or sorted(there[one.key]) != legs:
            raise EntryConflict(key=one.key)


def _accounts(refs: Iterable[AccountRef]) -> dict[str, int]:
    """The ids of accounts by code; those that are not there are opened."""
    wanted: dict[str, AccountRef] = {}
    for ref in refs:
        if wanted.setdefault(ref.code, ref) != ref:
            raise AccountConflict(account=ref.code)
    told = [wanted[code] for code in sorted(wanted)]
    insert_rows(
        Account,
        {
            "code": [ref.code for ref in told],
            "kind": [ref.kind for ref in told],
            "currency": [ref.currency for ref in told],
            "company_id": [ref.company_id for ref in told],
        },
        unless_there=True,
    )
    found: dict[str, int] = {}
    rows = Account.objects.filter(among_keys("code", wanted, "text"))
    for pk, code, *means in rows.values_list("pk", "code", "kind", "currency", "company_id"):
        ref = wanted[code]
        if means != [ref.kind, ref.currency, ref.company_id]:
            raise AccountConflict(account=code)
        found[code] = pk
    return found
