"""What the simulated zone holds against a truck's pass: its lists, and what they weigh."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customs.rules.sas.documents import Document
from customs.rules.sas.remarks import ONE_DOCUMENT_MANY_TRUCKS
from customs.simulator.book import Book
from customs.simulator.judging import stands
from customs.simulator.taxing import number

#: What a pass may be bound to: a bonded list.
OF_A_LIST = "1"
_EMPTY_TRUCK = "6"
_ONE_TO_ONE = "2"
_WEIGHTS = (("TotalGrossWt", "GrossWt"), ("TotalNetWt", "NetWt"))


@dataclass(frozen=True, slots=True)
class _List:
    key: str
    content: Mapping[str, Any]

    @property
    def lines(self) -> Mapping[str, Mapping[str, str]]:
        """By their numbers."""
        return {line["GdsSeqno"]: line for line in self.content["lines"]}


def _numbers(document: Document) -> list[str]:
    """The bonded lists that a pass names, each once."""
    head = document.one("PassportHead")
    named = [head.get("RltNo", "")] if head.get("RltTbTypecd") == OF_A_LIST else []
    named += [
        one["RtlBillNo"]
        for one in document.parts.get("PassportAcmp", ())
        if one["RtlBillTypecd"] == OF_A_LIST
    ]
    return list(dict.fromkeys(filter(None, named)))


def refusal(book: Book, document: Document) -> str:
    """Why a truck may not go through with this pass; empty where it may."""
    head = document.one("PassportHead")
    if head["PassportTypecd"] == _EMPTY_TRUCK:
        return ""
    numbers, lists = _numbers(document), []
    for named in numbers:
        known = book.listed(named, "INV101")
        content = book.content("INV101", known.key) if known else None
        if known is None or content is None or not stands(known):
            return f"核注清单 {named} 不存在或未通过"
        if content["head"]["ImpexpMarkcd"] != head["IoTypecd"]:
            return f"核注清单 {named} 的进出口标志与核放单不符"
        lists.append(_List(known.key, content))
    if head["BindTypecd"] == _ONE_TO_ONE and len(lists) > 1:
        return "一车一票的核放单只能关联一份核注清单"
    if head["BindTypecd"] == ONE_DOCUMENT_MANY_TRUCKS:
        return next(_of_parts(book, document, lists), "")
    return next(_of_wholes(book, document, lists), "")


def _of_wholes(book: Book, document: Document, lists: list[_List]) -> Iterator[str]:
    for one in lists:
        if book.rows("SELECT 1 FROM carried WHERE list = ?", one.key):
            yield f"核注清单 {one.key} 已被其他核放单使用"
    head = document.one("PassportHead")
    lines = [line for one in lists for line in one.lines.values()]
    for total, part in _WEIGHTS:
        # A list need not weigh its lines.
        if lines and all(line.get(part) for line in lines):
            wanted = sum((number(line, part) for line in lines), Decimal(0))
            if number(head, total) != wanted:
                yield f"{total} {head.get(total, '')} 与核注清单合计 {wanted:f} 不符"


def _of_parts(book: Book, document: Document, lists: list[_List]) -> Iterator[str]:
    if len(lists) > 1:
        yield "一票多车的核放单只能关联一份核注清单"
    head, goods = document.one("PassportHead"), document.parts["PassportList"]
    for total, part in _WEIGHTS:
        wanted = sum((number(line, part) for line in goods), Decimal(0))
        if number(head, total) != wanted:
            yield f"{total} {head.get(total, '')} 与表体合计 {wanted:f} 不符"
    for one in lists:
        for position, qty in _loaded(document).items():
            line = one.lines.get(position)
            if line is None:
                yield f"核注清单 {one.key} 无第 {position} 项"
                continue
            before = book.rows(
                "SELECT qty FROM carried WHERE list = ? AND line = ?", *(one.key, position)
            )
            used = sum((Decimal(row[0]) for row in before), Decimal(0)) + qty
            if used > number(line, "DclQty"):
                yield f"第 {position} 项核放数量 {used:f} 超过核注清单 {line['DclQty']}"


def _loaded(document: Document) -> dict[str, Decimal]:
    """What the truck carries of each line of the list."""
    found: dict[str, Decimal] = {}
    for line in document.parts.get("PassportList", ()):
        position = line.get("RltGdsSeqno") or line["PassportSeqNo"]
        found[position] = found.get(position, Decimal(0)) + number(line, "DclQty")
    return found


def carry(book: Book, own: str, document: Document) -> None:
    """The pass was approved: what it takes of its lists is taken."""
    parts = document.one("PassportHead")["BindTypecd"] == ONE_DOCUMENT_MANY_TRUCKS
    for named in _numbers(document):
        known = book.listed(named, "INV101")
        if known is None:
            continue
        if parts:
            taken = _loaded(document)
        else:
            lines = book.content("INV101", known.key)["lines"]
            taken = {line["GdsSeqno"]: number(line, "DclQty") for line in lines}
        for position, qty in taken.items():
            book.rows("INSERT INTO carried VALUES (?, ?, ?, ?)", known.key, position, str(qty), own)
