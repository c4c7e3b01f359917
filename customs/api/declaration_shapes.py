"""A declaration as the API shows it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import Field

from core import clock
from core.models import WorkState
from customs import queries, services
from customs.models import (
    ChargeKind,
    ChargeMark,
    CounterChoices,
    CounterDocument,
    Declaration,
    DeclarationDocument,
    DeclarationForm,
    DeclarationState,
)
from customs.models.declaring import DeclaredFigures
from rest.fields import one_of


class DeclarationHead(Schema):
    """A declaration of one shipment into bond."""

    reference: str = Field(description="Ours", examples=["DEC-2026-000001"])
    customs_number: str = Field(description="Empty until released", examples=[""])
    shipment: str = Field(examples=["SHP-2026-000001"])
    warehouse: str = Field(examples=["NGB01"])
    order: str = Field(description="The contract", examples=["PO-2026-000001"])
    supplier: str = Field(description="The consignor abroad", examples=["SUP01"])
    form: str = Field(
        description="3 entry record list, 1 import declaration",
        json_schema_extra=one_of(*DeclarationForm.values),
        examples=["1"],
    )
    state: str = Field(json_schema_extra=one_of(*DeclarationState.values), examples=["draft"])
    paper_state: str | None = Field(
        description="null until it is ordered",
        json_schema_extra=one_of(*WorkState.values, None),
        examples=["ready"],
    )
    supervision_mode: str = Field(examples=["1210"])
    incoterm: str = Field(examples=["FOB"])
    currency: str = Field(examples=["EUR"])
    total_minor: int = Field(examples=[1200000])
    packages: int = Field(examples=[200])
    gross_weight_g: int = Field(examples=[1260000])
    net_weight_g: int = Field(examples=[1080000])
    drafted_at: datetime = Field(examples=["2026-07-14T02:30:00Z"])
    lodged_at: datetime | None = Field(examples=[None])
    decided_at: datetime | None = Field(examples=[None])
    rejection_reason: str = Field(examples=[""])


class DeclaredGoods(Schema):
    """One goods line of the form: the sum of the list lines that name it."""

    position: int = Field(examples=[1])
    hs_code: str = Field(examples=["1901101000"])
    name_zh: str = Field(examples=["婴儿奶粉 900 克"])
    specification: str = Field(description="Declaration elements", examples=["配方奶粉|900 克/罐"])
    origin: str = Field(examples=["DEU"])
    quantity: int = Field(examples=[1200])
    unit: str = Field(examples=["011"])
    legal_quantity: Decimal = Field(examples=["1080.00000"])
    legal_unit: str = Field(examples=["035"])
    second_quantity: Decimal | None = Field(
        description="null where the code has one legal unit", examples=[None]
    )
    second_unit: str = Field(examples=[""])
    unit_price: Decimal = Field(examples=["10.0000"])
    total_minor: int = Field(examples=[1200000])
    net_weight_g: int = Field(examples=[1080000])
    gross_weight_g: int = Field(examples=[1260000])


class DeclaredCharge(Schema):
    """What the terms leave out of the price."""

    kind: str = Field(json_schema_extra=one_of(*ChargeKind.values), examples=["freight"])
    mark: str = Field(
        description="1 rate in per cent, 2 for each tonne, 3 total",
        json_schema_extra=one_of(*ChargeMark.values),
        examples=["3"],
    )
    value: Decimal = Field(examples=["450.0000"])
    currency: str = Field(description="Empty for a rate", examples=["USD"])


class DeclarationLine(Schema):
    """One line of the bonded list: what of one order line is declared."""

    position: int = Field(examples=[1])
    goods_line: int = Field(description="Of the form", examples=[1])
    sku: str = Field(examples=["MILK-900"])
    hs_code: str = Field(examples=["1901101000"])
    name_zh: str = Field(examples=["婴儿奶粉 900 克"])
    specification: str = Field(description="Declaration elements", examples=["配方奶粉|900 克/罐"])
    origin: str = Field(examples=["DEU"])
    quantity: int = Field(examples=[1200])
    unit: str = Field(examples=["011"])
    legal_quantity: Decimal = Field(examples=["1080.00000"])
    legal_unit: str = Field(examples=["035"])
    second_quantity: Decimal | None = Field(examples=[None])
    second_unit: str = Field(examples=[""])
    unit_price: Decimal = Field(examples=["10.0000"])
    total_minor: int = Field(examples=[1200000])


class DeclarationStep(Schema):
    """One step of its way."""

    state: str = Field(json_schema_extra=one_of(*DeclarationState.values), examples=["lodged"])
    at: datetime = Field(examples=["2026-07-14T03:00:00Z"])
    note: str = Field(examples=[""])


class DeclarationFinding(Schema):
    """What customs would send the declaration back for."""

    line: int = Field(description="Goods line, 0 for the head", examples=[1])
    field: str = Field(examples=["legal_unit"])
    rule: str = Field(examples=["customs.declared_legal_units_differ"])
    message: str = Field(examples=["法定单位须与该商品编码的两个法定单位一致。"])


class CounterChangeOut(Schema):
    """One numbered change of an amendment."""

    line: int = Field(description="Goods line, 0 for the head", examples=[1])
    field: str = Field(examples=["name_zh"])
    before: str = Field(examples=["婴幼儿配方奶粉"])
    after: str = Field(examples=["婴幼儿配方奶粉 1 段"])


class CounterOut(Schema):
    """An amendment or a withdrawal that customs was asked for."""

    number: str = Field(examples=["AMD-2026-000001"])
    declaration: str = Field(examples=["DEC-2026-000001"])
    kind: str = Field(json_schema_extra=one_of(*CounterChoices.values), examples=["amend"])
    state: str = Field(json_schema_extra=one_of("asked", "accepted", "refused"), examples=["asked"])
    reason: str = Field(examples=["品名申报不全"])
    asked_at: datetime = Field(examples=["2026-07-15T02:30:00Z"])
    answered_at: datetime | None = Field(examples=[None])
    refusal: str = Field(description="The reason that customs gave", examples=[""])
    changes: list[CounterChangeOut]


class DeclarationPaper(Schema):
    """The printed declaration, or how far it is."""

    number: str = Field(examples=["DOC-2026-000007"])
    language: str = Field(examples=["zh-hans"])
    state: str = Field(json_schema_extra=one_of(*WorkState.values), examples=["ready"])
    pages: int = Field(description="0 until it is made", examples=[2])
    sha256: str = Field(
        description="Of the file; empty until it is made",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )
    made_at: datetime | None = Field(examples=["2026-07-14T02:30:05Z"])
    trouble: str = Field(description="Why it could not be made", examples=[""])


class DeclarationOut(DeclarationHead):
    """A declaration with its lines, its paper and its way."""

    account_book: str = Field(description="Of the bonded warehouse", examples=["T3104W000001"])
    replaces: str | None = Field(examples=[None])
    replaced_by: str | None = Field(
        description="The draft in its place after a rejection", examples=[None]
    )
    paper: DeclarationPaper | None = Field(description="null until it is ordered")
    goods_lines: list[DeclaredGoods]
    charges: list[DeclaredCharge]
    lines: list[DeclarationLine] = Field(description="Of the bonded list")
    findings: list[DeclarationFinding] = Field(
        description="Of a draft, and of a paper that was not lodged: broken rules keep it here"
    )
    cautions: list[DeclarationFinding] = Field(
        description="Remarks of the positive list for a person to look at; they stop nothing"
    )
    counter_documents: list[CounterOut] = Field(description="Newest first")
    steps: list[DeclarationStep]


def head(one: Declaration) -> DeclarationHead:
    document = one.document
    return DeclarationHead(
        reference=one.our_reference,
        customs_number=one.their_reference,
        shipment=one.shipment.number,
        warehouse=one.warehouse.code,
        order=one.shipment.order.number,
        supplier=one.shipment.order.supplier.company.code,
        form=one.form,
        state=one.state,
        paper_state=document.state if document else None,
        supervision_mode=one.supervision_mode,
        incoterm=one.incoterm,
        currency=one.currency,
        total_minor=one.total_minor,
        packages=one.packages,
        gross_weight_g=one.gross_weight_g,
        net_weight_g=one.net_weight_g,
        drafted_at=one.drafted_at,
        lodged_at=one.lodged_at,
        decided_at=one.decided_at,
        rejection_reason=one.rejection_reason,
    )


def _paper(one: DeclarationDocument) -> DeclarationPaper:
    return DeclarationPaper(
        number=one.number,
        language=one.language,
        state=one.state,
        pages=one.page_count,
        sha256=one.sha256,
        made_at=one.made_at,
        trouble=one.trouble if one.state == WorkState.FAILED else "",
    )


def counter_out(one: CounterDocument) -> CounterOut:
    answer = getattr(one, "answer", None)
    return CounterOut(
        number=one.number,
        declaration=one.about.our_reference,
        kind=one.kind,
        state=one.state,
        reason=one.reason,
        asked_at=one.asked_at,
        answered_at=answer.answered_at if answer else None,
        refusal=answer.reason if answer else "",
        changes=[
            CounterChangeOut(line=told.line, field=told.field, before=told.before, after=told.after)
            for told in sorted(one.changes.all(), key=lambda told: told.position)
        ],
    )


def figures(line: DeclaredFigures) -> dict[str, Any]:
    """What a line declares, of the bonded list and of the form alike."""
    return {
        "hs_code": line.hs_code,
        "name_zh": line.name_zh,
        "specification": line.specification,
        "origin": line.origin,
        "quantity": line.quantity,
        "unit": line.unit,
        "legal_quantity": line.legal_quantity,
        "legal_unit": line.legal_unit,
        "second_quantity": line.second_quantity,
        "second_unit": line.second_unit,
        "unit_price": line.unit_price,
        "total_minor": line.total_minor,
    }


def shown(reference: str) -> DeclarationOut:
    one = queries.declaration_of(reference)
    document, after = one.document, getattr(one, "replaced_by", None)
    lines = [
        DeclarationLine(
            position=line.position,
            goods_line=line.goods_line.position,
            sku=line.product.sku,
            **figures(line),
        )
        for line in one.lines.select_related("product", "goods_line").order_by("position")
    ]
    goods = [
        DeclaredGoods(
            position=line.position,
            **figures(line),
            net_weight_g=line.net_weight_g,
            gross_weight_g=line.gross_weight_g,
        )
        for line in one.goods.order_by("position")
    ]
    charges = [
        DeclaredCharge(kind=told.kind, mark=told.mark, value=told.value, currency=told.currency)
        for told in one.charges.order_by("pk")
    ]
    steps = [
        DeclarationStep(state=step.state, at=step.at, note=step.note)
        for step in one.steps.order_by("pk")
    ]
    findings, cautions = (
        [
            DeclarationFinding(
                line=told.line,
                field=told.field,
                rule=told.error.code,
                message=services.told(told).message,
            )
            for told in found
        ]
        for found in queries.looked_at(one, now=clock.now())
    )
    return DeclarationOut(
        **head(one).model_dump(),
        account_book=one.warehouse.ledger_number,
        replaces=one.replaces.our_reference if one.replaces else None,
        replaced_by=after.our_reference if after else None,
        paper=_paper(document) if document else None,
        goods_lines=goods,
        charges=charges,
        lines=lines,
        findings=findings,
        cautions=cautions,
        counter_documents=[counter_out(counter) for counter in queries.counters_of(one)],
        steps=steps,
    )
