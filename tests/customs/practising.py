"""An authority to practise with over a folder of a test, whose clock the test moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from customs.queries.messages import check
from customs.rules.ceb.messages import Message
from customs.rules.receipts.reading import receipts_in
from customs.rules.receipts.told import Told
from customs.simulator.judging import Habits
from customs.simulator.parcels import NAMES
from customs.simulator.running import Authority, Script
from tests.customs.ceb import made

NOON = 1_785_556_800.0  # 2026-08-01 12:00 in China


def lists(
    *heads: dict[str, str],
    qty: str = "1",
    price: str = "199",
    line: dict[str, str] | None = None,
) -> Message:
    """Unsigned, as the folders of a client get them."""
    goods: dict[str, str | None] = {
        **(line or {}),
        "qty": qty,
        "price": price,
        "totalPrice": str(Decimal(qty) * Decimal(price)),
    }
    whole = made.message("CEB621", elements=max(len(heads), 2), line=goods)
    elements = [
        replace(
            one, head={**one.head, "copNo": f"C{at}", "buyerIdNumber": made.id_number(at), **told}
        )
        for at, (one, told) in enumerate(zip(whole.elements, heads, strict=False))
    ]
    return replace(whole, elements=tuple(elements), signature="")


def alone(*, refuse_every: int = 0, inspect_every: int = 0) -> Habits:
    """Lists come alone: others send the messages of their parcels."""
    return Habits(refuse_every, inspect_every, elsewhere=frozenset(NAMES))


class Practice:
    """An authority over a folder, whose clock a test moves."""

    def __init__(self, home: Path, script: Script) -> None:
        self.home, self.script, self.at = home, script, NOON
        self.said: list[str] = []
        self.open()

    def open(self) -> None:
        def say(_chinese: str, english: str) -> None:
            self.said.append(english)

        self.authority = Authority(self.home, self.script, say, lambda: self.at)

    def send(self, data: bytes, name: str = "M1.xml") -> list[Told]:
        """What comes back until nothing more is to be said."""
        (self.home / "out" / name).write_bytes(data)
        self.authority.take()
        return self.answers()

    def answers(self, seconds: float = 60) -> list[Told]:
        before = {one.name for one in (self.home / "receipts").iterdir()}
        self.at += seconds
        self.authority.lay()
        fresh = sorted(one for one in (self.home / "receipts").iterdir() if one.name not in before)
        for one in fresh:
            assert check(one.read_bytes()).valid, one.name
        return [told for one in fresh for told in receipts_in(one.read_bytes())]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Callable[..., Practice]]:
    opened: list[Practice] = []

    def start(**script: object) -> Practice:
        script.setdefault("habits", alone())
        opened.append(Practice(tmp_path / "way", Script(**script)))  # type: ignore[arg-type]
        return opened[-1]

    yield start
    for one in opened:
        one.authority.close()


def statuses(told: list[Told], key: str = "C0") -> list[str]:
    return sorted((one.status for one in told if one.key == key), key=lambda it: (len(it), it))
