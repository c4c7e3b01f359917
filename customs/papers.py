"""The printed declaration: 进口货物报关单 or 进境货物备案清单, A4 across.

The boxes stand in the order of the 2019 form (numbers 1 to 49 of its filling rules). Head
and foot are on every page, goods lines run between them, each with its three quantity
lines: first legal unit, second legal unit, declared unit.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor, black
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph

from core import pdf
from core.queue import MadeFile

#: Title and head of the form; Chinese first, then English.
TITLES = {
    "3": ("中华人民共和国海关进境货物备案清单", "Entry record list of goods into a bonded zone"),
    "1": ("中华人民共和国海关进口货物报关单", "Customs declaration for imported goods"),
}
PENDING = ("待申报", "for lodging")

_SIDE = 8 * mm
_LINE = 0.5
_ROW = 8.6 * mm
_BAND = 21 * mm
_FOOT = 24 * mm
_GREY = HexColor("#444444")
#: The first four rows of the head have the same five columns.
_COMMON = (2.3, 1.2, 1.6, 1.3, 1.6)


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the head: its label in both languages, a code beside it, its content."""

    label: tuple[str, str]
    value: str = ""
    number: str = ""
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One goods line as it is printed; ``quantities`` are the three lines of column 36."""

    position: int
    ledger_item: str
    hs_code: str
    name: str
    specification: str
    quantities: tuple[str, str, str]
    unit_price: str
    total: str
    currency: str
    origin: str
    origin_code: str
    destination: str
    destination_code: str
    place: str
    place_code: str
    levy: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything the form shows, as text."""

    form: str
    our_reference: str
    document_number: str
    their_reference: str
    district: str
    rows: tuple[tuple[Box, ...], ...]
    wide: tuple[Box, ...]
    lines: tuple[PaperLine, ...]
    foot: tuple[tuple[tuple[str, str], str], ...]
    declarant: str
    declarant_code: str
    author: str
    totals: str
    made_at: datetime
    language: str

    def word(self, pair: tuple[str, str]) -> str:
        """The Chinese or the English word."""
        return pair[0 if self.language.startswith("zh") else 1]

    @property
    def fingerprint(self) -> str:
        """A short digest of everything printed: two papers that agree in it agree in all."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]


def declaration_paper(paper: Paper) -> MadeFile:
    """The form as a PDF. The same paper makes the same bytes."""
    pdf.load_fonts()
    width, _height = pdf.page_size(landscape=True)
    furniture = _Form(paper)
    return pdf.render(
        title=f"{paper.word(TITLES[paper.form])} {paper.our_reference}",
        number=paper.document_number,
        subject=paper.our_reference,
        author=paper.author,
        story=[_goods(paper, width - 2 * _SIDE)],
        made_at=paper.made_at,
        landscape=True,
        language=paper.language,
        furniture=furniture,
    )


# Columns 33 to 43, in parts of the width.
_COLUMNS: tuple[tuple[tuple[str, str], float], ...] = (
    (("项号", "Item"), 4.5),
    (("商品编号", "HS code"), 8),
    (("商品名称及规格型号", "Description and specification"), 30),
    (("数量及单位", "Quantity and unit"), 11.5),
    (("单价/总价/币制", "Unit price / total / currency"), 11),
    (("原产国(地区)", "Origin"), 9),
    (("最终目的国(地区)", "Destination"), 10),
    (("境内目的地", "Place in China"), 10),
    (("征免", "Levy"), 6),
)
#: Those whose content stands at the right.
_FIGURES = {3, 4}


def _goods(paper: Paper, width: float) -> Flowable:
    parts = sum(part for _, part in _COLUMNS)
    rows: list[list[Flowable]] = [
        [
            pdf.para(paper.word(label), "small_right" if i in _FIGURES else "small")
            for i, (label, _) in enumerate(_COLUMNS)
        ]
    ]
    rows += [_goods_row(paper, line) for line in paper.lines]
    looks: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), _LINE, black),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, _GREY, None, (1.5, 1.5)),
        ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
        ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
    ]
    return LongTable(
        rows,
        colWidths=[width * part / parts for _, part in _COLUMNS],
        style=looks,
        repeatRows=1,
    )


def _goods_row(paper: Paper, line: PaperLine) -> list[Flowable]:
    text = "\n".join
    return [
        pdf.para(text([str(line.position), line.ledger_item]).rstrip(), "small"),
        pdf.para(line.hs_code, "small"),
        pdf.para(text([line.name, line.specification]).rstrip(), "small"),
        # An empty second legal unit keeps its line, as on the form.
        pdf.para(text(part or "\u00a0" for part in line.quantities), "small_right"),
        pdf.para(text([line.unit_price, line.total, line.currency]), "small_right"),
        pdf.para(text([line.origin, f"({line.origin_code})"]), "small"),
        pdf.para(text([line.destination, f"({line.destination_code})"]), "small"),
        pdf.para(text([f"({line.place_code})", line.place]), "small"),
        pdf.para(line.levy, "small"),
    ]


class _Form:
    """Head and foot of the form, drawn on each page."""

    side = _SIDE

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.size = pdf.page_size(landscape=True)
        self.width = self.size[0] - 2 * _SIDE
        self.head_top = self.size[1] - _BAND
        head = _ROW * len(paper.rows) + sum(_ROW * box.share for box in paper.wide)
        self.top = _BAND + head
        self.bottom = 9 * mm + _FOOT

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        canvas.setLineWidth(_LINE)
        self._band(canvas, page, pages)
        y = self.head_top
        for row in self.paper.rows:
            parts = _COMMON if len(row) == len(_COMMON) else [box.share for box in row]
            x = _SIDE
            for box, part in zip(row, parts, strict=True):
                width = self.width * part / sum(parts)
                self._box(canvas, box, x, y - _ROW, width, _ROW)
                x += width
            y -= _ROW
        for box in self.paper.wide:
            height = _ROW * box.share
            self._box(canvas, box, _SIDE, y - height, self.width, height)
            y -= height
        canvas.rect(_SIDE, self.bottom, self.width, y - self.bottom)
        self._foot(canvas, last=page == pages)

    def _band(self, canvas: Canvas, page: int, pages: int) -> None:
        paper, (width, height) = self.paper, self.size
        bars = pdf.barcode(paper.our_reference, height=6.5 * mm, width=62 * mm)
        bars.drawOn(canvas, width - _SIDE - bars.width, height - 13 * mm)
        title = paper.word(TITLES[paper.form])
        canvas.setFont(pdf.BOLD, 15)
        canvas.drawCentredString(width / 2, height - 12.5 * mm, title)
        label = paper.word(PENDING)
        canvas.setFont(pdf.REGULAR, 8)
        side = stringWidth(label, pdf.REGULAR, 8) + 4 * mm
        canvas.rect(_SIDE, height - 12.5 * mm, side, 5 * mm)
        canvas.drawString(_SIDE + 2 * mm, height - 11 * mm, label)
        base = self.head_top + 1.6 * mm
        numbers = (
            (paper.word(("预录入编号", "Pre-entry no.")), paper.our_reference),
            (paper.word(("海关编号", "Customs no.")), paper.their_reference),
            (paper.word(("页码/页数", "Page")), f"{page}/{pages}"),
        )
        canvas.setFont(pdf.REGULAR, 8)
        for at, (name, number) in zip((0.0, 0.36, 0.9), numbers, strict=True):
            canvas.drawString(_SIDE + self.width * at, base, f"{name}：{number}")
        canvas.drawString(_SIDE + self.width * 0.64, base, f"({paper.district})")

    def _box(
        self, canvas: Canvas, box: Box, x: float, y: float, width: float, height: float
    ) -> None:
        canvas.rect(x, y, width, height)
        label = self.paper.word(box.label) + (f" ({box.number})" if box.number else "")
        canvas.setFont(pdf.REGULAR, 6.5)
        canvas.setFillColor(_GREY)
        canvas.drawString(x + 2, y + height - 7.5, pdf.fit(label, pdf.REGULAR, 6.5, width - 4))
        canvas.setFillColor(black)
        _pour(canvas, box.value, x + 2, y + 1, width - 4, height - 9)

    def _foot(self, canvas: Canvas, *, last: bool) -> None:
        paper, top = self.paper, self.bottom
        row = 5.2 * mm
        canvas.rect(_SIDE, top - row, self.width, row)
        canvas.setFont(pdf.REGULAR, 7)
        step = self.width / (len(paper.foot) + 1)
        for i, (label, value) in enumerate(paper.foot):
            text = f"{paper.word(label)}：{value}"
            canvas.drawString(_SIDE + 2 + i * step, top - row + 1.6 * mm, text)
        if last:
            canvas.drawRightString(_SIDE + self.width - 2, top - row + 1.6 * mm, paper.totals)
        bottom = top - _FOOT + 1 * mm
        split = _SIDE + self.width * 0.72
        canvas.rect(_SIDE, bottom, split - _SIDE, top - row - bottom)
        canvas.rect(split, bottom, _SIDE + self.width - split, top - row - bottom)
        people = paper.word(("报关人员", "Declarant")), paper.word(("电话", "Telephone"))
        promise = paper.word(
            (
                "兹申明对以上内容承担如实申报、依法纳税之法律责任",
                "We declare that the above is true and answer for it and for the taxes by law.",
            )
        )
        canvas.drawString(_SIDE + 2, top - row - 4 * mm, f"{people[0]}：")
        canvas.drawString(_SIDE + self.width * 0.16, top - row - 4 * mm, f"{people[1]}：")
        canvas.drawString(_SIDE + self.width * 0.32, top - row - 4 * mm, promise)
        unit = paper.word(("申报单位", "Declaring company"))
        canvas.drawString(
            _SIDE + 2, bottom + 2.2 * mm, f"{unit} ({paper.declarant_code}) {paper.declarant}"
        )
        canvas.drawRightString(
            split - 20 * mm, bottom + 2.2 * mm, paper.word(("申报单位（签章）", "Seal"))
        )
        canvas.drawString(
            split + 2,
            top - row - 4 * mm,
            paper.word(("海关批注及签章", "For customs")),
        )
        canvas.setFillColor(_GREY)
        canvas.setFont(pdf.REGULAR, 6)
        canvas.drawString(
            _SIDE, bottom - 3 * mm, f"{paper.document_number}  ·  {paper.fingerprint}"
        )
        canvas.setFillColor(black)


def _pour(canvas: Canvas, text: str, x: float, y: float, width: float, height: float) -> None:
    """Write ``text`` into a box, smaller where it is long, so that nothing is cut off."""
    if not text:
        return
    markup = escape(pdf.plain(text)).replace("\n", "<br/>")
    for size in (8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4, 3.5, 3):
        style = ParagraphStyle(
            "box", fontName=pdf.REGULAR, fontSize=size, leading=size * 1.18, wordWrap="CJK"
        )
        paragraph = Paragraph(markup, style)
        _, needed = paragraph.wrap(width, height)
        if needed <= height:
            break
    paragraph.drawOn(canvas, x, y + max(height - needed, 0) / 2)
