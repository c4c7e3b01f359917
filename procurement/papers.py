"""The purchase order and its cancellation on paper, in Chinese and English side by side.

A supplier abroad reads the English, customs and the importer's books the Chinese; one
paper serves all, so there is one number and one signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from core import pdf
from core.queue import MadeFile

TITLE = "采购订单 Purchase order"
_WIDTH = 267 * mm
_HEAD = (
    "序号\nNo.",
    "货号 / GTIN / 供应商货号\nItem / GTIN / Your item",
    "品名\nDescription",
    "箱数\nPacks",
    "每箱数量\nUnits/pack",
    "数量\nUnits",
    "每箱价\nPrice/pack",
    "单价*\nUnit price*",
    "金额\nAmount",
)
_PARTS = (10, 36, 82, 18, 20, 21, 24, 24, 32)
_ALIGN = "cllrrrrrr"


@dataclass(frozen=True, slots=True)
class Party:
    """A company as a paper names it; ``lines`` are its address and numbers."""

    name_zh: str
    name_en: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One goods line, as text."""

    position: str
    sku: str
    gtin: str
    supplier_code: str
    layers: str
    name_zh: str
    name_en: str
    packs: str
    pack_quantity: str
    quantity: str
    pack_price: str
    unit_price: str
    amount: str


