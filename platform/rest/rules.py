"""Tokens, scopes and keys: what they look like and what they open."""

from __future__ import annotations

import re
import string
import zlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from hashlib import sha256

from core.errors import DomainError, InputError

EVERYBODY = frozenset({"seller", "importer", "warehouse", "finance", "operator"})
#: What each scope opens, and for which roles. A token has some of its role's, never more.
SCOPES: dict[str, frozenset[str]] = {
    # Every figure of the role stands there, whatever else the token may read.
    "home:read": EVERYBODY,
    "products:read": EVERYBODY,
    "forecasts:read": frozenset({"seller"}),
    "forecasts:write": frozenset({"seller"}),
    "deposits:read": frozenset({"seller", "finance"}),
    "deposits:write": frozenset({"finance"}),
    "accounts:read": frozenset({"seller", "finance"}),
    "accounts:ask": frozenset({"seller"}),
    "accounts:write": frozenset({"finance"}),
    "stock:read": frozenset({"seller"}),
    "stock:write": frozenset({"seller"}),
    "retail:read": frozenset({"seller"}),
    "retail:write": frozenset({"seller"}),
    "channels:read": frozenset({"seller"}),
    "channels:write": frozenset({"seller"}),
    "charges:read": frozenset({"seller"}),
    "house:read": frozenset({"warehouse"}),
    "house:write": frozenset({"warehouse"}),
    "parcels:read": frozenset({"warehouse"}),
    "parcels:write": frozenset({"warehouse"}),
    "tax:ask": frozenset({"seller", "importer", "operator"}),
    "releases:write": frozenset({"operator"}),
    "reference:read": frozenset({"operator"}),
    "reference:write": frozenset({"operator"}),
    "receipts:read": frozenset({"importer", "warehouse", "operator"}),
    "receipts:write": frozenset({"importer", "warehouse", "operator"}),
    "rounds:read": frozenset({"operator"}),
    "rounds:write": frozenset({"operator"}),
    "offers:read": frozenset({"operator"}),
    "offers:write": frozenset({"operator"}),
    "orders:read": frozenset({"importer", "finance", "operator"}),
    "orders:approve": frozenset({"finance", "operator"}),
    "shipments:read": frozenset({"importer", "finance"}),
    "declarations:read": frozenset({"importer"}),
    "declarations:write": frozenset({"importer"}),
    "guarantees:read": frozenset({"importer"}),
    "guarantees:write": frozenset({"importer"}),
    "settlement:read": frozenset({"finance"}),
    "settlement:write": frozenset({"finance"}),
    "settlement:approve": frozenset({"finance"}),
    "notices:read": EVERYBODY,
    "notices:write": EVERYBODY,
    "webhooks:read": frozenset({"seller", "importer"}),
    "webhooks:write": frozenset({"seller", "importer"}),
    "jobs:read": frozenset({"seller", "importer", "finance", "operator"}),
    "jobs:write": frozenset({"seller", "importer", "finance", "operator"}),
    "company:read": EVERYBODY,
    "company:write": EVERYBODY,
    "people:read": EVERYBODY,
    "people:write": EVERYBODY,
    "history:read": EVERYBODY,
}

PREFIX = "bp_"
SECRET_PLACES = 32  # of 62 letters each: 190 bits
CHECK_PLACES = 6
LONGEST_KEY = 255
LONGEST_NAME = 100
#: A token lives a year and a day at most.
MOST_DAYS = 366
#: Its last use is noted once a minute, not with every request.
NOTED_EVERY = timedelta(minutes=1)

_LETTERS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_TOKEN = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{SECRET_PLACES}}})([0-9A-Za-z]{{{CHECK_PLACES}}})")
_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")


class ScopeUnknown(InputError):
    """This role has no such scope."""

    code = "rest.scope_unknown"


class NoScopes(InputError):
    """A token needs at least one scope."""

    code = "rest.no_scopes"


class LifeOutOfRange(InputError):
    """A token lives from 1 to 366 days."""

    code = "rest.life_out_of_range"


class NameMissing(InputError):
    """A token needs a name of at most 100 characters, so that people know whose it is."""

    code = "rest.name_missing"


class NoSuchMember(InputError):
    """A token acts for a person, and nobody acts for this company in this role."""

    code = "rest.no_such_member"


class AlreadyRevoked(DomainError):
    """This token was revoked before."""

    code = "rest.already_revoked"


class KeyReused(DomainError):
    """This idempotency key was used for another request; take a new one."""

    code = "rest.key_reused"


def scopes_of(role: str) -> list[str]:
    """Every scope a role may have, in the order they are shown."""
    return [scope for scope, roles in SCOPES.items() if role in roles]


def check_scopes(role: str, wanted: Iterable[str]) -> list[str]:
    """The wanted scopes, once each. Raises ScopeUnknown or NoScopes."""
    allowed, chosen = scopes_of(role), set(wanted)
    for scope in sorted(chosen):
        if scope not in allowed:
            raise ScopeUnknown(scope=scope[:80], role=role)
    if not chosen:
        raise NoScopes()
    return [scope for scope in allowed if scope in chosen]


def check_life(days: int) -> timedelta:
    """Raises LifeOutOfRange."""
    if not 1 <= days <= MOST_DAYS:
        raise LifeOutOfRange(days=days)
    return timedelta(days=days)


def check_name(name: str) -> str:
    """The name without odd spaces. Raises NameMissing."""
    tidied = " ".join(name.split())
    if not 0 < len(tidied) <= LONGEST_NAME or not tidied.isprintable():
        raise NameMissing()
    return tidied


def with_check(secret: str) -> str:
    """The whole token of a secret: prefix, secret, checksum.

    The checksum is no protection. It lets a typo be refused without asking the database,
    and lets a scanner of leaked secrets be sure of what it found.
    """
    rest, places = zlib.crc32(secret.encode()), ""
    for _ in range(CHECK_PLACES):
        rest, place = divmod(rest, len(_LETTERS))
        places = _LETTERS[place] + places
    return f"{PREFIX}{secret}{places}"


def is_well_formed(token: str) -> bool:
    """Whether this can be a token of ours at all."""
    found = _TOKEN.fullmatch(token)
    return found is not None and with_check(found[1]) == token


def digest(token: str) -> str:
    """What is kept of a token. Its 190 random bits need no slow hash."""
    return sha256(token.encode()).hexdigest()


def letters(numbers: Iterable[int]) -> str:
    """Random numbers as the secret part of a token."""
    return "".join(_LETTERS[number % len(_LETTERS)] for number in numbers)


def is_key(told: str) -> bool:
    """Whether this can be an idempotency key: 1 to 255 printable characters, no space."""
    return _KEY.fullmatch(told) is not None


def fingerprint(parts: Collection[bytes], *, secret: bytes) -> str:
    """One request, recognised again without being kept."""
    seal = sha256(secret)
    for part in parts:
        seal.update(len(part).to_bytes(8, "big") + part)
    return seal.hexdigest()


def has_expired(expires_at: datetime, now: datetime) -> bool:
    return expires_at <= now
