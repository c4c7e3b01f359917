"""What was encrypted under an older key is encrypted anew under the first one.

The texts are never decrypted into rows: tokens go out and tokens come back. A row that somebody
changes meanwhile keeps what it was changed to, under the first key anyway. Safe to run again, and
beside a house that works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from core.copying import array_of
from core.fields import EncryptedTextField

#: Rows read and written in one transaction.
STEP = 1_000


@dataclass(slots=True)
class Rotated:
    """Of one column: tokens looked at, encrypted anew, and those that no key opens."""

    table: str
    column: str
    seen: int = 0
    renewed: int = 0
    lost: list[int] = field(default_factory=list)


def encrypted_columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of the house that holds tokens, in the order of the tables."""
    for model in sorted(apps.get_models(), key=lambda one: one._meta.db_table):
        for one in model._meta.local_fields:
            if isinstance(one, EncryptedTextField):
                yield model, str(one.column)


def rotate_keys(*, told: Callable[[Rotated], None] = lambda _one: None) -> list[Rotated]:
    """Bring every token under the first of ``BONDPOOL_FIELD_KEYS``; ``told`` hears of each step.

    Call platform-wide. Afterwards the older keys open nothing that is not named as lost, and may
    be taken out of the settings.
    """
    keys = [Fernet(key) for key in settings.BONDPOOL_FIELD_KEYS]
    found = []
    for model, column in encrypted_columns():
        done = Rotated(model._meta.db_table, column)
        after = 0
        while step := _rotate(done, keys, after):
            after = step
            told(done)
        found.append(done)
    return found


@transaction.atomic
def _rotate(done: Rotated, keys: list[Fernet], after: int) -> int:
    """One step; returns the last row of it, 0 when there is none."""
    table, column = (connection.ops.quote_name(one) for one in (done.table, done.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {column} FROM {table} "  # noqa: S608 - names of our own tables
            f"WHERE id > %s AND {column} <> '' ORDER BY id LIMIT %s",
            [after, STEP],
        )
        rows: list[tuple[int, str]] = cursor.fetchall()
        renewed: dict[int, tuple[str, str]] = {}
        for pk, token in rows:
            if _opens(keys[0], token):
                continue
            try:
                again = MultiFernet(keys).rotate(token.encode()).decode()
            except InvalidToken:
                done.lost.append(pk)
                continue
            renewed[pk] = (token, again)
        if renewed:
            cursor.execute(
                f"UPDATE {table} AS it SET {column} = one.again "  # noqa: S608
                "FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS one (id, token, again) "
                f"WHERE it.id = one.id AND it.{column} = one.token",
                [
                    array_of(renewed),
                    array_of(token for token, _again in renewed.values()),
                    array_of(again for _token, again in renewed.values()),
                ],
            )
        done.seen += len(rows)
        done.renewed += len(renewed)
    return rows[-1][0] if rows else 0


def _opens(key: Fernet, token: str) -> bool:
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True
