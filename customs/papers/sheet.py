"""What every paper of a set has: a title, its blocks, and the frame around each page."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime

from reportlab.lib.units import mm

from core import pdf
from core.breaking import width_of
from core.drawn import Page, Told, furnished, written
from core.flowing import Block, Place, flowed
from core.money import Money
from core.queue import MadeFile
from customs.rules import codes
from customs.rules.goods import kilograms

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a paper says, in the order in which it says it.

    ``reference`` is the number by which people know it (an invoice's, a contract's) and stands as
    a barcode; ``party`` is who makes it out.
    """

    title: str
    other_title: str
    reference: str
    party: str
    blocks: tuple[Block, ...]
    landscape: bool = False

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that it says: two papers that agree in it agree in every word."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which document a file is: it stands at the foot of each page."""

    number: str
    version: int
    language: str
    made_at: datetime

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")

    def word(self, pair: Pair) -> str:
        return pair[0 if self.chinese else 1]


_SIDE = 14 * mm
_HEAD = 27 * mm
_FOOT = 17 * mm


def sheet_file(sheet: Sheet, stamp: Stamp) -> MadeFile:
    """The sheet as a PDF. The same sheet and stamp make the same bytes."""
    pdf.load_fonts()
    width, height = size = pdf.page_size(landscape=sheet.landscape)
    place = Place(_SIDE, width - _SIDE, height - _HEAD, _FOOT)
    pages = flowed(sheet.blocks, place)

    def frame(page: Page, number: int, count: int) -> None:
        # Who reads it aloud, or copies it, gets the head first.
        story, page.texts = page.texts, []
        _head(page, sheet, width, height)
        page.texts += story
        foot(page, stamp, sheet.fingerprint, (_SIDE, width - _SIDE), 12 * mm, (number, count))

    return written(
        furnished(pages, frame),
        Told(
            title=f"{sheet.title} {sheet.reference}",
            number=stamp.number,
            subject=sheet.reference,
            author=sheet.party,
            language=stamp.language,
            made_at=stamp.made_at,
        ),
        size=size,
    )


def _head(page: Page, sheet: Sheet, width: float, height: float) -> None:
    y = height - _HEAD + 3 * mm
    page.lines.append((_SIDE, y, width - _SIDE, y, 0.8, False))
    page.write(sheet.title, _SIDE, y + 6.5 * mm, size=16, font=pdf.BOLD)
    wide = width_of(sheet.title, pdf.BOLD, 16)
    page.write(sheet.other_title, _SIDE + wide + 8, y + 6.5 * mm, size=9, grey=True)
    page.write(pdf.fit(sheet.party, pdf.REGULAR, 8.5, width * 0.55), _SIDE, y + 2 * mm, size=8.5)
    page.write(sheet.reference, width - _SIDE, y + 2 * mm, size=9, align="r")
    page.bars.append((sheet.reference, width - _SIDE, y + 6.2 * mm, 7 * mm, 58 * mm))


def foot(
    page: Page,
    stamp: Stamp,
    fingerprint: str,
    sides: tuple[float, float],
    y: float,
    place: tuple[int, int],
) -> None:
    """Number, version, fingerprint, time and ``page/pages`` along the foot."""
    left, right = sides
    page.lines.append((left, y, right, y, 0.3, False))
    version = stamp.word((f"第 {stamp.version} 版", f"version {stamp.version}"))
    made = stamp.word(("制作时间", "made"))
    page.write(
        f"{stamp.number}  ·  {version}  ·  {made} {pdf.stamp(stamp.made_at)}",
        left,
        y - 9,
        size=7,
        grey=True,
    )
    told = stamp.word(("页码/页数", "Page"))
    page.write(f"{told} {place[0]}/{place[1]}", right, y - 9, size=7, align="r", grey=True)
    data = stamp.word(("内容 SHA-256", "content SHA-256"))
    page.write(f"{data} {fingerprint}", left, y - 17.5, size=5.5, grey=True)


def amount(minor: int, currency: str) -> str:
    """``1,200.00``, with the currency's decimals."""
    return f"{Money(minor, currency).amount:,}"


def weight(grams: int) -> str:
    """``1,200.5`` kg, with no more decimals than there are."""
    whole, dot, rest = kilograms(grams).partition(".")
    return f"{int(whole):,}{dot}{rest}"


def unit(code: str, *, chinese: bool) -> str:
    return codes.named(codes.UNITS, code, chinese=chinese)
