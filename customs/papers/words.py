"""Words that several papers have: in one of two languages, days, companies."""

from __future__ import annotations

from datetime import date

from customs.papers.sheet import Pair
from customs.rules import codes
from customs.rules.import_set import Party


class In:
    """The words of one language."""

    def __init__(self, *, chinese: bool) -> None:
        self.chinese = chinese
        self.at = 0 if chinese else 1

    def __call__(self, chinese: str, english: str) -> str:
        return (chinese, english)[self.at]


def titled(pair: Pair, *, chinese: bool) -> tuple[str, str]:
    return pair if chinese else (pair[1], pair[0])


def day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else "—"


def party_lines(party: Party, *, chinese: bool) -> tuple[str, ...]:
    """Name in both languages where there are two, address, numbers."""
    word = In(chinese=chinese)
    names = dict.fromkeys(
        (party.name(chinese=chinese), party.name(chinese=not chinese))
        if party.country == "CHN"
        else (party.name_en or party.name_zh,)
    )
    place = ", ".join(
        part for part in (party.address, codes.country(party.country, chinese=chinese)) if part
    )
    numbers = [
        f"{word('统一社会信用代码', 'Social credit code')} {party.uscc}" if party.uscc else "",
        f"{word('电话', 'Phone')} {party.phone}" if party.phone else "",
    ]
    return tuple(line for line in (*names, place, *numbers) if line)
