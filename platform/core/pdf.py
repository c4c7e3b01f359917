"""Papers: everything a PDF of the house is made of.

One look for all papers: A4, an embedded Chinese typeface, a header and a footer with the
document's number and "page x of y" on each page. Text comes in as plain text and is
escaped here, so a product called ``Tea <green> & more`` prints as it is written. The same
input makes the same bytes: no clock is asked and no random id is drawn.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape

from django.utils import timezone, translation
from django.utils.translation import gettext
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.colors import HexColor, black
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.pagesizes import landscape as turned
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph

from core.queue import MadeFile

FONTS = Path(__file__).parent / "fonts"
REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
_FILES = {REGULAR: "NotoSansSC-Regular.ttf", BOLD: "NotoSansSC-Bold.ttf"}

MARGIN = 15 * mm
RULE = HexColor("#9aa5b1")
SHADE = HexColor("#eef1f5")
MUTED = HexColor("#5b6673")


class FontMissing(RuntimeError):
    """The Chinese typeface of the papers is not there: run `make setup`, which fetches it."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{type(self).__doc__} ({path.name})")


@cache
def load_fonts() -> None:
    """Register the typeface, once a process. Raises FontMissing, which says what to run."""
    for name, file_name in _FILES.items():
        path = FONTS / file_name
        if not path.is_file():
            raise FontMissing(path)
        pdfmetrics.registerFont(TTFont(name, str(path)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR)


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    # CJK wrapping: Chinese may break between any two characters, Latin words stay whole.
    more = {"fontName": REGULAR, "leading": size * 1.35, "wordWrap": "CJK", **more}
    return ParagraphStyle(name, fontSize=size, **more)


STYLES: dict[str, ParagraphStyle] = {
    style.name: style
    for style in (
        _style("title", 16, fontName=BOLD, spaceAfter=3 * mm),
        _style("heading", 11, fontName=BOLD, spaceBefore=4 * mm, spaceAfter=1.5 * mm),
        _style("body", 9.5, spaceAfter=1.5 * mm),
        _style("note", 8, textColor=MUTED),
        _style("cell", 8),
        _style("cell_right", 8, alignment=TA_RIGHT),
        _style("cell_center", 8, alignment=TA_CENTER),
        _style("cell_bold", 8, fontName=BOLD),
        _style("head", 8, fontName=BOLD),
        _style("head_right", 8, fontName=BOLD, alignment=TA_RIGHT),
        _style("head_center", 8, fontName=BOLD, alignment=TA_CENTER),
        _style("small", 7),
        _style("small_right", 7, alignment=TA_RIGHT),
        _style("small_center", 7, alignment=TA_CENTER),
        _style("label", 6.5, textColor=MUTED),
    )
}


def plain(text: object) -> str:
    """Text as it may stand in a paper: no control characters, line breaks kept."""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"})


def para(text: object, style: str = "cell") -> Paragraph:
    """A paragraph of plain text; markup in it is escaped, never obeyed."""
    load_fonts()
    return Paragraph(escape(plain(text)).replace("\n", "<br/>"), STYLES[style])


class _Rows(LongTable):
    """Splits between rows; inside a row only where even a fresh page cannot hold it."""

    #: With less room than this (points) the row goes to the next page whole.
    ENOUGH = 120

    def split(self, width: float, height: float) -> list[Flowable]:
        self.splitInRow = int(height > self.ENOUGH)
        parts: list[Flowable] = super().split(width, height)
        return parts


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[float],
    *,
    align: str = "",
    total: Sequence[object] | None = None,
) -> LongTable:
    """A table whose head is repeated on each page.

    ``widths`` are points. ``align`` has one letter a column, ``l``, ``r`` or ``c``
    (``"lrr"``); left where it says nothing. Cells are text or flowables. ``total`` is a
    last row in bold.
    """
    suffixes = [{"r": "_right", "c": "_center"}.get(letter, "") for letter in align]
    suffixes += [""] * (len(widths) - len(suffixes))

    def cells(row: Sequence[object], kind: str) -> list[Flowable]:
        return [
            cell if isinstance(cell, Flowable) else para(cell, kind + suffix)
            for cell, suffix in zip(row, suffixes, strict=True)
        ]

    body = [cells(head, "head"), *(cells(row, "cell") for row in rows)]
    looks: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("BACKGROUND", (0, 0), (-1, 0), SHADE),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, RULE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.3, RULE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    if total is not None:
        body.append(cells(total, "head"))
        looks.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, RULE))
        # A total alone on the last page tells nobody what it is the total of.
        looks.append(("NOSPLIT", (0, max(1, len(body) - 2)), (-1, -1)))
    return _Rows(
        body,
        colWidths=list(widths),
        style=looks,
        repeatRows=1,
        hAlign="LEFT",
    )


def barcode(value: str, *, height: float = 9 * mm, width: float = 60 * mm) -> Code128:
    """Code 128 of ``value``, as wide as ``width`` at most, without the text below."""
    made = Code128(value, barHeight=height, barWidth=0.9, quiet=0)
    if made.width > width:
        made = Code128(value, barHeight=height, barWidth=0.9 * width / made.width, quiet=0)
    return made


class Furniture(Protocol):
    """What stands on each page besides the story: drawn once the page count is known.

    ``top`` and ``bottom`` are the points it takes from the page, ``side`` the margin left
    and right; the story flows between.
    """

    top: float
    bottom: float
    side: float

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        """Draw the furniture of ``page`` (from 1) of ``pages``."""


