"""The authority to practise with keeps account books: lists move them, passes are held against the
lists, and a list of bonded e-commerce stands for released retail lists, each once."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from customs.rules.ceb.messages import write as write_ceb
from customs.rules.receipts.told import Told
from customs.rules.sas.documents import Document, document_of, read, write
from customs.simulator import ledger
from tests.customs import zone
from tests.customs.practising import Practice, lists, practice

__all__ = ["practice"]

Start = Callable[..., Practice]
BOOK = "T3111W000076"
Changes = dict[str, str | None]


def sent(one: Practice, document: Document, name: str) -> list[Told]:
    return one.send(write(document), f"{name}.xml")


def brought(one: Practice, number: str = "IN", *lines: Changes) -> str:
    """A list of what came in, as customs calls it: 120 tins of item 36."""
    told = sent(one, zone.bonded_list({"EtpsInnerInvtNo": number}, *lines), number)
    assert told[-1].status == "posted", told
    return told[-1].customs_no


def leaving(number: str, *lines: Changes, retail: tuple[str, ...] = (), **head: str) -> Document:
    out: Changes = {
        "EtpsInnerInvtNo": number,
        "ImpexpMarkcd": "E",
        "StshipTrsarvNatcd": "142",
        **head,
    }
    if retail:
        out["InvtType"] = "8"
    return zone.bonded_list(out, *lines, retail_lists=retail)


def stands(one: Practice, item: str = "36") -> tuple[int, int]:
    """On hand, and available; tins are whole."""
    row = ledger.row(one.authority.book, BOOK, item)
    return int(row.on_hand), int(row.available)


def returned(told: list[Told]) -> str:
    """Why customs returned a list or pass that the client had taken."""
    client, answer = told
    assert (client.message, client.status) == ("CommonResponeMessage", "0")
    assert answer.status == "3"
    return answer.info


def test_what_came_in_is_announced_and_then_stands(practice: Start) -> None:
    one = practice(delay=1.0)
    (one.home / "out" / "IN.xml").write_bytes(write(zone.bonded_list()))
    one.authority.take()
    one.answers(seconds=2.5)  # the client's answer and the approval
    before = ledger.row(one.authority.book, BOOK, "36")
    one.answers()

    assert before == ledger.Row(*map(Decimal, (0, 0, 120, 0, 0)))
    assert (before.on_hand, before.available) == (Decimal(0), Decimal(0))
    assert stands(one) == (120, 120)


def test_more_than_there_is_does_not_leave(practice: Start) -> None:
    one = practice()
    brought(one)

    assert returned(sent(one, leaving("OUT1", {"DclQty": "121", "DclTotalAmt": "18701.76"}), "O1"))
    assert returned(sent(one, leaving("OUT2", {"PutrecSeqno": "37"}), "O2")) == (
        f"账册 {BOOK} 无项号 37"
    )
    told = sent(one, leaving("OUT3", {"DclQty": "100", "DclTotalAmt": "15456"}), "O3")
    assert [it.status for it in told if it.message == "INV211"] == ["posted"]
    assert stands(one) == (20, 20)


def test_an_item_is_filed_as_one_thing(practice: Start) -> None:
    one = practice()
    brought(one)

    why = returned(
        sent(one, zone.bonded_list({"EtpsInnerInvtNo": "B"}, {"Gdecd": "2203000000"}), "B")
    )

    assert why == f"账册 {BOOK} 项号 36 的商品编码是 1901101000，不是 2203000000"


def test_customs_numbers_what_comes_in_without_an_item(practice: Start) -> None:
    one = practice()
    brought(one, "A", {"PutrecSeqno": "1"})
    brought(one, "B", {"PutrecSeqno": None, "GdsSeqno": "1"})

    assert [stands(one, item)[0] for item in ("1", "2")] == [120, 120]


TIN = {"itemRecordNo": "36", "gcode": "1901101000", "unit": "122"}


def retail(one: Practice, *quantities: str) -> tuple[str, ...]:
    """Released retail lists of item 36."""
    numbers = []
    for place, qty in enumerate(quantities):
        name = f"C{place}"
        message = lists({"copNo": name}, qty=qty, line=TIN)
        told = one.send(write_ceb(message), f"{name}.xml")
        numbers += [it.customs_no for it in told if it.status == "800"]
    assert len(numbers) == len(quantities)
    return tuple(numbers)


def tins(qty: int, **more: str) -> Changes:
    total = Decimal(qty) * Decimal("154.56")
    return {"DclQty": str(qty), "DclTotalAmt": f"{total:f}", **more}


def test_a_list_of_bonded_e_commerce_stands_for_each_retail_list_once(practice: Start) -> None:
    one = practice()
    brought(one)
    numbers = retail(one, "2", "3")
    assert stands(one) == (120, 115)

    wrong = leaving("E1", tins(4), retail=numbers)
    assert returned(sent(one, wrong, "E1")) == "项号 36 数量 4 与所列清单合计 5 不符"
    unknown = leaving("E2", tins(5), retail=(*numbers, "33332026I000009999"))
    assert returned(sent(one, unknown, "E2")) == "清单 33332026I000009999 不存在"
    told = sent(one, leaving("E3", tins(5), retail=numbers), "E3")
    assert [it.status for it in told if it.message in ("INV201", "INV211")] == ["1", "posted"]
    assert stands(one) == (115, 115)
    again = leaving("E4", tins(2), retail=numbers[:1])
    assert returned(sent(one, again, "E4")) == f"清单 {numbers[0]} 已在核注清单 E3 中"
    assert stands(one) == (115, 115)


def test_a_retail_list_that_is_not_released_yet_is_on_no_list(practice: Start) -> None:
    one = practice(delay=1.0)
    brought(one)
    (one.home / "out" / "C.xml").write_bytes(write_ceb(lists({}, line=TIN)))
    one.authority.take()
    (number,) = {it.customs_no for it in one.answers(seconds=1.5) if it.customs_no}

    (one.home / "out" / "E.xml").write_bytes(write(leaving("E", tins(1), retail=(number,))))
    one.authority.take()
    told = [it for it in one.answers() if it.message == "INV201"]

    assert [it.info for it in told] == [f"清单 {number} 未放行"]


def truck(number: str, listed: str, *lines: Changes, **head: str) -> Document:
    loaded: Changes = {
        "EtpsPreentNo": number,
        "RltNo": listed,
        "VehicleWt": "13000",
        "VehicleFrameWt": "0",
        "TotalGrossWt": "140.7",
        "TotalNetWt": "108",
        "TotalWt": "13140.7",
        **head,
    }
    return zone.a_pass(loaded, *lines, bound_to=listed)


def test_a_pass_takes_its_list_whole_and_once(practice: Start) -> None:
    one = practice()
    listed = brought(one)

    light = truck("P1", listed, TotalGrossWt="140", TotalWt="13140")
    assert returned(sent(one, light, "P1")) == "TotalGrossWt 140 与核注清单合计 140.7 不符"
    other = truck("P2", "QD311126I000000099")
    assert returned(sent(one, other, "P2")) == "核注清单 QD311126I000000099 不存在或未通过"
    outward = truck("P3", listed, IoTypecd="E")
    assert returned(sent(one, outward, "P3")) == f"核注清单 {listed} 的进出口标志与核放单不符"
    told = sent(one, truck("P4", listed), "P4")
    assert [it.status for it in told] == ["0", "1", "passed"]
    assert returned(sent(one, truck("P5", listed), "P5")) == "核注清单 IN 已被其他核放单使用"


def test_many_trucks_carry_no_more_than_the_list(practice: Start) -> None:
    one = practice()
    listed = brought(one)

    def part(number: str, qty: str) -> list[Told]:
        weights = {"TotalGrossWt": "70", "TotalNetWt": "50", "TotalWt": "13070"}
        line: Changes = {"DclQty": qty, "GrossWt": "70", "NetWt": "50", "RltGdsSeqno": "1"}
        return sent(one, truck(number, listed, line, BindTypecd="3", **weights), number)

    assert part("P1", "60")[-1].status == "passed"
    assert returned(part("P2", "61")) == "第 1 项核放数量 121 超过核注清单 120"
    assert part("P3", "60")[-1].status == "passed"
    assert returned(sent(one, truck("P4", listed), "P4")) == "核注清单 IN 已被其他核放单使用"


@pytest.mark.parametrize("changes", [{"TotalWt": "13140"}, {"TotalNetWt": "141"}])
def test_the_client_refuses_weights_that_cannot_be(
    practice: Start, changes: dict[str, str]
) -> None:
    one = practice()
    listed = brought(one)

    told = sent(one, truck("P", listed, **changes), "P")

    assert [(it.message, it.status) for it in told] == [("CommonResponeMessage", "1")]


def test_a_returned_list_may_come_again_under_its_number(practice: Start) -> None:
    one = practice()
    brought(one)
    assert returned(sent(one, leaving("OUT", tins(121)), "O1"))

    assert sent(one, leaving("OUT", tins(120)), "O2")[-1].status == "posted"
    assert stands(one) == (0, 0)


def test_its_posting_tells_the_row(practice: Start) -> None:
    one = practice()
    brought(one)
    brought(one, "MORE", tins(10))
    posted = sorted(
        path.read_bytes()
        for path in (one.home / "receipts").iterdir()
        if path.name.startswith("INV211")
    )
    rows = [document_of(read(data)).one("BwsDt") for data in posted]
    assert sorted((row["inQty"], row["actlIncQty"], row["gdsSeqno"]) for row in rows) == [
        ("10", "130", "36"),
        ("120", "120", "36"),
    ]
