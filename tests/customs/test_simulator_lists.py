"""The authority to practise with changes and deletes bonded lists, as far as their state allows."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from customs.rules.receipts.told import Told
from customs.rules.sas.documents import Document, write
from customs.simulator import ledger
from tests.customs import zone
from tests.customs.practising import Practice, practice
from tests.customs.test_simulator_zone import BOOK, Changes, brought, leaving, retail, tins, truck

__all__ = ["practice"]

Start = Callable[..., Practice]


def hand_in(one: Practice, document: Document, name: str, seconds: float = 2.5) -> list[Told]:
    """What comes back within so many seconds: the client's answer and the approval, and no posting
    yet."""
    (one.home / "out" / f"{name}.xml").write_bytes(write(document))
    one.authority.take()
    return one.answers(seconds)


def approved(one: Practice) -> str:
    """A list of 120 tins that is not posted yet, as customs calls it."""
    told = hand_in(one, zone.bonded_list({"EtpsInnerInvtNo": "IN"}), "IN")
    assert [(it.message, it.status) for it in told] == [
        ("CommonResponeMessage", "0"),
        ("INV201", "1"),
    ]
    return told[-1].customs_no


def counter(
    number: str, act: str, count: str, line: Changes | None = None, **head: str
) -> Document:
    named: Changes = {
        "EtpsInnerInvtNo": "IN",
        "BondInvtNo": number,
        "DclTypecd": act,
        "ChgTmsCnt": count,
        **head,
    }
    return zone.bonded_list(named, {"ModfMarkcd": "2" if act == "3" else "1", **(line or {})})


def approval(told: list[Told]) -> tuple[str, str, dict[str, str]]:
    (found,) = (it for it in told if it.message == "INV201")
    return found.status, found.info, {it: found.facts[it] for it in ("typecd", "tmsCnt")}


def announced(one: Practice) -> tuple[int, int]:
    """Announced, and on hand."""
    row = ledger.row(one.authority.book, BOOK, "36")
    return int(row.announced_in), int(row.on_hand)


def test_a_change_before_the_posting_is_posted_as_it_stands_then(practice: Start) -> None:
    one = practice(delay=1.0)
    number = approved(one)

    told = hand_in(one, counter(number, "2", "1", tins(100)), "C1")
    before = announced(one)
    again = hand_in(one, counter(number, "2", "2", tins(90)), "C2", seconds=60)

    assert approval(told) == ("1", "通过", {"typecd": "2", "tmsCnt": "1"})
    assert before == (100, 0)
    assert approval(again) == ("1", "通过", {"typecd": "2", "tmsCnt": "2"})
    posted = [it for it in (*told, *again) if it.message == "INV211"]
    assert [(it.customs_no, it.items[0].quantity, it.facts["tmsCnt"]) for it in posted] == [
        (number, "90", "2")
    ]
    assert announced(one) == (0, 90)


def test_a_deleted_list_is_announced_and_posted_no_longer(practice: Start) -> None:
    one = practice(delay=1.0)
    number = approved(one)

    told = hand_in(one, counter(number, "3", "0"), "D1", seconds=60)

    assert approval(told) == ("1", "通过", {"typecd": "3", "tmsCnt": "0"})
    assert not [it for it in told if it.message == "INV211"]
    assert announced(one) == (0, 0)
    late = hand_in(one, counter(number, "2", "1"), "C1")
    assert approval(late)[:2] == ("3", f"核注清单 {number} 已删除")
    # The goods may be listed anew.
    assert brought(one, "NEW") != number
    assert announced(one) == (0, 120)


def test_a_change_may_have_a_number_of_its_own_and_the_list_keeps_its_own(practice: Start) -> None:
    one = practice(delay=1.0)
    number = approved(one)

    told = hand_in(one, counter(number, "2", "1", tins(100), EtpsInnerInvtNo="IN-C1"), "C1")
    same = hand_in(one, counter(number, "2", "2", tins(90), EtpsInnerInvtNo="IN-C1"), "C2")

    assert approval(told)[0] == "1"
    assert [(it.status, it.info) for it in same if it.message == "CommonResponeMessage"] == [
        ("1", "企业内部编号重复")
    ]
    assert one.authority.book.listed(number, "INV101").key == "IN"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("act", "count", "head", "why"),
    [
        ("2", "2", {}, "变更次数 2 应为 1"),
        ("3", "1", {}, "变更次数 1 应为 0"),
        ("9", "0", {}, "申报类型 9 不存在"),
        ("2", "1", {"SeqNo": "202600000000000099"}, "预录入统一编号 202600000000000099 与"),
        (
            "2",
            "1",
            {"PutrecNo": "T3111W000077"},
            "PutrecNo 不允许变更：T3111W000076 → T3111W000077",
        ),
        ("2", "1", {"BondInvtNo": "QD311126I000000099", "EtpsInnerInvtNo": "X"}, "不存在或未通过"),
    ],
)
def test_what_does_not_fit_the_list_is_returned_and_the_list_stays(
    practice: Start, act: str, count: str, head: dict[str, str], why: str
) -> None:
    one = practice(delay=1.0)
    number = approved(one)

    document = counter(head.get("BondInvtNo", number), act, count, tins(100))
    document.parts["InvtHeadType"][0].update(head)  # type: ignore[attr-defined]

    told = hand_in(one, document, "C")

    status, said, _version = approval(told)
    assert status == "3"
    assert why in said
    # Meanwhile it was posted as it stood.
    assert announced(one) == (0, 120)


def test_a_line_that_the_ledger_does_not_take_leaves_the_list_as_it_was(practice: Start) -> None:
    one = practice(delay=1.0)
    number = approved(one)

    told = hand_in(one, counter(number, "2", "1", {"Gdecd": "2203000000"}), "C1")

    assert approval(told)[0] == "3"
    assert announced(one) == (0, 120)


def test_a_posted_list_and_one_on_a_truck_stay(practice: Start) -> None:
    one = practice(delay=1.0)
    number = approved(one)
    assert hand_in(one, truck("P1", number), "P1", seconds=0.4) == []

    told = hand_in(one, counter(number, "3", "0"), "D1", seconds=60)
    late = hand_in(one, counter(number, "2", "1", tins(100)), "C1")

    assert approval(told)[:2] == ("3", f"核注清单 {number} 已有核放单 P1，不允许删除")
    assert approval(late)[:2] == ("3", f"核注清单 {number} 已记账，不允许变更")
    assert announced(one) == (0, 120)


def test_a_deleted_export_list_lets_its_retail_lists_go(practice: Start) -> None:
    one = practice(delay=1.0)
    brought(one)
    numbers = retail(one, "2", "3")
    (_client, listed) = hand_in(one, leaving("E1", tins(5), retail=numbers), "E1")

    def told_as(act: str, count: str) -> Document:
        named = {"BondInvtNo": listed.customs_no, "DclTypecd": act, "ChgTmsCnt": count}
        return leaving("E1", tins(5), retail=numbers, **named)

    assert hand_in(one, told_as("2", "1"), "C", seconds=0.4) == []
    told = hand_in(one, told_as("3", "0"), "D", seconds=60)

    answers = [(it.status, it.info) for it in told if it.message == "INV201"]
    assert answers == [
        ("3", f"保税电商清单 {listed.customs_no} 不允许变更，请删除后重新申报"),
        ("1", "通过"),
    ]
    again = hand_in(one, leaving("E2", tins(5), retail=numbers), "E2", seconds=60)
    assert [it.status for it in again if it.message in ("INV201", "INV211")] == ["1", "posted"]
