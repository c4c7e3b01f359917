"""What the domain refuses, and how it says so.

A refusal is a class: its docstring is the sentence a person reads, the line in
``docs/rules.md``, and the key of its translation. Rules raise; doors catch nothing;
one middleware gives every refusal the same shape.
"""

from __future__ import annotations

import inspect
from typing import ClassVar

#: Looked up once: a long file has a refusal for each of its rows.
_SENTENCES: dict[type, str] = {}


class DomainError(Exception):
    """The request cannot be met."""

    code: ClassVar[str] = "core.refused"
    #: HTTP status of the refusal: 409 for a state of the world, 422 for wrong input.
    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__(self.rule())
        self.facts = facts

    @classmethod
    def rule(cls) -> str:
        """The sentence, in English, on one line; doors translate it."""
        told = _SENTENCES.get(cls)
        if told is None:
            told = _SENTENCES[cls] = " ".join((inspect.getdoc(cls) or cls.__name__).split())
        return told

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.rule()} ({told})" if told else self.rule()


class InputError(DomainError):
    """The input is not usable as it is."""

    code = "core.bad_input"
    status = 422


class CurrencyMismatch(InputError):
    """Two currencies cannot be added or compared without a rate."""

    code = "core.currency_mismatch"


class NotExact(InputError):
    """An amount must be a whole number of the currency's smallest units, never a float."""

    code = "core.amount_not_exact"
