"""What is taken out of the authority's messages, and which files are laid aside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.errors import DomainError
from customs.rules.ceb.envelope import Envelope, EnvelopeInvalid, write_envelope
from customs.rules.ceb.messages import MessageInvalid, write
from customs.rules.ceb.parsing import DoctypeRefused, EncodingWrong, XmlBroken
from customs.rules.ceb.reading import MessageUnknown
from customs.rules.ceb.zipped import ZipBroken
from customs.rules.receipts.billing import as_json, bill_of
from customs.rules.receipts.givers import original_in, same_giver
from customs.rules.receipts.parking import (
    NotAReceipt,
    ReceiptFigureWrong,
    ReceiptFileEmpty,
    ReceiptLineRepeated,
    ReceiptTimeWrong,
    ReceiptUnsigned,
)
from customs.rules.receipts.reading import receipts_in
from customs.rules.sas.documents import SasInvalid, SasUnknown
from tests.customs import zone
from tests.customs.ceb import made
from tests.customs.receipts.answers import answer, message, of_list, told_of_list

RETURNED = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


def in_envelope(data: bytes) -> bytes:
    return write_envelope(
        Envelope("M1", "DXPEDCCEB0000002", ("DXPENT1",), "2026-08-01T12:00:00", "CEB622", data)
    )


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_list_s_answer_is_told(wrapped: bool) -> None:
    data = of_list("RL-2026-000001", "800", info="放行")

    (told,) = receipts_in(in_envelope(data) if wrapped else data)

    assert (told.message, told.about, told.key, told.status, told.info) == (
        *("CEB622", "CEB621", "RL-2026-000001", "800"),
        "放行",
    )
    assert (told.pre_no, told.customs_no) == ("B20260801000000017", "310520261I00000017")
    assert (told.returned, told.returned_at) == ("20260801120000000", RETURNED)
    assert told.identity == "RL-2026-000001"


@pytest.mark.parametrize(
    ("code", "head", "about", "identity"),
    [
        (
            *("CEB312", {"ebpCode": "31056069DV", "ebcCode": "4601630005", "orderNo": "T-1"}),
            *("CEB311", "31056069DV/4601630005/T-1"),
        ),
        ("CEB412", {"payCode": "31222699S7", "payTransactionId": "P"}, "CEB411", "31222699S7/P"),
        ("CEB512", {"logisticsCode": "4601630004", "logisticsNo": "L"}, "CEB511", "4601630004/L"),
        ("CEB514", {"logisticsCode": "4601630004", "logisticsNo": "L"}, "CEB513", "4601630004/L"),
        ("CEB624", {"copNo": "C1"}, "CEB623", "C1"),
        ("CEB626", {"copNo": "C2"}, "CEB625", "C2"),
        ("CEB712", {"rkdNo": "310520261I00000018"}, "CEB711", "310520261I00000018"),
        ("CEB818", {"taxNo": "T9", "status": "2"}, "CEB621", "T9"),
        ("CEB900", {"oriCopMsgId": "M-7", "returnStatus": "-1"}, "", "M-7"),
    ],
)
def test_every_kind_says_what_it_is_about(
    code: str, head: dict[str, str | None], about: str, identity: str
) -> None:
    (told,) = receipts_in(answer(code, head))
    assert (told.message, told.about, told.identity) == (code, about, identity)


def test_a_tax_bill_is_told_to_the_last_digit() -> None:
    data = answer(
        "CEB816",
        {
            "taxNo": "T1",
            "invtNo": "310520261I00000017",
            "assureCode": "3302961HZ6",
            "customsTax": "0",
            "valueAddedTax": "37.31",
            "consumptionTax": "0.12345",
            "status": "1",
        },
        lines=2,
        taxPrice="205",
        valueAddedTax="18.655",
    )

    (told,) = receipts_in(data)

    assert told.bill is not None
    assert (told.bill.vat, told.bill.consumption_tax) == (Decimal("37.31"), Decimal("0.12345"))
    assert [(one.position, one.vat) for one in told.bill.lines] == [
        *((1, Decimal("18.655")), (2, Decimal("18.655")))
    ]
    assert (told.customs_no, told.assure_code) == ("310520261I00000017", "3302961HZ6")
    assert bill_of(as_json(told.bill)) == told.bill


def posted(item: str) -> bytes:
    """One item of a posted list (INV211)."""
    return zone.answer(
        "INV211",
        "<BondInvtBsc><bondInvtNo>QD311126I000067486</bondInvtNo><invtPreentNo>2</invtPreentNo>"
        "<putrecNo>T3111W000076</putrecNo><etpsInnerInvtNo>A1</etpsInnerInvtNo>"
        "<impexpMarkcd>I</impexpMarkcd><supvModecd>1210</supvModecd></BondInvtBsc>"
        f"<BwsDt><bwsNo>T3111W000076</bwsNo><gdsSeqno>{item}</gdsSeqno><gdsMtno>M</gdsMtno>"
        "<gdecd>9405310000</gdecd><gdsNm>节日灯</gdsNm><dclUnitcd>006</dclUnitcd>"
        "<lawfUnitcd>006</lawfUnitcd><invtNo>QD311126I000067486</invtNo></BwsDt>",
    )


def test_the_zone_s_answers_are_told() -> None:
    approved = zone.answer("INV201", zone.RESULT + "<CheckInfo><note>通过</note></CheckInfo>")
    client = (
        b"<CommonResponeMessage><SeqNo>202600000069440319</SeqNo><EtpsPreentNo>A1</EtpsPreentNo>"
        b"<CheckInfo>ok</CheckInfo><DealFlag>0</DealFlag></CommonResponeMessage>"
    )

    told = [receipts_in(data)[0] for data in (client, approved, posted("1"))]

    assert [(one.message, one.status) for one in told] == [
        *(("CommonResponeMessage", "0"), ("INV201", "1"), ("INV211", "posted"))
    ]
    assert [one.key for one in told] == ["A1", "", "A1"]
    assert [one.pre_no for one in told] == ["202600000069440319", "202600000069440319", "2"]
    assert [one.customs_no for one in told] == ["", *["QD311126I000067486"] * 2]
    assert told[1].returned_at == datetime(2026, 11, 29, 16, 44, 26, tzinfo=UTC)
    assert told[1].info == "通过"


def test_an_answer_of_the_zone_is_known_by_what_it_says() -> None:
    (first,), (again,), (other,) = (
        receipts_in(data) for data in (posted("1"), posted("1").replace(b"0001", b"2"), posted("2"))
    )
    assert first.identity == again.identity != other.identity
    assert {one.number for one in (first, again, other)} == {"A1"}


def test_two_answers_in_one_package_are_laid_aside() -> None:
    one = f"<INV201>{zone.RESULT}</INV201>"
    data = zone.answer("INV201", zone.RESULT).replace(b"</INV201>", f"</INV201>{one}".encode())
    with pytest.raises(SasInvalid) as refusal:
        receipts_in(data)
    assert refusal.value.facts["field"] == "INV201/INV201"


BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY c "&a;&a;&a;">]><b>&c;</b>'
FOREIGN = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><b>&a;</b>'


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b" \n", ReceiptFileEmpty),
        (BOMB, DoctypeRefused),
        (FOREIGN, DoctypeRefused),
        (of_list("C", "800").decode().encode("utf-16"), EncodingWrong),
        (of_list("C", "800", info="放行").decode().encode("gbk"), EncodingWrong),
        (of_list("C", "800")[:-10], XmlBroken),
        (b"PK\x03\x04\x00\x00", ZipBroken),
        (b"<html/>", MessageUnknown),
        (b"<Package><EnvelopInfo/></Package>", SasUnknown),
        (zone.answer("SAS223", ""), SasInvalid),
        (of_list("C" * 21, "800"), MessageInvalid),
        (of_list("C", "800", at="20261301000000000"), ReceiptTimeWrong),
        (of_list("C", "800", at="2026080112000000x"), ReceiptTimeWrong),
        (write(made.message("CEB621")), NotAReceipt),
        (answer("CEB622", *[told_of_list(f"C{n}", "2") for n in range(101)]), MessageInvalid),
        (in_envelope(in_envelope(of_list("C", "800"))), NotAReceipt),
        (b'<DxpMsg xmlns="http://www.chinaport.gov.cn/dxp" ver="1.0"/>', EnvelopeInvalid),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, rule: type[DomainError]) -> None:
    with pytest.raises(rule):
        receipts_in(data)


@pytest.mark.parametrize(
    ("head", "line", "field"),
    [
        ({}, {"gnum": "0"}, "gnum"),
        ({}, {"gnum": "-1"}, "gnum"),
        ({}, {"taxPrice": "100000000000000"}, "taxPrice"),
        ({"valueAddedTax": "-100000000000000"}, {}, "valueAddedTax"),
    ],
)
def test_a_figure_that_cannot_be_right_is_named(
    head: dict[str, str | None], line: dict[str, str], field: str
) -> None:
    with pytest.raises(ReceiptFigureWrong) as refusal:
        receipts_in(answer("CEB816", {"status": "1"}, {"status": "1"} | head, lines=1, **line))
    assert refusal.value.facts["field"] == field


def test_two_lines_of_a_bill_have_two_numbers() -> None:
    with pytest.raises(ReceiptLineRepeated) as refusal:
        receipts_in(answer("CEB816", {"status": "1"}, lines=2, gnum="7"))
    assert refusal.value.facts == {"message": "CEB816", "element": 1, "field": "gnum", "line": 7}


@pytest.mark.parametrize("item", ["0", "-5"])
def test_an_item_of_the_book_that_cannot_be_is_named(item: str) -> None:
    with pytest.raises(ReceiptFigureWrong):
        receipts_in(posted(item))


@pytest.mark.parametrize("length", [35, 37])
def test_an_identifier_has_thirty_six_characters(length: int) -> None:
    with pytest.raises(MessageInvalid) as refusal:
        receipts_in(answer("CEB622", told_of_list("C", "800") | {"guid": "G" * length}))
    assert refusal.value.facts["field"] == "CEB622/InventoryReturn[1]/guid"
    with pytest.raises(MessageInvalid):
        receipts_in(write(replace(message("CEB622", told_of_list("C", "800")), guid="G" * length)))


def test_where_signatures_are_wanted_a_bare_receipt_is_laid_aside() -> None:
    with pytest.raises(ReceiptUnsigned):
        receipts_in(of_list("C", "800"), must_be_signed=True)


@pytest.mark.parametrize(
    ("info", "original"),
    [
        (
            "新增申报成功[4CDE1CFD-EDED-46B1-946C-B8022E42FC94]",
            "4CDE1CFD-EDED-46B1-946C-B8022E42FC94",
        ),
        ("[CEB621_HNZB_FXJK_20220208175055_0035]", "CEB621_HNZB_FXJK_20220208175055_0035"),
        ("[Code:2600;Desc:放行]", ""),
        ("[4CDE1CFD-EDED-46B1-946C-B8022E42FC9]", ""),
        ("4CDE1CFD-EDED-46B1-946C-B8022E42FC94", ""),
    ],
)
def test_the_original_identifier_stands_in_brackets(info: str, original: str) -> None:
    assert original_in(info) == original


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("A/B", "A/B", True),
        ("A/B", "A/C", False),
        ("A/B", "X/B", False),
        ("A", "A/B", True),
        ("", "A/B", True),
        ("A", "", True),
    ],
)
def test_what_is_not_told_says_nothing_against(one: str, other: str, same: bool) -> None:
    assert same_giver(one, other) is same_giver(other, one) is same
