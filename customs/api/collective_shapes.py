"""How the API shows declarations of months, and the lists that wait for one."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from core.clock import now
from core.models import WorkState
from customs import queries, services
from customs.api.declaration_shapes import (
    CounterOut,
    DeclarationFinding,
    DeclarationStep,
    DeclaredCharge,
    DeclaredGoods,
    counter_out,
    figures,
)
from customs.models import (
    CollectiveDeclaration,
    CollectivePaperKind,
    DeclarationForm,
    DeclarationState,
)
from customs.queries import collecting as of_months
from customs.queries import collective_papers as printed
from customs.queries.collecting import Group
from customs.queries.collective_set import collective_set, findings_to_come
from customs.rules.agreeing import disagreements_together
from rest.fields import one_of
from warehouse.days import day_of


class WaitingList(Schema):
    """A list on the way of collective declaration that is in no declaration of a month."""

    declaration: str = Field(examples=["DEC-2026-000001"])
    shipment: str = Field(examples=["SH-2026-000001"])
    arrived_on: date = Field(examples=["2026-07-14"])
    accepted_on: date | None = Field(
        description="Empty until customs accepted it", examples=["2026-07-15"]
    )
    total_minor: int = Field(examples=[60000])


class WaitingMonth(Schema):
    """Lists that may be declared together."""

    month: date = Field(description="Its first day", examples=["2026-07-01"])
    due_on: date = Field(examples=["2026-08-31"])
    importer: str = Field(examples=["IMP01"])
    supplier: str = Field(examples=["SUP01"])
    warehouse: str = Field(examples=["NGB01"])
    form: str = Field(json_schema_extra=one_of(*DeclarationForm.values), examples=["3"])
    supervision_mode: str = Field(examples=["1210"])
    incoterm: str = Field(examples=["FOB"])
    currency: str = Field(examples=["EUR"])
    may_draw: bool = Field(description="The month is over", examples=[True])
    lists: list[WaitingList]


class CollectiveHead(Schema):
    """A declaration of a month."""

    reference: str = Field(examples=["COL-2026-000001"])
    customs_number: str = Field(examples=[""])
    state: str = Field(json_schema_extra=one_of(*DeclarationState.values), examples=["draft"])
    month: date = Field(examples=["2026-07-01"])
    importer: str = Field(examples=["IMP01"])
    supplier: str = Field(examples=["SUP01"])
    warehouse: str = Field(examples=["NGB01"])
    form: str = Field(json_schema_extra=one_of(*DeclarationForm.values), examples=["3"])
    supervision_mode: str = Field(examples=["1210"])
    incoterm: str = Field(examples=["FOB"])
    currency: str = Field(examples=["EUR"])
    total_minor: int = Field(examples=[120000])
    packages: int = Field(examples=[20])
    gross_weight_g: int = Field(examples=[132000])
    net_weight_g: int = Field(examples=[108000])
    drafted_at: datetime = Field(examples=["2026-08-05T02:00:00Z"])
    lodged_at: datetime | None = Field(examples=[None])


class CollectedListOut(Schema):
    """A list in it; ``freed_at`` once it is in it no longer."""

    declaration: str = Field(examples=["DEC-2026-000001"])
    shipment: str = Field(examples=["SH-2026-000001"])
    accepted_on: date | None = Field(examples=["2026-07-15"])
    freed_at: datetime | None = Field(examples=[None])


class CollectedLineOut(Schema):
    """A line of a list, and the goods line into which it goes."""

    goods_line: int = Field(examples=[1])
    declaration: str = Field(examples=["DEC-2026-000001"])
    sku: str = Field(examples=["MILK-900"])
    quantity: int = Field(examples=[60])
    total_minor: int = Field(examples=[60000])


class CollectivePaper(Schema):
    """The newest version of a paper; ``holds``: it says what the data say now."""

    number: str = Field(examples=["DOC-2026-000001"])
    kind: str = Field(
        json_schema_extra=one_of(*CollectivePaperKind.values), examples=["declaration"]
    )
    language: str = Field(examples=["zh-hans"])
    seller: str | None = Field(examples=[None])
    version: int = Field(examples=[1])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    holds: bool | None = Field(examples=[True])
    pages: int = Field(examples=[1])
    sha256: str = Field(examples=[""])


class CollectiveOut(CollectiveHead):
    """A declaration of a month with all that is in it."""

    account_book: str = Field(examples=["T3104W000079"])
    replaces: str | None = Field(examples=[None])
    replaced_by: str | None = Field(examples=[None])
    lists: list[CollectedListOut]
    goods_lines: list[DeclaredGoods]
    lines: list[CollectedLineOut]
    charges: list[DeclaredCharge]
    papers: list[CollectivePaper]
    differences: list[str] = Field(
        description="Figures in which its papers do not agree", examples=[[]]
    )
    findings: list[DeclarationFinding]
    counter_documents: list[CounterOut]
    steps: list[DeclarationStep]


class CollectivesOut(Schema):
    """What waits, by the last day, and the newest fifty declarations of months."""

    waiting: list[WaitingMonth]
    declarations: list[CollectiveHead]


def waiting_out(group: Group) -> WaitingMonth:
    one = group.any
    return WaitingMonth(
        month=group.alike.month,
        due_on=group.due_on,
        importer=one.importer.code,
        supplier=one.shipment.order.supplier.company.code,
        warehouse=one.warehouse.code,
        form=group.alike.form,
        supervision_mode=group.alike.mode,
        incoterm=group.alike.terms,
        currency=group.alike.currency,
        may_draw=group.may_draw,
        lists=[
            WaitingList(
                declaration=it.told.reference,
                shipment=it.told.shipment,
                arrived_on=it.told.arrived_on,
                accepted_on=it.told.accepted_on,
                total_minor=it.declaration.total_minor,
            )
            for it in group.lists
        ],
    )


def collective_head(one: CollectiveDeclaration) -> CollectiveHead:
    return CollectiveHead(
        reference=one.our_reference,
        customs_number=one.their_reference,
        state=one.state,
        month=one.month,
        importer=one.importer.code,
        supplier=one.supplier.code,
        warehouse=one.warehouse.code,
        form=one.form,
        supervision_mode=one.supervision_mode,
        incoterm=one.incoterm,
        currency=one.currency,
        total_minor=one.total_minor,
        packages=one.packages,
        gross_weight_g=one.gross_weight_g,
        net_weight_g=one.net_weight_g,
        drafted_at=one.drafted_at,
        lodged_at=one.lodged_at,
    )


def collective_out(reference: str) -> CollectiveOut:
    one = of_months.collective_of(reference)
    data = collective_set(one.pk)
    after = getattr(one, "replaced_by", None)
    of = {position: it.reference for it in data.lists for position in it.lines}
    return CollectiveOut(
        **collective_head(one).model_dump(),
        account_book=one.warehouse.ledger_number,
        replaces=one.replaces.our_reference if one.replaces else None,
        replaced_by=after.our_reference if after else None,
        lists=[
            CollectedListOut(
                declaration=it.declaration.our_reference,
                shipment=it.declaration.shipment.number,
                accepted_on=day_of(it.declaration.decided_at)
                if it.declaration.decided_at
                else None,
                freed_at=it.freed_at,
            )
            for it in of_months.lists_of(one)
        ],
        goods_lines=[
            DeclaredGoods(
                position=line.position,
                **figures(line),
                net_weight_g=line.net_weight_g,
                gross_weight_g=line.gross_weight_g,
            )
            for line in one.goods.order_by("position")
        ],
        lines=[
            CollectedLineOut(
                goods_line=line.goods_position,
                declaration=of[line.position],
                sku=line.sku,
                quantity=line.quantity,
                total_minor=line.total,
            )
            for line in data.listed
        ],
        charges=[
            DeclaredCharge(kind=it.kind, mark=it.mark, value=it.value, currency=it.currency)
            for it in data.charges
        ],
        papers=[
            CollectivePaper(
                number=it.document.number,
                kind=it.document.kind,
                language=it.document.language,
                seller=it.document.seller.code if it.document.seller else None,
                version=it.document.version,
                state=it.document.state,
                holds=it.holds,
                pages=it.document.page_count,
                sha256=it.document.sha256,
            )
            for it in printed.papers_together(one, data)
        ],
        differences=[f"{it.what} {it.of}".strip() for it in disagreements_together(data)],
        findings=[
            DeclarationFinding(
                line=it.line,
                field=it.field,
                rule=it.error.code,
                message=services.told(it).message,
            )
            for it in findings_to_come(one, day=day_of(now()))
        ],
        counter_documents=[counter_out(it) for it in queries.counters_of(one)],
        steps=[
            DeclarationStep(state=it.state, at=it.at, note=it.note)
            for it in one.steps.order_by("pk")
        ],
    )
