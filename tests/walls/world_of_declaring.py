"""What customs was asked about the declaration, and what stands ready for the next one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from accounts.models import Company, User
from core.walls import platform_wide
from customs.models import (
    BookFiling,
    CollectedLine,
    CollectedList,
    CollectiveDeclaration,
    CollectiveDocument,
    CollectiveGoods,
    CounterDocument,
    CreditTier,
    Deadline,
    Declaration,
    DeclarationState,
    DeclaredWay,
    Guarantee,
    GuaranteePayment,
    ShipmentEntry,
)
from customs.models.declaring import DeclaredFigures
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.deadlines import Flags
from customs.services import (
    answer_filing,
    ask_amendment,
    ask_filing,
    choose_way,
    grant,
    make_due_collective_papers,
    order_collective_papers,
    record_refused,
    watch_deadlines,
)
from customs.services.collecting import keep_charges, keep_lists, step

#: As on the bill that customs made of the canary's list.
CANARY_GUARANTEE = "3302961HZ6"
#: Told to every seller with goods in it, so it has none of the canary's words.
CANARY_MONTH = "COL-2025-000009"


class Countered:
    """Of the importer's declaration."""

    declaration: Declaration

    @property
    def month_paper(self) -> str:
        """The form of the month with which it was declared."""
        with platform_wide():
            found = CollectiveDocument.objects.order_by("pk").filter(
                collective__our_reference=CANARY_MONTH
            )
            return str(found[0].number)

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
    declared_with_its_month(declaration, month, now=now)
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


def declared_with_its_month(declaration: Declaration, month: date, *, now: datetime) -> None:
    """Its list was in a collective declaration; it is free again."""
    told = {
        name: getattr(declaration, name)
        for name in (
            *("importer", "warehouse", "form", "supervision_mode", "currency", "incoterm"),
            *("total_minor", "packages", "gross_weight_g", "net_weight_g"),
        )
    }
    together = CollectiveDeclaration.objects.create(
        our_reference=CANARY_MONTH,
        their_reference="310520261000007919",
        supplier=declaration.shipment.order.supplier.company,
        transport_mode=declaration.shipment.transport_mode,
        month=month,
        state="lodged",
        drafted_at=now,
        lodged_at=now,
        **told,
    )
    keep_lists(together, [declaration.pk])
    keep_charges(together, [Charge(Kind.FREIGHT, Mark.RATE, Decimal("7.919"), "")])
    form = declaration.goods.get()
    figures = {
        field.attname: getattr(form, field.attname)
        for field in DeclaredFigures._meta.get_fields()
        if field.concrete
    }
    goods = CollectiveGoods.objects.create(
        collective=together,
        importer=declaration.importer,
        position=1,
        second_unit=form.second_unit,
        **figures,
    )
    for line in declaration.lines.all():
        CollectedLine.objects.create(goods=goods, line=line, importer=declaration.importer)
    step(together, DeclarationState.LODGED, now, "CANARY month")
    CollectedList.objects.update(freed_at=now)


def printed_with_its_month(*, now: datetime) -> None:
    """All papers of the month are made, after the book has what stands on them."""
    together = CollectiveDeclaration.objects.get(our_reference=CANARY_MONTH)
    order_collective_papers(collective=together, language="zh-hans", now=now)
    make_due_collective_papers(now=lambda: now)


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
