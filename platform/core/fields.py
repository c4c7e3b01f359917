"""Columns with a meaning."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def _cipher() -> MultiFernet:
    return _made_of(tuple(settings.BONDPOOL_FIELD_KEYS))


@lru_cache(maxsize=4)
def _made_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypted(text: str) -> str:
    """A Fernet token under the first of ``BONDPOOL_FIELD_KEYS``."""
    return _cipher().encrypt(text.encode()).decode()


def decrypted(token: str) -> str:
    """Raises ``InvalidToken`` when none of the keys made it."""
    return _cipher().decrypt(token.encode()).decode()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that only the application can read: personal data of buyers.

    The column holds a Fernet token under the first of ``BONDPOOL_FIELD_KEYS``; older keys
    still decrypt, so a key is rotated by putting a new one in front. It cannot be searched;
    keep a keyed hash beside it where a look-up is needed.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value in (None, "") else _cipher().encrypt(value.encode()).decode()

    def from_db_value(
        self, value: str | None, expression: object, connection: object
    ) -> str | None:
        if value in (None, ""):
            return value
        try:
            return _cipher().decrypt(str(value).encode()).decode()
        except InvalidToken:
            # A lost key must not take the whole page down; the data is simply not readable.
            return ""


@models.CharField.register_lookup
@models.TextField.register_lookup
class Begins(models.Lookup[Any]):
    """``number__begins="PO-"``: as ``startswith``, and answered by an index behind a wall.

    PostgreSQL lets no ``LIKE`` near rows before row-level security has passed them, so it reads
    the whole table first; ``^@`` is known to tell nobody anything.
    """

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, own = self.process_lhs(compiler, connection)
        right, told = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*own, *told)


class CurrencyField(models.CharField):  # type: ignore[type-arg]
    """ISO 4217 letters."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(**kwargs)


class MinorField(models.BigIntegerField):  # type: ignore[type-arg]
    """An amount in minor units; the currency stands in a field beside it."""


class CountryField(models.CharField):  # type: ignore[type-arg]
    """ISO 3166 alpha-3, as the declaration since August 2018 has it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        super().__init__(**kwargs)