@dataclass(frozen=True, slots=True)
class OrderPaper:
    """Everything the purchase order shows, as text."""

    number: str
    placed_on: str
    quarter: str
    delivery: str
    currency: str
    lead_time: str
    buyer: Party
    supplier: Party
    ship_to: Party
    lines: tuple[PaperLine, ...]
    packs: str
    units: str
    weight: str
    amount: str
    made_at: datetime

    @property
    def fingerprint(self) -> str:
        """A short digest of everything printed: two papers that agree in it agree in all."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def order_paper(paper: OrderPaper) -> MadeFile:
    """The purchase order as a PDF. The same paper makes the same bytes."""
    story: list[Flowable] = [
        _parties(paper),
        Spacer(0, 3 * mm),
        _terms(paper),
        Spacer(0, 4 * mm),
        pdf.table(
            _HEAD,
            [_row(line) for line in paper.lines],
            [part * mm for part in _PARTS],
            align=_ALIGN,
            total=(
                "",
                "",
                "合计 Total",
                paper.packs,
                "",
                paper.units,
                "",
                "",
                f"{paper.currency} {paper.amount}",
            ),
        ),
        Spacer(0, 2 * mm),
        pdf.para(
            "* 单价由每箱价除以每箱数量得出，仅供参考；以每箱价为准。"
            " Unit prices are derived from the price per pack, which is binding.",
            "note",
        ),
        *_stepped(paper),
        KeepTogether([Spacer(0, 6 * mm), _signatures()]),
    ]
    return pdf.render(
        title=TITLE,
        number=paper.number,
        subject=f"{paper.number} {paper.quarter}",
        author=paper.buyer.name_en,
        story=story,
        made_at=paper.made_at,
        landscape=True,
        barcode=paper.number,
        fingerprint=paper.fingerprint,
    )


def _stepped(paper: OrderPaper) -> list[Flowable]:
    """What the amount is where packs of a line have prices of their own."""
    if not any("×" in line.pack_price for line in paper.lines):
        return []
    told = (
        "每箱价分段的，金额为各段箱数乘以该段每箱价之和。"
        " Where packs have prices of their own, the amount is the sum of packs × price"
        " of each step."
    )
    return [pdf.para(told, "note")]


def _row(line: PaperLine) -> list[object]:
    return [
        line.position,
        "\n".join(filter(None, (line.sku, line.gtin, line.supplier_code))),
        "\n".join(filter(None, (line.name_zh, line.name_en, line.layers))),
        line.packs,
        line.pack_quantity,
        line.quantity,
        line.pack_price,
        line.unit_price,
        line.amount,
    ]


def _parties(paper: OrderPaper) -> Table:
    def block(label: str, party: Party) -> list[Flowable]:
        told = [party.name_zh, party.name_en]
        names = [pdf.para(name, "cell_bold") for name in dict.fromkeys(told) if name]
        return [pdf.para(label, "label"), *names, *(pdf.para(line) for line in party.lines)]

    cells = [
        [
            block("买方 Buyer", paper.buyer),
            block("供应商 Supplier", paper.supplier),
            block("收货方 Ship to", paper.ship_to),
        ]
    ]
    return Table(cells, colWidths=[_WIDTH / 3] * 3, style=_plain(), hAlign="LEFT")


def _terms(paper: OrderPaper) -> Table:
    told: Sequence[tuple[str, str]] = (
        ("订单号 Order", paper.number),
        ("日期 Date", paper.placed_on),
        ("采购季度 Quarter", paper.quarter),
        ("交货条件 Incoterms® 2020", paper.delivery),
        ("交货期 Lead time", paper.lead_time),
        ("币种 Currency", paper.currency),
        ("毛重 Gross weight", paper.weight),
    )
    row = [[pdf.para(label, "label"), pdf.para(value, "cell_bold")] for label, value in told]
    return Table([row], colWidths=[_WIDTH / len(row)] * len(row), style=_boxed(), hAlign="LEFT")


def _signatures() -> Table:
    labels = ("买方签章 For the buyer", "供应商确认 Confirmed by the supplier", "日期 Date")
    row = [[Spacer(0, 12 * mm), pdf.para(label, "label")] for label in labels]
    return Table(
        [row],
        colWidths=[_WIDTH / 3] * 3,
        style=[*_plain(), ("LINEBELOW", (0, 0), (-1, -1), 0.4, pdf.RULE)],
        hAlign="LEFT",
    )


def _plain() -> list[Any]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]


def _boxed() -> list[Any]:
    return [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BOX", (0, 0), (-1, -1), 0.5, pdf.RULE),
        ("INNERGRID", (0, 0), (-1, -1), 0.3, pdf.RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]


CANCELLATION_TITLE = "采购订单取消通知 Cancellation of purchase order"
_CANCEL_WIDTH = 180 * mm
_CANCEL_HEAD = (
    "序号\nNo.",
    "货号 / GTIN\nItem / GTIN",
    "品名\nDescription",
    "取消数量\nUnits cancelled",
    "仍有效数量\nUnits that stand",
    "取消金额\nAmount cancelled",
)
_CANCEL_PARTS = (10, 34, 60, 24, 24, 28)


@dataclass(frozen=True, slots=True)
class CancelledLine:
    """One line, as text."""

    position: str
    sku: str
    gtin: str
    name_zh: str
    name_en: str
    quantity: str
    left: str
    amount: str


@dataclass(frozen=True, slots=True)
class CancelPaper:
    """Everything the cancellation shows, as text."""

    number: str
    order: str
    cancelled_on: str
    reason: str
    currency: str
    buyer: Party
    supplier: Party
    lines: tuple[CancelledLine, ...]
    amount: str
    made_at: datetime

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def cancel_paper(paper: CancelPaper) -> MadeFile:
    """The cancellation as a PDF. The same paper makes the same bytes."""

    def block(label: str, party: Party) -> list[Flowable]:
        names = dict.fromkeys((party.name_zh, party.name_en))
        said = [pdf.para(name, "cell_bold") for name in names if name]
        return [pdf.para(label, "label"), *said, *(pdf.para(line) for line in party.lines)]

    plain = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
    parties = [[block("买方 Buyer", paper.buyer), block("供应商 Supplier", paper.supplier)]]
    told = (
        ("通知号 Number", paper.number),
        ("订单号 Order", paper.order),
        ("日期 Date", paper.cancelled_on),
        ("币种 Currency", paper.currency),
    )
    terms = [[[pdf.para(label, "label"), pdf.para(value, "cell_bold")] for label, value in told]]
    story: list[Flowable] = [
        Table(parties, colWidths=[_CANCEL_WIDTH / 2] * 2, style=plain, hAlign="LEFT"),
        Spacer(0, 3 * mm),
        Table(terms, colWidths=[_CANCEL_WIDTH / 4] * 4, style=plain, hAlign="LEFT"),
        Spacer(0, 3 * mm),
        pdf.para("取消原因 Reason", "label"),
        pdf.para(paper.reason),
        Spacer(0, 3 * mm),
        pdf.table(
            _CANCEL_HEAD,
            [
                [
                    line.position,
                    f"{line.sku}\n{line.gtin}",
                    f"{line.name_zh}\n{line.name_en}",
                    line.quantity,
                    line.left,
                    line.amount,
                ]
                for line in paper.lines
            ],
            [part * mm for part in _CANCEL_PARTS],
            align="cllrrr",
            total=("", "", "合计 Total", "", "", f"{paper.currency} {paper.amount}"),
        ),
        Spacer(0, 3 * mm),
        pdf.para(
            "订单其余部分不变。未列出的数量仍按原订单执行。 The rest of the order stands as it is.",
            "note",
        ),
    ]
    return pdf.render(
        title=CANCELLATION_TITLE,
        number=paper.number,
        subject=f"{paper.number} {paper.order}",
        author=paper.buyer.name_en,
        story=story,
        made_at=paper.made_at,
        landscape=False,
        barcode=paper.number,
        fingerprint=paper.fingerprint,
    )
