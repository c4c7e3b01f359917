"""Where lines of text break, in points of an embedded typeface, without a paragraph object.

Chinese may break between any two characters, but no line begins with a closing sign or ends with
an opening one; words of other scripts stay whole unless one alone is wider than the line.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from reportlab.pdfbase import pdfmetrics

_WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_CLOSING = "，。、；：？！）》」』】〉…％"
_OPENING = "（《「『【〈"
_PIECES = re.compile(
    rf"[{_OPENING}]*[{_WIDE}][{_CLOSING}]*|[^\S\n]+|[^\s{_WIDE}]+[{_CLOSING}]*|.", re.DOTALL
)


@cache
def _widths(font: str) -> tuple[dict[int, int], int]:
    face: Any = pdfmetrics.getFont(font).face  # type: ignore[attr-defined]
    return face.charWidths, face.defaultWidth


@lru_cache(maxsize=20_000)
def width_of(text: str, font: str, size: float) -> float:
    """Points that ``text`` takes on one line."""
    widths, default = _widths(font)
    return sum(widths.get(ord(sign), default) for sign in text) * size / 1000


@lru_cache(maxsize=20_000)
def broken(text: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """``text`` in lines no wider than ``width`` points; its own line breaks are kept."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if width_of(paragraph, font, size) <= width:
            lines.append(paragraph)
            continue
        lines += _lines(paragraph, font, size, width)
    return tuple(lines)


def _lines(text: str, font: str, size: float, width: float) -> list[str]:
    lines: list[str] = []
    line, filled = "", 0.0
    for piece in _PIECES.findall(text):
        needed = width_of(piece.rstrip(), font, size)
        if line and filled + needed > width:
            lines.append(line.rstrip())
            line, filled = "", 0.0
        if not line:
            piece = piece.lstrip()
        while width_of(piece, font, size) > width and len(piece) > 1:
            cut = _fitting(piece, font, size, width)
            lines.append(piece[:cut])
            piece = piece[cut:]
        line += piece
        filled += width_of(piece, font, size)
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _fitting(text: str, font: str, size: float, width: float) -> int:
    """So many of its first characters fit; at least one, that a line is never empty."""
    widths, default = _widths(font)
    room = width * 1000 / size
    for count, sign in enumerate(text):
        room -= widths.get(ord(sign), default)
        if room < 0:
            return max(count, 1)
    return len(text)
