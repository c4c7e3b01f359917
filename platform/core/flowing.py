"""Sheets of text and tables, broken over pages: what stands where, before anything is drawn.

A table's head is repeated on each page, a row stays whole, and a total never stands alone: the
last row goes with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core import pdf
from core.breaking import broken
from core.drawn import Page

_LEADING = 1.36
_PAD = 3.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head, its part of the width, ``l``, ``r`` or ``c``."""

    title: str
    share: float
    align: str = "l"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. Cells are text; a line break in one is kept.

    ``total`` stands below the last row, and ``after`` below that: neither goes to another page
    without it.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()
    size: float = 8
    after: tuple[Words | Sides, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels and what they say, in so many columns, row by row."""

    pairs: tuple[tuple[str, str], ...]
    columns: int = 2
    ruled: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    size: float = 9
    bold: bool = False
    grey: bool = False
    before: float = 4


@dataclass(frozen=True, slots=True)
class Sides:
    """Two columns of lines with a title each, kept whole: parties, or who signs."""

    left: tuple[str, tuple[str, ...]]
    right: tuple[str, tuple[str, ...]]
    boxed: bool = False
    before: float = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows begins on a page of its own."""


Block = Grid | Facts | Words | Sides | Turn


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a page between head and foot, in points."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left


class Flow:
    """Blocks put one below the other, on as many pages as they need."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.pages = [Page()]
        self.y = place.top

    @property
    def page(self) -> Page:
        return self.pages[-1]

    def room_for(self, height: float) -> bool:
        return self.y - height >= self.place.bottom - 0.01

    def turn(self) -> None:
        """Go to the next page."""
        self.pages.append(Page())
        self.y = self.place.top

    def put(self, block: Block) -> None:
        if isinstance(block, Grid):
            _grid(self, block)
        elif isinstance(block, Facts):
            _facts(self, block)
        elif isinstance(block, Words):
            _words(self, block)
        elif isinstance(block, Turn):
            self.turn()
        else:
            _sides(self, block)


def flowed(blocks: Sequence[Block], place: Place) -> list[Page]:
    """The pages that hold the blocks."""
    flow = Flow(place)
    for block in blocks:
        flow.put(block)
    return flow.pages


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[tuple[str, ...], ...]
    height: float


def _rows(
    grid: Grid, cells: Sequence[Sequence[str]], widths: Sequence[float], font: str
) -> list[_Row]:
    leading = grid.size * _LEADING
    made = []
    for row in cells:
        lines = tuple(
            broken(pdf.plain(cell), font, grid.size, width - 2 * _PAD) if cell else ()
            for cell, width in zip(row, widths, strict=True)
        )
        made.append(_Row(lines, max(max(map(len, lines)), 1) * leading + 4.5))
    return made


def _grid(flow: Flow, grid: Grid) -> None:
    parts = sum(column.share for column in grid.columns)
    widths = [flow.place.width * column.share / parts for column in grid.columns]
    edges, x = [], flow.place.left
    for width, column in zip(widths, grid.columns, strict=True):
        edges.append({"l": x + _PAD, "r": x + width - _PAD, "c": x + width / 2}[column.align])
        x += width
    head = _rows(grid, [[column.title for column in grid.columns]], widths, pdf.BOLD)[0]
    body = _rows(grid, grid.rows, widths, pdf.REGULAR)
    total = _rows(grid, [grid.total], widths, pdf.BOLD)[0] if grid.total else None
    whole = flow.place.top - flow.place.bottom - head.height

    def put(row: _Row, font: str, line: float, *, shade: bool = False) -> None:
        page, y = flow.page, flow.y
        if shade:
            page.shades.append((flow.place.left, y - row.height, flow.place.width, row.height))
        for cell, edge, column in zip(row.cells, edges, grid.columns, strict=True):
            base = y - grid.size - 1
            for text in cell:
                page.write(text, edge, base, size=grid.size, font=font, align=column.align)
                base -= grid.size * _LEADING
        flow.y = y - row.height
        if line:
            page.lines.append((flow.place.left, flow.y, flow.place.right, flow.y, line, False))

    def begin() -> None:
        put(head, pdf.BOLD, 0.8, shade=True)

    def turned(needed: float, *, is_fresh: bool) -> bool:
        """Whether the next page was begun; never from one that has nothing but the head."""
        if is_fresh or flow.room_for(needed):
            return False
        flow.turn()
        begin()
        return True

    last = (total.height if total else 0) + _height(grid.after, flow.place)
    first = head.height + (body[0].height if body else 0)
    if flow.y < flow.place.top:
        flow.y -= 8
        if not flow.room_for(min(first, head.height + whole)):
            flow.turn()
    begin()
    is_fresh = flow.y == flow.place.top - head.height
    for at, row in enumerate(body):
        needed = row.height
        if at == len(body) - 1 and needed + last <= whole:
            needed += last
        is_fresh = turned(needed, is_fresh=is_fresh) or is_fresh
        for place, part in enumerate(_parted(row, whole, grid.size * _LEADING)):
            if place:
                turned(part.height, is_fresh=False)
            put(part, pdf.REGULAR, 0.3)
        is_fresh = False
    if total is not None:
        page, y = flow.page, flow.y
        put(total, pdf.BOLD, 0.8)
        page.lines.append((flow.place.left, y, flow.place.right, y, 0.8, False))
    for block in grid.after:
        flow.put(block)


def _height(blocks: Sequence[Block], place: Place) -> float:
    """What the blocks take, one below the other."""
    tall = Flow(Place(place.left, place.right, 100_000, 0))
    for block in blocks:
        tall.put(block)
    return tall.place.top - tall.y


def _parted(row: _Row, whole: float, leading: float) -> list[_Row]:
    """The row; in parts where even a fresh page cannot hold it."""
    if row.height <= whole:
        return [row]
    most = max(int((whole - 4.5) // leading), 1)
    longest = max(map(len, row.cells))
    return [
        _Row(
            tuple(cell[at : at + most] for cell in row.cells),
            min(most, longest - at) * leading + 4.5,
        )
        for at in range(0, longest, most)
    ]


def _facts(flow: Flow, facts: Facts) -> None:
    size, gap = 8.5, 10.0
    column = (flow.place.width - gap * (facts.columns - 1)) / facts.columns
    label_width = min(110.0, column * 0.36)
    leading = size * _LEADING
    for at in range(0, len(facts.pairs), facts.columns):
        row = facts.pairs[at : at + facts.columns]
        told = [
            (
                broken(pdf.plain(label), pdf.REGULAR, size, label_width - 4),
                broken(pdf.plain(value), pdf.REGULAR, size, column - label_width),
            )
            for label, value in row
        ]
        height = max(max(len(label), len(value), 1) for label, value in told) * leading + 2.5
        if not flow.room_for(height):
            flow.turn()
        for place, (label, value) in enumerate(told):
            x = flow.place.left + place * (column + gap)
            for lines, start, grey in ((label, x, True), (value, x + label_width, False)):
                base = flow.y - size - 1
                for text in lines:
                    flow.page.write(text, start, base, size=size, grey=grey)
                    base -= leading
        flow.y -= height
        if facts.ruled:
            flow.page.lines.append((flow.place.left, flow.y, flow.place.right, flow.y, 0.3, False))


def _words(flow: Flow, words: Words) -> None:
    font = pdf.BOLD if words.bold else pdf.REGULAR
    leading = words.size * 1.45
    lines = broken(pdf.plain(words.text), font, words.size, flow.place.width)
    flow.y -= words.before
    # A heading never stands alone at the foot of a page.
    if words.bold and not flow.room_for(leading * 4):
        flow.turn()
    for text in lines:
        if not flow.room_for(leading):
            flow.turn()
        flow.page.write(
            text, flow.place.left, flow.y - words.size, size=words.size, font=font, grey=words.grey
        )
        flow.y -= leading


def _sides(flow: Flow, sides: Sides) -> None:
    size, gap = 8.5, 12.0
    leading = size * 1.42
    width = (flow.place.width - gap) / 2
    inside = width - (2 * _PAD + 4 if sides.boxed else 0)
    told = []
    for title, lines in (sides.left, sides.right):
        body = [
            part for line in lines for part in broken(pdf.plain(line), pdf.REGULAR, size, inside)
        ]
        told.append((broken(pdf.plain(title), pdf.BOLD, size, inside), body))
    height = max(len(heads) + len(body) for heads, body in told) * leading + 8
    flow.y -= sides.before
    if not flow.room_for(height):
        flow.turn()
    for place, (heads, body) in enumerate(told):
        x = flow.place.left + place * (width + gap)
        if sides.boxed:
            flow.page.boxes.append((x, flow.y - height, width, height))
            x += _PAD + 2
        base = flow.y - size - 2
        for told_lines, font in ((heads, pdf.BOLD), (tuple(body), pdf.REGULAR)):
            for text in told_lines:
                flow.page.write(text, x, base, size=size, font=font)
                base -= leading
    flow.y -= height + (6 if sides.boxed else 0)
