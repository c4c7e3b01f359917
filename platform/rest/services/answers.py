"""A request with an idempotency key has one effect, however often it is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from accounts.models import Company
from rest.models import StoredAnswer
from rest.refusals import Busy
from rest.rules import KeyReused

KEPT = timedelta(days=30)
#: So long one waits for another who changes the same, or sends the same key.
PATIENCE = "10s"
#: Deleted in one go by the tidying task.
_STEP = 5_000


def _number(*parts: object) -> int:
    told = "\x00".join(map(str, parts)).encode()
    return int.from_bytes(sha256(told).digest()[:8], "big", signed=True)


def hold_key(*, company: Company, caller: str, key: str) -> None:
    """Wait for whoever sends the same key at this moment. Until the transaction ends.

    Raises Busy when that takes too long.
    """
    _lock("SELECT pg_advisory_xact_lock(%s)", _number("rest.key", company.pk, caller, key))


@transaction.atomic
def _lock(statement: str, number: int) -> None:
    """Wait for one lock, a while; what else the transaction waits for has its own time."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
            cursor.execute(statement, [number])
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Busy() from None
        raise


@contextmanager
def holding(*names: object) -> Iterator[None]:
    """One writer at a time over the API for one thing, from the reading of its ETag on.

    A lock of the session, not of a transaction, for a change may ask the outside and must
    then have none open. Raises Busy when another one takes too long.
    """
    number = _number("rest.change", *names)
    _lock("SELECT pg_advisory_lock(%s)", number)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def stored_answer(
    *, company: Company, caller: str, key: str, fingerprint: str
) -> StoredAnswer | None:
    """What this request was answered before. Raises KeyReused for another request."""
    found = StoredAnswer.objects.filter(company=company, caller=caller, key=key).first()
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
