"""What the simulated zone holds against the change or deletion of a bonded list, by its state.

A list may be changed or deleted once it is approved, until it is posted or a truck has a pass for
it.
Which sentences customs has for it is not public.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from customs.rules.sas.remarks import E_COMMERCE
from customs.rules.zone_lists import Act
from customs.simulator import ledger
from customs.simulator.book import Book, Known
from customs.simulator.judging import WITHDRAWN, stands

LIST = "INV101"
Head = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """The list that a change or deletion names, and what stood in it. ``changes`` it has had."""

    known: Known
    head: Head
    changes: int

    @property
    def document(self) -> str:
        """As its answers name it."""
        return f"{LIST} {self.known.key}"


def is_counter(head: Head) -> bool:
    return head.get("DclTypecd", Act.TELL.value) != Act.TELL


def target(book: Book, head: Head) -> Target | None:
    known = book.listed(head.get("BondInvtNo", ""), LIST) if head.get("BondInvtNo") else None
    content = book.content(LIST, known.key) if known else None
    if known is None or content is None:
        return None
    return Target(known, content["head"], int(content.get("changes", 0)))


def refusal(book: Book, head: Head, found: Target | None) -> str:
    """Why a list is not changed or deleted; empty where it is."""
    number, word = head.get("BondInvtNo", ""), _WORDS.get(head["DclTypecd"], "")
    if not word:
        return f"申报类型 {head['DclTypecd']} 不存在"
    if found is None or not stands(found.known):
        is_gone = found is not None and found.known.state == WITHDRAWN
        return f"核注清单 {number} {'已删除' if is_gone else '不存在或未通过'}"
    if head.get("SeqNo") and head["SeqNo"] != found.known.pre_no:
        return f"预录入统一编号 {head['SeqNo']} 与核注清单 {number} 不符"
    if not book.awaits(found.document, "posted"):
        return f"核注清单 {number} 已记账，不允许{word}"
    for passed in book.rows("SELECT pass FROM carried WHERE list = ? LIMIT 1", found.known.key):
        return f"核注清单 {number} 已有核放单 {passed[0]}，不允许{word}"
    wanted = found.changes + (head["DclTypecd"] == Act.CHANGE)
    if head.get("ChgTmsCnt", "0") != str(wanted):
        return f"变更次数 {head.get('ChgTmsCnt', '0')} 应为 {wanted}"
    if head["DclTypecd"] == Act.CHANGE:
        if E_COMMERCE in (head["InvtType"], found.head["InvtType"]):
            return f"保税电商清单 {number} 不允许变更，请删除后重新申报"
        for name in ("PutrecNo", "ImpexpMarkcd", "InvtType"):
            if head[name] != found.head[name]:
                return f"{name} 不允许变更：{found.head[name]} → {head[name]}"
    return ""


_WORDS = {Act.CHANGE.value: "变更", Act.DELETE.value: "删除"}


def delete(book: Book, found: Target) -> None:
    """Its goods are announced no longer, and its retail lists may stand on another."""
    ledger.take_back(book, found.known.key)
    book.drop_answers(found.document, "posted")
    ledger.scatter(book, found.known.key)
    book.move(LIST, found.known.key, WITHDRAWN)


def remember(book: Book, found: Target, head: Head, lines: list[dict[str, str]]) -> None:
    """What stands in it from now on."""
    body = {"head": dict(head), "lines": lines, "changes": found.changes + 1}
    book.remember(LIST, found.known.key, body)
