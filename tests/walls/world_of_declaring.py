"""What customs was asked about the declaration, and what stands ready for the next one."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Company, User
from core.walls import platform_wide
from customs.models import BookFiling, CounterDocument, CreditTier, Deadline, Declaration
from customs.rules.deadlines import Flags
from customs.services import (
    answer_filing,
    ask_amendment,
    ask_filing,
    grant,
    record_refused,
    watch_deadlines,
)


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

    @property
    def deadline(self) -> Deadline:
        """By which the declaration's shipment was to be declared."""
        with platform_wide():
            found: Deadline = Deadline.objects.order_by("pk").filter(
                shipment=self.declaration.shipment_id
            )[0]
            return found

    @property
    def filing(self) -> BookFiling:
        """Of the product that was declared."""
        with platform_wide():
            found: BookFiling = BookFiling.objects.order_by("pk")[0]
            return found


def filed(declaration: Declaration, person: User, *, now: datetime) -> None:
    """A book of the keeper's that is filed before has the product."""
    house = declaration.warehouse
    line = declaration.lines.select_related("product").get()
    house.ledger_number = "L3104B26A079"
    asked = ask_filing(
        product=line.product,
        warehouse=house,
        importer=declaration.importer,
        asked_by=person,
        now=now,
    )
    answer_filing(filing=asked, filed=True, item=79, recorded_by=person, now=now)


def watched(importer: Company, person: User, *, now: datetime) -> None:
    """Customs trusts the importer, and the worker has looked at its days."""
    grant(
        importer=importer,
        valid_from=now.date(),
        tier=CreditTier.CERTIFIED,
        flags=Flags(),
        evidence="CANARY-AEO-7919",
        set_by=person,
        now=now,
    )
    watch_deadlines(now=now)


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