class Letterhead:
    """The usual header and footer: title and number above, time and page below."""

    top = MARGIN + 12 * mm
    bottom = MARGIN + 5 * mm
    side = MARGIN

    def __init__(
        self,
        *,
        title: str,
        number: str,
        made_at: datetime,
        size: tuple[float, float],
        code: str | None,
        fingerprint: str,
    ) -> None:
        self.title, self.number, self.code = plain(title), plain(number), code
        self.made_at, self.size, self.fingerprint = made_at, size, fingerprint

    def draw(self, canvas: Canvas, page: int, pages: int) -> None:
        width, height = self.size
        left, right, line = self.side, width - self.side, height - self.top + 4 * mm
        canvas.setFont(BOLD, 9)
        canvas.drawString(left, line + 2 * mm, fit(self.title, BOLD, 9, width * 0.5))
        canvas.setFont(REGULAR, 9)
        canvas.drawRightString(right, line + 2 * mm, self.number)
        if self.code:
            bars = barcode(self.code, height=7 * mm)
            bars.drawOn(canvas, right - bars.width, line + 6 * mm)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(left, line, right, line)
        canvas.line(left, self.bottom - 2 * mm, right, self.bottom - 2 * mm)
        canvas.setFillColor(MUTED)
        canvas.setFont(REGULAR, 7.5)
        base = self.bottom - 6 * mm
        made = gettext("Made %(time)s") % {"time": stamp(self.made_at)}
        canvas.drawString(left, base, f"{made}  ·  {self.fingerprint}".rstrip(" ·"))
        canvas.drawRightString(right, base, page_of(page, pages))
        canvas.setFillColor(black)


def stamp(at: datetime) -> str:
    """A time as papers show it, in the house's time zone."""
    return f"{timezone.localtime(at, timezone.get_default_timezone()):%Y-%m-%d %H:%M}"


def page_of(page: int, pages: int) -> str:
    """``Page 2/7``, in the language in force."""
    return gettext("Page %(page)s/%(pages)s") % {"page": page, "pages": pages}


def fit(text: str, font: str, size: float, width: float) -> str:
    """``text`` cut with an ellipsis so that it fits ``width`` points on one line."""
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return text
    while text and pdfmetrics.stringWidth(text + "…", font, size) > width:
        text = text[:-1]
    return text + "…"


class _When:
    """The time in a PDF's metadata: the document's, not the clock's."""

    def __init__(self, at: datetime) -> None:
        local = timezone.localtime(at, timezone.get_default_timezone())
        offset = local.utcoffset()
        seconds = int(offset.total_seconds()) if offset else 0
        self.t = int(at.timestamp())
        self.lt = local.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh, rest = divmod(seconds, 3600)
        self.dmm = rest // 60


def dated(canvas: Canvas, at: datetime) -> None:
    """The file's metadata say that it was made then."""
    canvas._doc._timeStamp = _When(at)  # type: ignore[attr-defined]


class _CountedCanvas(Canvas):
    """Keeps its pages until the last one is known, then draws the furniture on each."""

    furniture: Furniture
    count = 0

    def __init__(self, *args: Any, furniture: Furniture, made_at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dated(self, made_at)
        self.furniture = furniture
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        self.count = pages = len(self._kept)
        for page, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self.saveState()
            self.furniture.draw(self, page, pages)
            self.restoreState()
            super().showPage()
        self.count = pages
        super().save()


def page_size(*, landscape: bool) -> tuple[float, float]:
    """A4 in points."""
    width, height = turned(A4) if landscape else A4
    return float(width), float(height)


def render(
    *,
    title: str,
    number: str,
    story: Sequence[Flowable],
    made_at: datetime,
    landscape: bool = False,
    language: str = "zh-hans",
    barcode: str | None = None,
    author: str = "Bondpool",
    subject: str = "",
    fingerprint: str = "",
    furniture: Furniture | None = None,
) -> MadeFile:
    """Lay ``story`` out on A4 pages and give back the file.

    ``title`` and ``number`` stand on each page and in the metadata; ``made_at`` is the
    time of the row, not of the run, so that two workers make the same bytes. ``barcode``
    is printed as Code 128 in the header. ``fingerprint`` is a short digest of the content
    for the footer. ``furniture`` replaces the usual header and footer.

    Raises FontMissing.
    """
    load_fonts()
    size = page_size(landscape=landscape)
    held = furniture or Letterhead(
        title=title,
        number=number,
        made_at=made_at,
        size=size,
        code=barcode,
        fingerprint=fingerprint,
    )
    out = io.BytesIO()
    made: list[_CountedCanvas] = []

    def canvas(*args: Any, **kwargs: Any) -> _CountedCanvas:
        made.append(_CountedCanvas(*args, furniture=held, made_at=made_at, **kwargs))
        return made[-1]

    paper = BaseDocTemplate(
        out,
        pagesize=size,
        title=plain(title),
        author=plain(author),
        subject=plain(subject or number),
        creator="Bondpool",
        producer="Bondpool",
        keywords=[plain(number)],
        lang="zh-CN" if language.startswith("zh") else language,
        invariant=1,
        pageCompression=1,
    )
    frame = Frame(
        held.side,
        held.bottom,
        size[0] - 2 * held.side,
        size[1] - held.top - held.bottom,
        leftPadding=0,
        rightPadding=0,
        topPadding=0,
        bottomPadding=0,
    )
    paper.addPageTemplates([PageTemplate(id="page", frames=[frame])])
    with translation.override(language):
        paper.build(list(story), canvasmaker=canvas)
    return MadeFile(content=out.getvalue(), page_count=made[-1].count)
