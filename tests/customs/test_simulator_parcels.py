"""The authority to practise with takes no list before its order, payment and waybill are there and
say the same; it knows the positive list, the ledger, and the time for going back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customs.rules.ceb.messages import Message, write
from customs.simulator import goods, ledger
from customs.simulator.goods import Listed
from customs.simulator.judging import Habits
from tests.customs.ceb import made
from tests.customs.practising import NOON, Practice, alone, practice

__all__ = ["practice"]

Start = Callable[..., Practice]
Changes = dict[str, str | None]
GOODS: Changes = {"itemName": "奶粉", "unit": "122", "unit1": "035", "gcode": "1901101000"}
WAY = ["2", "3", "120"]
DAY = 86_400


def one(code: str, head: Changes | None = None, line: Changes | None = None) -> bytes:
    """A message of one element; without changes the four agree."""
    same: Changes = {"amountPaid": "222.11"} if code == "CEB411" else {}
    below = GOODS | (line or {}) if code in ("CEB311", "CEB621", "CEB625") else None
    return write(replace(made.message(code, head=same | (head or {}), line=below), signature=""))


def said(practised: Practice, data: bytes, name: str) -> list[tuple[str, str]]:
    found = [(told.message, told.status) for told in practised.send(data, f"{name}.xml")]
    return sorted(set(found), key=lambda it: (it[0], len(it[1]), it[1]))


def returns(message: str, *states: str) -> list[tuple[str, str]]:
    return [(message, status) for status in states]


RELEASE = returns("CEB622", "3", "120", "800")


def test_a_list_waits_for_its_three_messages_and_goes_on_by_the_last(practice: Start) -> None:
    authority = practice(habits=Habits())

    first = authority.send(one("CEB621"), "L.xml")
    assert [(told.status, told.info) for told in first] == [
        ("2", "电子口岸申报中：等待订单（CEB311）、支付单（CEB411）、运单（CEB511）")
    ]
    assert said(authority, one("CEB311"), "O") == returns("CEB312", *WAY)
    assert said(authority, one("CEB511"), "W") == returns("CEB512", *WAY)
    assert said(authority, one("CEB411"), "P") == [
        *returns("CEB412", *WAY),
        *RELEASE,
        ("CEB816", "1"),
    ]


@pytest.mark.parametrize("last", ["CEB311", "CEB411", "CEB511", "CEB621"])
def test_whatever_comes_last_the_list_is_released_once(practice: Start, last: str) -> None:
    authority = practice(habits=Habits())
    for code in ("CEB311", "CEB411", "CEB511", "CEB621"):
        if code != last:
            authority.send(one(code), f"{code}.xml")

    told = authority.send(one(last), f"{last}.xml")

    assert [it.status for it in told if it.message == "CEB622"].count("800") == 1
    assert [it.message for it in told].count("CEB816") == 1
    assert authority.answers() == []


def test_what_others_send_is_not_waited_for(practice: Start) -> None:
    authority = practice(habits=Habits(elsewhere=frozenset({"CEB411"})))
    authority.send(one("CEB311"), "O.xml")
    authority.send(one("CEB511"), "W.xml")

    assert ("CEB622", "800") in said(authority, one("CEB621"), "L")


@pytest.mark.parametrize(
    ("code", "head", "why"),
    [
        ("CEB411", {"amountPaid": "222.12"}, "CEB411/amountPaid"),
        (
            "CEB411",
            {"payerIdNumber": made.id_number(1)},
            "CEB411/payerIdNumber 支付人与订购人不一致",
        ),
        ("CEB411", {"payerName": "别人"}, "CEB411/payerName 支付人与订购人不一致"),
        ("CEB511", {"consignee": "别人"}, "CEB511/consignee"),
        ("CEB511", {"orderNo": "9"}, "CEB511/orderNo"),
        ("CEB621", {"ebcCode": "9"}, "CEB621/ebcCode"),
        ("CEB621", {"buyerIdNumber": made.id_number(2)}, "CEB621/buyerIdNumber"),
    ],
)
def test_a_list_whose_messages_differ_is_returned_with_the_field(
    practice: Start, code: str, head: Changes, why: str
) -> None:
    authority = practice(habits=Habits())
    told = []
    for kind in ("CEB311", "CEB411", "CEB511", "CEB621"):
        told += authority.send(one(kind, head if kind == code else None), f"{kind}.xml")

    (end,) = (it for it in told if it.about == "CEB621" and it.status == "100")
    assert end.info.startswith(f"海关退单：订单、支付单、运单与清单不符：{why}")
    assert not [it for it in told if it.status == "800"]


def test_a_list_that_waited_too_long_comes_back_and_may_be_declared_anew(practice: Start) -> None:
    authority = practice(habits=Habits(), patience=30.0)
    first = authority.send(one("CEB621"), "L.xml")
    for code in ("CEB311", "CEB411", "CEB511"):
        authority.send(one(code), f"{code}.xml")

    again = authority.send(one("CEB621"), "L2.xml")

    assert [told.status for told in first] == ["2", "100"]
    assert [told.status for told in again if told.message == "CEB622"] == [*WAY, "800"]


def test_a_waiting_list_is_not_returned_once_its_messages_came(practice: Start) -> None:
    authority = practice(habits=Habits(), patience=600.0)
    for code in ("CEB621", "CEB311", "CEB411", "CEB511"):
        authority.send(one(code), f"{code}.xml")

    assert authority.answers(seconds=700) == []
    assert authority.authority.book.summary()["CEB621 3"]["state"] == "released"


def test_an_order_once_listed_stays_and_the_older_message_is_not_taken(practice: Start) -> None:
    authority = practice(habits=Habits())
    order: Changes = {"appType": "2", "appTime": "20261130090000"}
    assert said(authority, one("CEB311"), "O1") == returns("CEB312", *WAY)
    assert said(authority, one("CEB311"), "O2") == returns("CEB312", "-301010")
    assert said(authority, one("CEB311", order), "O3") == returns("CEB312", *WAY)
    older: Changes = {"appType": "2", "appTime": "20261130083000"}
    assert said(authority, one("CEB311", older), "O4") == returns("CEB312", "-301014")
    authority.send(one("CEB621"), "L.xml")
    late: Changes = {"appType": "2", "appTime": "20261130100000"}
    assert said(authority, one("CEB311", late), "O5") == returns("CEB312", "-301011")


def test_a_waybill_is_given_to_another_order_after_six_months_only(practice: Start) -> None:
    authority = practice(habits=Habits())
    authority.send(one("CEB511"), "W1.xml")
    other: Changes = {"orderNo": "ANOTHER"}
    assert said(authority, one("CEB511", other), "W2") == returns("CEB512", "-504001")
    authority.at += 184 * DAY
    assert said(authority, one("CEB511", other), "W3") == returns("CEB512", *WAY)


def test_nobody_signs_for_a_parcel_without_a_waybill(practice: Start) -> None:
    authority = practice(habits=Habits())
    assert said(authority, one("CEB513"), "S1") == returns("CEB514", "-505001")
    authority.send(one("CEB511"), "W.xml")
    assert said(authority, one("CEB513"), "S2") == returns("CEB514", *WAY)


def ending(practised: Practice, data: bytes, name: str) -> tuple[str, str]:
    """How a list ends, and with which words."""
    told = [it for it in practised.send(data, f"{name}.xml") if it.message == "CEB622"]
    return told[-1].status, told[-1].info


def test_goods_are_on_the_positive_list_and_within_a_buyers_year(practice: Start) -> None:
    milk = {"19011010": Listed(is_bonded_only=True, limit=Decimal("4"))}
    authority = practice(habits=replace(alone(), positive=milk))
    two_kilograms: Changes = {"qty1": "2"}

    def send(name: str, head: Changes | None = None, line: Changes | None = None) -> str:
        data = one("CEB621", {**(head or {}), "copNo": name}, line)
        status, info = ending(authority, data, name)
        return info if status == "100" else status

    assert send("L1", line={"gcode": "2203000000"}) == (
        "海关退单：第1项 2203000000 不在跨境电商零售进口商品清单内"
    )
    direct: Changes = {"tradeMode": "9610", "trafNo": "V", "voyageNo": "1", "billNo": "B"}
    assert send("L2", direct) == "海关退单：第1项 1901101000 仅限网购保税商品"
    assert send("L3", line=two_kilograms) == "800"
    assert send("L4", line={"qty1": "2001", "unit1": "036"}) == (
        "海关退单：19011010 每人每年限 4 千克，已有 2，本单 2.001"
    )
    assert send("L5", line=two_kilograms) == "800"
    assert send("L6", {"declTime": "20270102"}, two_kilograms) == "800"
    assert send("L7", {"buyerIdNumber": made.id_number(3)}, two_kilograms) == "800"


def test_a_list_takes_from_the_ledger_what_is_there(practice: Start, tmp_path: Path) -> None:
    authority = practice()
    rows = tmp_path / "ledger.csv"
    for code in ("1901101099", "1901101000", "1901101000"):
        told = f"ems_no,item,hs_code,unit,quantity\nT3111W000076,36,{code},122,5\n"
        rows.write_text(told, encoding="utf-8")
        ledger.open_from(authority.authority.book, rows)

    def send(name: str, line: Changes) -> str:
        status, info = ending(authority, one("CEB621", {"copNo": name}, line), name)
        return info if status == "100" else status

    assert send("L1", {"itemRecordNo": "37"}) == "海关退单：账册 T3111W000076 无项号 37"
    assert send("L2", {"gcode": "1901101099"}).endswith("商品编码是 1901101000，不是 1901101099")
    assert send("L3", {"unit": "140"}).endswith("单位是 122，不是 140")
    assert [send("L4", {}), send("L5", {})] == ["800", "800"]
    assert send("L6", {}) == "海关退单：账册 T3111W000076 项号 36 可用数量 1，不足 2"
    changed = one("CEB621", {"copNo": "L5", "appType": "2"})
    assert ending(authority, changed, "L7")[0] == "800"
    standing = ledger.row(authority.authority.book, "T3111W000076", "36")
    assert standing == ledger.Row(*map(Decimal, (5, 0, 0, 0, 4)))
    assert standing.available == Decimal(1)


def released(practised: Practice) -> str:
    told = practised.send(one("CEB621", {"copNo": "C0"}), "L.xml")
    return next(it.customs_no for it in told if it.status == "800")


@pytest.mark.parametrize(
    ("days", "line", "ends"),
    [
        (29, {"qty": "2"}, ("399", "海关审结")),
        (31, {"qty": "1"}, ("100", "海关退单：超过放行之日起 30 日的退货期限")),
        (1, {"qty": "3"}, ("-625209", "第1项退货数量 3 超过原清单数量 2")),
        (1, {"gnum": "2"}, ("-625010", "第2项与原清单不符")),
        (1, {"gcode": "2203000000"}, ("-625010", "第1项与原清单不符")),
    ],
)
def test_goods_go_back_in_their_time_and_as_they_came(
    practice: Start, days: int, line: Changes, ends: tuple[str, str]
) -> None:
    authority = practice()
    number = released(authority)
    authority.at = NOON + days * DAY

    told = authority.send(one("CEB625", {"invtNo": number}, line), "R.xml")

    assert (told[-1].status, told[-1].info) == ends


def test_what_went_back_goes_back_once_and_frees_the_buyers_year(practice: Start) -> None:
    authority = practice()
    number = released(authority)

    book, files = authority.authority.book, count()

    def back(name: str, qty: str) -> str:
        data = one("CEB625", {"invtNo": number, "copNo": name}, {"qty": qty})
        return authority.send(data, f"R{next(files)}.xml")[-1].status

    assert (back("R1", "1"), back("R2", "2"), back("R1", "1")) == ("399", "-625209", "-625001")
    assert sum(map(Decimal, book.values_of(made.BUYER, "2026"))) == Decimal("210.5") - Decimal(
        "99.5"
    )
    assert (back("R3", "1"), back("R4", "1")) == ("399", "-625209")


def test_a_return_of_what_is_not_released_comes_back(practice: Start) -> None:
    told = practice().send(one("CEB625", {"invtNo": "33332026I000000009"}), "R.xml")

    assert [it.status for it in told] == ["-625010"]


@pytest.mark.parametrize(("lines", "ends"), [(98, "800"), (99, "800"), (100, "-0002")])
def test_ninety_nine_lines_are_the_most(practice: Start, lines: int, ends: str) -> None:
    small: Changes = {"qty": "1", "price": "1", "totalPrice": "1"}
    message: Message = replace(made.message("CEB621", lines=lines, line=small), signature="")

    told = practice().send(write(message), "L.xml")

    assert ends in {it.status for it in told}
    assert ("CEB900" in {it.message for it in told}) == (lines == 100)


def test_files_of_goods_and_of_the_ledger_are_refused_with_their_line(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("税则号列,备注类别,每人每年千克\n17019910,仅限网购保税,2\n", encoding="utf-8")
    assert goods.read(file) == {"17019910": Listed(is_bonded_only=True, limit=Decimal(2))}

    file.write_text("code,weight_limit_kg\n17019910,2\n17019990,much\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"list\.csv:3"):
        call_command("customs_simulator", str(tmp_path), positive=str(file), once=True)
    file.write_text("ems_no,item,hs_code,unit,quantity\nT,1,1,1,1\nT,2,1,1,-1\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"list\.csv:3: quantity -1"):
        call_command("customs_simulator", str(tmp_path), ledger=str(file), once=True)
    with pytest.raises(CommandError, match="--elsewhere: CEB999"):
        call_command("customs_simulator", str(tmp_path), elsewhere="CEB411,CEB999", once=True)
