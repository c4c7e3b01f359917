"""What customs was asked about the declaration, and what stands ready for the next one."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from core.walls import platform_wide
from customs.models import CounterDocument, Declaration
from customs.services import ask_amendment, record_refused


class Countered:
    """Of the importer's declaration."""

    declaration: Declaration

    @property
    def counter_document(self) -> CounterDocument:
        """An amendment that customs refused."""
        with platform_wide():
            found: CounterDocument = CounterDocument.objects.get(
                declaration__our_reference=self.declaration.our_reference
            )
            return found


def refused_amendment(declaration: Declaration, person: User, *, now: datetime) -> None:
    """Of a declaration that customs has."""
    asked = ask_amendment(
        declaration=declaration,
        wanted=[(1, "name_zh", "CANARY 改名")],
        reason="CANARY asks",
        asked_by=person,
        now=now,
    )
    record_refused(document=asked, reason="CANARY refused", recorded_by=person, now=now)
