"""How figures and tables are written in a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

#: Fen in a thousand yuan: the scale of the charts.
THOUSAND: Final = 100_000


def yuan(fen: int) -> str:
    """Whole yuan, halves up, with separators; the exact fen stand in study.json."""
    return f"{(2 * fen + 100) // 200:,}"


def yuan_and_fen(fen: int) -> str:
    """To the fen, where that is the point."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02}"


def percent(part: int, whole: int) -> str:
    """With one decimal, exact, halves away from nothing."""
    found = tenths(part, whole)
    sign = "-" if found < 0 else ""
    return f"{sign}{abs(found) // 10:,}.{abs(found) % 10} %"


def tenths(part: int, whole: int) -> int:
    """Tenths of a percent, halves away from nothing."""
    if not whole:
        return 0
    found = (2 * 1000 * abs(part) + whole) // (2 * whole)
    return -found if part < 0 else found


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; all but the first column are figures."""
    lines = [_row(head), "| --- |" + " ---: |" * (len(head) - 1)]
    lines += [_row(row) for row in rows]
    return "\n".join(lines)


def _row(cells: Sequence[object]) -> str:
    told = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells)
    return f"| {' | '.join(cell.replace('|', '/') for cell in told)} |"
