"""Posting: the only way money is written down."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

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
    _insert(
        JournalLine,
        {
            "entry_id": ("bigint", [entry for entry, _leg in legs]),
            "account_id": ("bigint", [accounts[leg.account.code] for _entry, leg in legs]),
            "amount_minor": ("bigint", [leg.amount_minor for _entry, leg in legs]),
            "currency": ("text", [leg.account.currency for _entry, leg in legs]),
        },
    )
    return len(fresh)


def _entries(postings: Sequence[Posting], now: datetime) -> dict[str, int]:
    """The ids of the entries that were not there, by key.

    ON CONFLICT waits for a writer of the same key that has not committed yet, so whichever comes
    second reads what the first has written. In the order of the keys, so that two who post the
    same many do not wait for each other.
    """
    rows = _insert(
        JournalEntry,
        {
            "idempotency_key": ("text", [one.key for one in postings]),
            "kind": ("text", [one.kind for one in postings]),
            "document": ("text", [one.document for one in postings]),
            "effective_on": ("date", [one.effective_on for one in postings]),
            "posted_at": ("timestamptz", [now] * len(postings)),
        },
        returning="idempotency_key, id",
    )
    return dict(rows)


def _check_posted(postings: Sequence[Posting], settled: Mapping[str, Sequence[Leg]]) -> None:
    """What was posted before says the same. Raises EntryConflict."""
    if not postings:
        return
    keys = [one.key for one in postings]
    entries = JournalEntry.objects.in_bulk(keys, field_name="idempotency_key")
    there: dict[str, list[tuple[str, int]]] = defaultdict(list)
    lines = JournalLine.objects.filter(entry__in=[one.pk for one in entries.values()])
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


def _insert(
    model: type[Model], columns: Mapping[str, tuple[str, list[Any]]], *, returning: str = ""
) -> list[Any]:
    """Insert columns as rows, in one statement; those that are there already are left."""
    if not next(iter(columns.values()))[1]:
        return []
    quote = connection.ops.quote_name
    places = ", ".join(f"%s::{kind}[]" for kind, _values in columns.values())
    # Names of our own models only; the values are parameters.
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) "  # noqa: S608
        f"SELECT * FROM unnest({places}) ON CONFLICT DO NOTHING"
    )
    with connection.cursor() as cursor:
        if returning:
            cursor.execute(
                f"{statement} RETURNING {returning}", [v for _kind, v in columns.values()]
            )
            return list(cursor.fetchall())
        cursor.execute(statement, [values for _kind, values in columns.values()])
    return []


def _accounts(refs: Iterable[AccountRef]) -> dict[str, int]:
    """The ids of accounts by code; those that are not there are opened."""
    wanted: dict[str, AccountRef] = {}
    for ref in refs:
        if wanted.setdefault(ref.code, ref) != ref:
            raise AccountConflict(account=ref.code)
    told = [wanted[code] for code in sorted(wanted)]
    _insert(
        Account,
        {
            "code": ("text", [ref.code for ref in told]),
            "kind": ("text", [ref.kind for ref in told]),
            "currency": ("text", [ref.currency for ref in told]),
            "company_id": ("bigint", [ref.company_id for ref in told]),
        },
    )
    found: dict[str, int] = {}
    rows = Account.objects.filter(code__in=list(wanted))
    for pk, code, *means in rows.values_list("pk", "code", "kind", "currency", "company_id"):
        ref = wanted[code]
        if means != [ref.kind, ref.currency, ref.company_id]:
            raise AccountConflict(account=code)
        found[code] = pk
    return found
