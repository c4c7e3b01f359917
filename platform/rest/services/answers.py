"""A request with an idempotency key has one effect, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Company
from core.taking import TookTooLong, one_at_a_time, wait_for_turn
from rest.models import StoredAnswer
from rest.refusals import Busy
from rest.rules import KeyReused

KEPT = timedelta(days=30)
#: So long one waits for another who changes the same, or sends the same key.
PATIENCE = "10s"
#: Deleted in one go by the tidying task.
_STEP = 5_000


def hold_key(*, company: Company, caller: str, key: str) -> None:
    """Wait for whoever sends the same key at this moment. Until the transaction ends.

    Raises Busy when that takes too long.
    """
    try:
        wait_for_turn("rest.key", company.pk, caller, key, patience=PATIENCE)
    except TookTooLong:
        raise Busy() from None


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


def stored_answer(
    *, company: Company, caller: str, key: str, fingerprint: str
) -> StoredAnswer | None:
    """What this request was answered before. Raises KeyReused for another request."""
    found = next(iter(StoredAnswer.objects.filter(company=company, caller=caller, key=key)), None)
    if found is not None and found.fingerprint != fingerprint:
        raise KeyReused(key=key)
    return found


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
) -> StoredAnswer:
    """Write the answer down, in the transaction of its effect."""
    return StoredAnswer.objects.create(
        company=company,
        caller=caller,
        key=key,
        fingerprint=fingerprint,
        status=status,
        headers=dict(headers),
        body=body,
        stored_at=now,
        kept_until=None if is_kept_forever else now + KEPT,
    )


@transaction.atomic
def forget_answers(*, now: datetime) -> int:
    """Delete answers that were to be kept for a time; returns how many. Call platform-wide."""
    due = StoredAnswer.objects.filter(kept_until__lt=now).order_by("kept_until")
    deleted, _by = StoredAnswer.objects.filter(
        pk__in=list(due.values_list("pk", flat=True)[:_STEP])
    ).delete()
    return deleted
