"""What customs was asked about the declaration, and what stands ready for the next one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from accounts.models import Company, User
from core.walls import platform_wide
from customs.models import (
    BookFiling,
    CollectedList,
    CollectiveDeclaration,
    CounterDocument,
    CreditTier,
    Deadline,
    Declaration,
    DeclaredWay,
    Guarantee,
    GuaranteePayment,
    ShipmentEntry,
)
from customs.rules.deadlines import Flags
from customs.services import (
    answer_filing,
    ask_amendment,
    ask_filing,
    choose_way,
    grant,
    record_refused,
    watch_deadlines,
)

#: As on the bill that customs made of the canary's list.
CANARY_GUARANTEE = "3302961HZ6"


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


def on_ways(declaration: Declaration, person: User, *, now: datetime) -> None:
    """Its shipment is told to be there; its month was declared and its tax paid; another of the
    importer's went in first."""
    importer, house = declaration.importer, declaration.warehouse
    choose_way(shipment=declaration.shipment, way=DeclaredWay.ORDINARY, told_by=person, now=now)
    ShipmentEntry.objects.create(
        shipment=declaration.shipment,
        importer=importer,
        warehouse=house,
        keeper=house.operator,
        way=DeclaredWay.FIRST_IN,
        pass_number="CANARY7919",
        entered_at=now,
        recorded_by=person,
    )
    month = now.date().replace(day=1)
    together = CollectiveDeclaration.objects.create(
        number="COL-CANARY-7919",
        their_reference="310520261000007919",
        importer=importer,
        warehouse=house,
        month=month,
        lodged_at=now,
        recorded_by=person,
    )
    CollectedList.objects.create(collective=together, declaration=declaration, importer=importer)
    told = {"company": importer, "assure_code": CANARY_GUARANTEE, "evidence": "CANARY guarantee"}
    Guarantee.objects.create(
        amount=Decimal("7919.00"), valid_from=month, set_at=now, set_by=person, **told
    )
    GuaranteePayment.objects.create(
        month=month,
        amount=Decimal("0.79"),
        paid_on=now.date(),
        recorded_at=now,
        recorded_by=person,
        **told,
    )


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
