"""Pages drawn straight on the canvas: text and lines whose places are known.

For papers of many lines. A flow of paragraph objects costs several times what the canvas needs
for the same text; here the lines are broken once (``core.breaking``), and a page is written as
one text object.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from core import pdf
from core.breaking import width_of
from core.queue import MadeFile


@dataclass(slots=True)
class Page:
    """What stands on one page. Points, from the lower left corner.

    ``texts`` are (font, size, x, y, text, grey), ``lines`` (x1, y1, x2, y2, width, dashed),
    ``shades`` and ``boxes`` (x, y, width, height), ``bars`` (text, right x, y, height, width).
    """

    texts: list[tuple[str, float, float, float, str, bool]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float, float, bool]] = field(default_factory=list)
    shades: list[tuple[float, float, float, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    bars: list[tuple[str, float, float, float, float]] = field(default_factory=list)

    def write(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = 8,
        font: str = pdf.REGULAR,
        align: str = "l",
        grey: bool = False,
    ) -> None:
        """One line of text; ``x`` is its left end, its right one (``r``) or its middle (``c``)."""
        if align != "l":
            wide = width_of(text, font, size)
            x -= wide if align == "r" else wide / 2
        self.texts.append((font, size, x, y, text, grey))


@dataclass(frozen=True, slots=True)
class Told:
    """What a file tells about itself: its metadata."""

    title: str
    number: str
    subject: str
    author: str
    language: str
    made_at: datetime


def written(pages: Sequence[Page], told: Told, *, size: tuple[float, float]) -> MadeFile:
    """The pages as a PDF of subset typefaces. The same pages make the same bytes.

    A reader shows the title and not the file's name, and knows the language. Tags of structure
    are not in it: the library writes none.
    """
    pdf.load_fonts()
    out = io.BytesIO()
    canvas = Canvas(
        out,
        pagesize=size,
        invariant=1,
        pageCompression=1,
        initialFontName=pdf.REGULAR,  # type: ignore[arg-type]
        lang="zh-CN" if told.language.startswith("zh") else told.language,
    )
    pdf.dated(canvas, told.made_at)
    canvas.setTitle(pdf.plain(told.title))
    canvas.setAuthor(pdf.plain(told.author))
    canvas.setSubject(pdf.plain(told.subject))
    canvas.setCreator("Bondpool")
    canvas.setProducer("Bondpool")
    canvas.setKeywords(pdf.plain(told.number))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    canvas.bookmarkPage("title")
    canvas.addOutlineEntry(pdf.plain(told.title), "title")
    known: dict[tuple[str, float, float], tuple[str, float]] = {}
    for page in pages:
        _draw(canvas, page, known)
        canvas.showPage()
    canvas.save()
    return MadeFile(content=out.getvalue(), page_count=len(pages))


def _draw(
    canvas: Canvas, page: Page, known: dict[tuple[str, float, float], tuple[str, float]]
) -> None:
    canvas.setFillColor(pdf.SHADE)
    for x, y, width, height in page.shades:
        canvas.rect(x, y, width, height, stroke=0, fill=1)
    canvas.setFillColor(black)
    _rule(canvas, page)
    _text(canvas, page)
    canvas.setFillColor(black)
    for value, right, y, height, most in page.bars:
        key = (value, height, most)
        if key not in known:
            # Drawn once a file, and shown on each page.
            made = pdf.barcode(value, height=height, width=most)
            name = f"bars{len(known)}"
            canvas.beginForm(name)
            made.drawOn(canvas, 0, 0)
            canvas.endForm()
            known[key] = (name, made.width)
        name, width = known[key]
        canvas.saveState()
        canvas.translate(right - width, y)
        canvas.doForm(name)
        canvas.restoreState()


def _rule(canvas: Canvas, page: Page) -> None:
    canvas.setStrokeColor(black)
    canvas.setLineWidth(0.5)
    if page.boxes:
        path = canvas.beginPath()
        for x, y, width, height in page.boxes:
            path.rect(x, y, width, height)
        canvas.drawPath(path)
    kinds = dict.fromkeys((line[4], line[5]) for line in page.lines)
    for width, dashed in kinds:
        canvas.setLineWidth(width)
        canvas.setStrokeColor(pdf.RULE if width < 0.5 else black)
        canvas.setDash([1.5, 1.5] if dashed else [])
        canvas.lines([line[:4] for line in page.lines if line[4:] == (width, dashed)])
    canvas.setDash([])


def _text(canvas: Canvas, page: Page) -> None:
    """All text of a page in one object: opening one for each line is half of what it costs."""
    words = canvas.beginText()
    face, ink = ("", 0.0), False
    for font, size, x, y, text, grey in page.texts:
        if (font, size) != face:
            face = (font, size)
            words.setFont(font, size)
        if grey != ink:
            ink = grey
            words.setFillColor(pdf.MUTED if grey else black)
        words.setTextOrigin(x, y)
        words.textOut(text)
    canvas.drawText(words)


Furnish = Callable[[Page, int, int], None]


def furnished(pages: Sequence[Page], furnish: Furnish) -> Sequence[Page]:
    """Each page (from 1, of so many) with what stands on all of them."""
    for number, page in enumerate(pages, 1):
        furnish(page, number, len(pages))
    return pages
