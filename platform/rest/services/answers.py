"""A request with an idempotency key has one effect, however often it is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Company
from core.prepared import Planned, ask, together
from core.taking import TookTooLong, one_at_a_time, takes_turn, wait_for_turn
from rest.models import StoredAnswer
from rest.refusals import Busy
from rest.rules import KeyReused

KEPT = timedelta(days=30)
#: So long one waits for another who changes the same, or sends the same key.
PATIENCE = "10s"
#: Deleted in one go by the tidying task.
_STEP = 5_000


@contextmanager
def holding(*names: object) -> Iterator[None]:
    """One writer at a time over the API for one thing, from the reading of its ETag on.

    Raises Busy when another one takes too long.
    """
    with ExitStack() as held:
        try:
            held.enter_context(one_at_a_time("rest.change", *names, patience=PATIENCE))
        except TookTooLong:
            raise Busy() from None
        yield


_STORED = Planned(
    lambda company, caller, key: StoredAnswer._base_manager.filter(
        company_id=company, caller=caller, key=key
    ),
    1,
    "whose key",
    "the key",
)


def stored_answer(
    *, company: Company, caller: str, key: str, fingerprint: str
) -> StoredAnswer | None:
    """What this request was answered before, by whoever sent the same key at this moment as well:
    one waits for that, and holds the key until the transaction ends.

    Raises KeyReused for another request, Busy when the waiting takes too long.
    """
    name, told = ("rest.key", company.pk, caller, key), (company.pk, caller, key)
    with together():
        turn, found = takes_turn(*name), _STORED.ask(*told)
    before = found.first()
    if turn.row() != (True,):
        try:
            wait_for_turn(*name, patience=PATIENCE)
        except TookTooLong:
            raise Busy() from None
        before = _STORED.ask(*told).first()
    if before is not None and before.fingerprint != fingerprint:
        raise KeyReused(key=key)
    return before


_STORE = """
INSERT INTO rest_storedanswer
    (company_id, caller, key, fingerprint, status, headers, body, stored_at, kept_until)
VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s, %s, %s)
"""


def store_answer(
    *,
    company: Company,
    caller: str,
    key: str,
    fingerprint: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    is_kept_forever: bool,
    now: datetime,
) -> None:
    """Write the answer down, in the transaction of its effect."""
    told = json.dumps(dict(headers), ensure_ascii=False)
    until = None if is_kept_forever else now + KEPT
    ask(_STORE, [company.pk, caller, key, fingerprint, status, told, body, now, until])


@transaction.atomic
def forget_answers(*, now: datetime) -> int:
    """Delete answers that were to be kept for a time; returns how many. Call platform-wide."""
    due = StoredAnswer.objects.filter(kept_until__lt=now).order_by("kept_until")
    deleted, _by = StoredAnswer.objects.filter(
        pk__in=list(due.values_list("pk", flat=True)[:_STEP])
    ).delete()
    return deleted
