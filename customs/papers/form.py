"""The printed declaration: 进口货物报关单 or 进境货物备案清单, A4 across.

The boxes stand in the order of the 2019 form (numbers 1 to 49 of its filling rules). Head
and foot are on every page, goods lines run between them, each with its three quantity
lines: first legal unit, second legal unit, declared unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from datetime import datetime

from reportlab.lib.units import mm

from core import pdf
from core.breaking import broken, width_of
from core.drawn import Page, Told, furnished, written
from core.queue import MadeFile
from customs.papers.sheet import Stamp, foot

#: Title and head of the form; Chinese first, then English.
TITLES = {
    "3": ("中华人民共和国海关进境货物备案清单", "Entry record list of goods into a bonded zone"),
    "1": ("中华人民共和国海关进口货物报关单", "Customs declaration for imported goods"),
}
_SEE = ("（全文见附页）", "(in full on the annexed page)")
_CONTINUED = ("（附页）", "(annexed)")
#: True before it is lodged and after, until customs gave its number.
PENDING = ("尚无海关编号", "no customs number yet")

_SIDE = 8 * mm
_ROW = 8.6 * mm
_BAND = 21 * mm
_FOOT = 24 * mm
_BOTTOM = 9 * mm + _FOOT
_SIZE, _LEADING, _PAD, _GAP = 7.0, 9.45, 2.5, 7.0
#: Of the leading in a box to the size of its letters.
_SPACED = 1.18
#: A text that would be smaller makes its box higher, up to so many lines; more stand on a page of
#: their own after the goods.
_LEAST, _MOST = 5.5, 6
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
    declarant_phone: str
    author: str
    totals: str
    made_at: datetime
    language: str
    version: int = 1

    def word(self, pair: tuple[str, str]) -> str:
        """The Chinese or the English word."""
        return pair[0 if self.language.startswith("zh") else 1]

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that it says; which document says it, and when, is not part of it."""
        said = astuple(replace(self, document_number="", version=0))
        told = [part for part in said if not isinstance(part, datetime)]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def declaration_paper(paper: Paper) -> MadeFile:
    """The form as a PDF. The same paper makes the same bytes."""
    pdf.load_fonts()
    size = pdf.page_size(landscape=True)
    form = Form(paper, size)
    pages = form.goods()
    return written(
        furnished(pages, form.frame),
        Told(
            title=f"{paper.word(TITLES[paper.form])} {paper.our_reference}",
            number=paper.document_number,
            subject=paper.our_reference,
            author=paper.author,
            language=paper.language,
            made_at=paper.made_at,
        ),
        size=size,
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


def _cells(line: PaperLine) -> tuple[str, ...]:
    text = "\n".join
    return (
        text([str(line.position), line.ledger_item]).rstrip(),
        line.hs_code,
        text([line.name, line.specification]).rstrip(),
        # An empty second legal unit keeps its line, as on the form.
        text(line.quantities),
        text([line.unit_price, line.total, line.currency]),
        text([line.origin, f"({line.origin_code})"]),
        text([line.destination, f"({line.destination_code})"]),
        text([f"({line.place_code})", line.place]),
        line.levy,
    )


class Form:
    """Where everything of the form stands; what is the same on each page is worked out once."""

    def __init__(self, paper: Paper, size: tuple[float, float]) -> None:
        self.paper, self.size = paper, size
        self.width = size[0] - 2 * _SIDE
        self.top, self.fixed = Page(), Page()
        self.annexed: list[Box] = []
        parts = sum(part for _, part in _COLUMNS)
        self.widths = [self.width * part / parts for _, part in _COLUMNS]
        self.fingerprint = paper.fingerprint
        self._title()
        self.goods_top = self._boxes()
        self._foot()

    def frame(self, page: Page, number: int, count: int) -> None:
        """Head and foot of a page."""
        paper, fixed = self.paper, self.fixed
        page.boxes += fixed.boxes
        page.bars += fixed.bars
        goods, page.texts = page.texts, list(self.top.texts)
        label = paper.word(("页码/页数", "Page"))
        y = self.size[1] - _BAND + 1.6 * mm
        page.write(f"{label}：{number}/{count}", _SIDE + self.width, y, align="r")
        # Who reads it aloud, or copies it, gets the head before the goods.
        page.texts += fixed.texts
        page.texts += goods
        if number == count:
            at = _BOTTOM - 5.2 * mm + 1.6 * mm
            page.write(paper.totals, _SIDE + self.width - 2, at, size=7, align="r")
        stamp = Stamp(paper.document_number, paper.version, paper.language, paper.made_at)
        sides = (_SIDE, _SIDE + self.width)
        foot(page, stamp, self.fingerprint, sides, 9 * mm, (number, count))

    def goods(self) -> list[Page]:
        """The goods lines, each whole, on as many pages as they need; each page has their head."""
        pages = [Page()]
        y = self._columns(pages[-1])
        for line in self.paper.lines:
            cells = [
                broken(pdf.plain(cell), pdf.REGULAR, _SIZE, width - _PAD - _GAP)
                for cell, width in zip(_cells(line), self.widths, strict=True)
            ]
            height = max(map(len, cells)) * _LEADING + 3.5
            if y - height < _BOTTOM and pages[-1].texts:
                pages.append(Page())
                y = self._columns(pages[-1])
            self._row(pages[-1], cells, y - 1)
            y -= height
            pages[-1].lines.append((_SIDE, y, _SIDE + self.width, y, 0.3, True))
        return [*pages, *self._annexes()]

    def _annexes(self) -> Iterator[Page]:
        """What had no room in its box, whole."""
        for box in self.annexed:
            page, y = Page(), self.goods_top - 10
            label = self.paper.word(box.label)
            page.write(f"{label} {self.paper.word(_CONTINUED)}", _SIDE + _PAD, y, font=pdf.BOLD)
            for text in broken(pdf.plain(box.value), pdf.REGULAR, _SIZE, self.width - 2 * _PAD):
                y -= _LEADING
                if y < _BOTTOM + 3:
                    yield page
                    page, y = Page(), self.goods_top - 10
                page.write(text, _SIDE + _PAD, y, size=_SIZE)
            yield page

    def _columns(self, page: Page) -> float:
        heads = [
            broken(self.paper.word(label), pdf.REGULAR, _SIZE, width - _PAD - _GAP)
            for (label, _), width in zip(_COLUMNS, self.widths, strict=True)
        ]
        self._row(page, heads, self.goods_top - 1)
        y = self.goods_top - max(map(len, heads)) * _LEADING - 3.5
        page.lines.append((_SIDE, y, _SIDE + self.width, y, 0.5, False))
        return y

    def _row(self, page: Page, cells: list[tuple[str, ...]], top: float) -> None:
        left = _SIDE
        for at, (lines, width) in enumerate(zip(cells, self.widths, strict=True)):
            right = at in _FIGURES
            x = left + width - _GAP if right else left + _PAD
            y = top - _SIZE
            for text in lines:
                page.write(text, x, y, size=_SIZE, align="r" if right else "l")
                y -= _LEADING
            left += width

    def _title(self) -> None:
        paper, page, (width, height) = self.paper, self.top, self.size
        top = height - _BAND
        self.fixed.bars.append(
            (
                paper.their_reference or paper.our_reference,
                width - _SIDE,
                height - 13 * mm,
                6.5 * mm,
                62 * mm,
            )
        )
        title = paper.word(TITLES[paper.form])
        page.write(title, width / 2, height - 12.5 * mm, size=15, font=pdf.BOLD, align="c")
        if not paper.their_reference:
            label = paper.word(PENDING)
            wide = width_of(label, pdf.REGULAR, 8) + 4 * mm
            self.fixed.boxes.append((_SIDE, height - 12.5 * mm, wide, 5 * mm))
            page.write(label, _SIDE + 2 * mm, height - 11 * mm)
        own = f"{paper.word(('企业内部编号', 'Own no.'))}：{paper.our_reference}"
        page.write(own, _SIDE, height - 15.8 * mm, size=7)
        base = top + 1.6 * mm
        numbers = (
            # The system of customs gives it, 18 places: ours stands above it under its own name.
            (paper.word(("预录入编号", "Pre-entry no.")), ""),
            (paper.word(("海关编号", "Customs no.")), paper.their_reference),
        )
        for at, (name, number) in zip((0.0, 0.36), numbers, strict=True):
            page.write(f"{name}：{number}", _SIDE + self.width * at, base)
        self.fixed.write(f"({paper.district})", _SIDE + self.width * 0.68, base)

    def _boxes(self) -> float:
        y = self.size[1] - _BAND
        for row in self.paper.rows:
            parts = _COMMON if len(row) == len(_COMMON) else [box.share for box in row]
            x = _SIDE
            for box, part in zip(row, parts, strict=True):
                width = self.width * part / sum(parts)
                self._box(box, x, y - _ROW, width, _ROW)
                x += width
            y -= _ROW
        for box in self.paper.wide:
            box, height = self._with_room(box)
            self._box(box, _SIDE, y - height, self.width, height)
            y -= height
        self.fixed.boxes.append((_SIDE, _BOTTOM, self.width, y - _BOTTOM))
        return y

    def _with_room(self, box: Box) -> tuple[Box, float]:
        """A box over the whole width, as high as its text needs, or with as much as it may have."""
        height, leading = _ROW * box.share, _LEAST * _SPACED
        lines = broken(pdf.plain(box.value), pdf.REGULAR, _LEAST, self.width - 4)
        if len(lines) > _MOST:
            self.annexed.append(box)
            shown = [*lines[: _MOST - 1], self.paper.word(_SEE)]
            box, lines = replace(box, value="\n".join(shown)), tuple(shown)
        return box, max(height, len(lines) * leading + 9.5)

    def _box(self, box: Box, x: float, y: float, width: float, height: float) -> None:
        page = self.fixed
        page.boxes.append((x, y, width, height))
        label = self.paper.word(box.label) + (f" ({box.number})" if box.number else "")
        label = pdf.fit(label, pdf.REGULAR, 6.5, width - 4)
        page.write(label, x + 2, y + height - 7.5, size=6.5, grey=True)
        _pour(page, box.value, x + 2, y + 1, width - 4, height - 9)

    def _foot(self) -> None:
        paper, page, top, row = self.paper, self.fixed, _BOTTOM, 5.2 * mm
        page.boxes.append((_SIDE, top - row, self.width, row))
        step = self.width / (len(paper.foot) + 1)
        for i, (label, value) in enumerate(paper.foot):
            text = f"{paper.word(label)}：{value}"
            page.write(text, _SIDE + 2 + i * step, top - row + 1.6 * mm, size=7)
        bottom = top - _FOOT + 1 * mm
        split = _SIDE + self.width * 0.72
        page.boxes.append((_SIDE, bottom, split - _SIDE, top - row - bottom))
        page.boxes.append((split, bottom, _SIDE + self.width - split, top - row - bottom))
        told = (
            (0.0, ("报关人员：", "Declarant:")),
            (0.16, ("报关人员证号：", "Declarant's no.:")),
            (0.31, ("电话：", "Telephone: ")),
        )
        for at, pair in told:
            text = paper.word(pair) + (paper.declarant_phone if at == 0.31 else "")
            page.write(text, _SIDE + 2 + self.width * at, top - row - 4 * mm, size=7)
        promise = (
            "兹申明对以上内容承担如实申报、依法纳税之法律责任",
            "We declare that the above is true and answer for it and for the taxes by law.",
        )
        middle = bottom + (top - row - bottom) / 2 - 1.5 * mm
        page.write(paper.word(promise), _SIDE + 2, middle, size=7)
        unit = paper.word(("申报单位", "Declaring company"))
        at = bottom + 2.2 * mm
        page.write(f"{unit} ({paper.declarant_code}) {paper.declarant}", _SIDE + 2, at, size=7)
        seal = paper.word(("申报单位（签章）", "Seal"))
        page.write(seal, split - 20 * mm, at, size=7, align="r")
        for_customs = paper.word(("海关批注及签章", "For customs"))
        page.write(for_customs, split + 2, top - row - 4 * mm, size=7)


def _pour(page: Page, text: str, x: float, y: float, width: float, height: float) -> None:
    """Write ``text`` into a box, smaller where it is long, so that nothing is cut off."""
    if not text:
        return
    for size in (8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4, 3.5, 3):
        leading = size * _SPACED
        lines = broken(pdf.plain(text), pdf.REGULAR, size, width)
        if len(lines) * leading <= height:
            break
    base = y + max(height - len(lines) * leading, 0) / 2 + len(lines) * leading - size
    for line in lines:
        page.write(line, x, base, size=size)
        base -= leading
