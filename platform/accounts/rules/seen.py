"""Who changes a thing changes what it saw: of two at once the second looks again."""

from __future__ import annotations

import hashlib

from core.errors import DomainError


class ChangedMeanwhile(DomainError):
    """Somebody changed this while your page was open. Go back, load the page anew to see what
    stands there now, then change it again."""

    code = "accounts.changed_meanwhile"


def stamp(*values: object) -> str:
    """Recognises what a page showed."""
    return hashlib.sha256(repr(tuple(str(one) for one in values)).encode()).hexdigest()[:16]


def check_unchanged(seen: str, **stands: object) -> None:
    """``stands`` is what stands there now, in the order in which it was stamped; nothing seen
    (a program that knows its version by other means) is not compared.

    Raises ChangedMeanwhile, which tells what stands there.
    """
    if seen and seen != stamp(*stands.values()):
        raise ChangedMeanwhile(**{name: str(value) for name, value in stands.items()})
