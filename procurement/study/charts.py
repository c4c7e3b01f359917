"""Bars as SVG: plain shapes and a reader's own sans-serif, the same bytes for the same figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

#: Told apart by who sees few colours, and in grey.
COLOURS: Final = ("#8a94a3", "#e08a1e", "#1f6feb", "#16794c", "#8250df")
_WIDTH, _HEIGHT = 880, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 16, 84, 50
_INK, _MUTED, _RULE = "#1f2933", "#5b6673", "#dde2e8"


@dataclass(frozen=True, slots=True)
class Bars:
    """Groups of bars: ``series`` are (name, a whole number for each group).

    ``scale`` whole numbers are one of ``unit``; values are written with ``digits`` decimals.
    ``stacked``: one bar a group, the series on top of each other; negative values hang below.
    """

    title: str
    unit: str
    groups: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]
    scale: int = 1
    digits: int = 0
    stacked: bool = False

    def svg(self) -> str:
        """The picture."""
        low, high = self._range()
        step = _step((high - low) / 5 or 1)
        low, high = math.floor(low / step) * step, math.ceil(high / step) * step or step
        parts = [self._head()]
        span = _HEIGHT - _TOP - _BOTTOM

        def y(value: float) -> float:
            return _TOP + (high - value) / (high - low) * span

        for at in range(round((high - low) / step) + 1):
            value = low + at * step
            parts.append(
                f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"'
                f' stroke="{_MUTED if not value else _RULE}"/>'
            )
            digits = max(-math.floor(math.log10(step)), 0)
            parts.append(_text(_LEFT - 8, y(value) + 4, f"{value:,.{digits}f}", "end", _MUTED))
        wide = (_WIDTH - _LEFT - _RIGHT) / max(len(self.groups), 1)
        for place, group in enumerate(self.groups):
            left = _LEFT + place * wide
            parts.append(_text(left + wide / 2, _HEIGHT - _BOTTOM + 20, group, "middle", _INK))
            parts += self._group(place, left + wide * 0.1, wide * 0.8, y)
        return "\n".join([*parts, "</svg>", ""])

    def _group(
        self, place: int, left: float, wide: float, y: Callable[[float], float]
    ) -> list[str]:
        parts = []
        above = below = 0.0
        one = wide if self.stacked else wide / len(self.series)
        for at, (_name, values) in enumerate(self.series):
            value = values[place] / self.scale
            if self.stacked:
                begin = above if value >= 0 else below
                end = begin + value
                above, below = (end, below) if value >= 0 else (above, end)
                x = left
            else:
                begin, end, x = 0.0, value, left + at * one
            top, tall = min(y(begin), y(end)), abs(y(begin) - y(end))
            parts.append(
                f'<rect x="{x + 1:.1f}" y="{top:.1f}" width="{one - 2:.1f}" height="{tall:.1f}"'
                f' fill="{COLOURS[at]}"/>'
            )
            if not self.stacked:
                told = f"{value:,.{self.digits}f}"
                under = top + tall + 12 if value < 0 else top - 4
                parts.append(_text(x + one / 2, under, told, "middle", _INK, 10))
        if self.stacked:
            told = f"{above + below:,.{self.digits}f}"
            parts.append(_text(left + wide / 2, y(above) - 4, told, "middle", _INK, 11))
        return parts

    def _range(self) -> tuple[float, float]:
        ends = [0.0]
        for place in range(len(self.groups)):
            values = [values[place] / self.scale for _, values in self.series]
            if self.stacked:
                values = [sum(v for v in values if v > 0), sum(v for v in values if v < 0)]
            ends += values
        return min(ends), max(ends)

    def _head(self) -> str:
        said = escape(f"{self.title} ({self.unit})")
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
            f' width="{_WIDTH}" height="{_HEIGHT}" role="img"'
            " font-family=\"system-ui, 'Noto Sans SC', 'PingFang SC', sans-serif\">",
            f"<title>{said}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
            _text(16, 28, self.title, "start", _INK, 16, bold=True),
            _text(_WIDTH - 16, 28, self.unit, "end", _MUTED, 12),
        ]
        x = 16.0
        for at, (name, _values) in enumerate(self.series):
            parts.append(f'<rect x="{x:.0f}" y="44" width="11" height="11" fill="{COLOURS[at]}"/>')
            parts.append(_text(x + 16, 54, name, "start", _INK))
            # A Chinese sign is about twice as wide as a letter.
            x += 34 + sum(12.5 if ord(sign) > 0x2E80 else 6.6 for sign in name)
        return "\n".join(parts)


def _step(least: float) -> float:
    """The next round step: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * m for m in (1, 2, 5, 10) if power * m >= least * 0.999)


def _text(
    x: float, y: float, text: str, anchor: str, fill: str, size: int = 12, *, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
        f' fill="{fill}"{weight}>{escape(text)}</text>'
    )
