"""A declaration's rows, turned into the words of its papers."""

from __future__ import annotations

from customs.models import DeclarationDocument
from customs.papers import Paper, Stamp, declared
from customs.queries.import_set import import_set


def stamp_of(document: DeclarationDocument) -> Stamp:
    """Which document it is; the time is the row's, no clock is asked."""
    return Stamp(document.number, document.version, document.language, document.queued_at)


def paper_of(document: DeclarationDocument) -> Paper:
    """What the form of this document shows."""
    return declared(import_set(document.declaration_id), stamp_of(document))
