"""The cancellation on paper, in Chinese and English side by side."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer, Table

from core import pdf
from core.queue import MadeFile
from procurement.papers import Party

TITLE = "采购订单取消通知 Cancellation of purchase order"
_WIDTH = 180 * mm
_HEAD = (
    "序号\nNo.",
    "货号 / GTIN\nItem / GTIN",
    "品名\nDescription",
    "取消数量\nUnits cancelled",
    "仍有效数量\nUnits that stand",
    "取消金额\nAmount cancelled",
)
_PARTS = (10, 34, 60, 24, 24, 28)


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
        Table(parties, colWidths=[_WIDTH / 2] * 2, style=plain, hAlign="LEFT"),
        Spacer(0, 3 * mm),
        Table(terms, colWidths=[_WIDTH / 4] * 4, style=plain, hAlign="LEFT"),
        Spacer(0, 3 * mm),
        pdf.para("取消原因 Reason", "label"),
        pdf.para(paper.reason),
        Spacer(0, 3 * mm),
        pdf.table(
            _HEAD,
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
            [part * mm for part in _PARTS],
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
        title=TITLE,
        number=paper.number,
        subject=f"{paper.number} {paper.order}",
        author=paper.buyer.name_en,
        story=story,
        made_at=paper.made_at,
        landscape=False,
        barcode=paper.number,
        fingerprint=paper.fingerprint,
    )
