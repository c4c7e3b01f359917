"""The zone's messages: lists and passes written, and what customs answers read."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.errors import DomainError
from customs.queries.messages import EnvelopeInEnvelope, check, read_message
from customs.rules.ceb.envelope import Envelope, write_envelope
from customs.rules.ceb.fields import LengthWrong, NotANumber, OtherValue
from customs.rules.ceb.messages import Extension
from customs.rules.ceb.messages import write as write_ceb
from customs.rules.ceb.remarks import (
    BondedFromAbroad,
    FlagWrong,
    LineRepeated,
    NetAboveGross,
    NotPositive,
    SecondUnitIncomplete,
)
from customs.rules.ceb.shape import (
    AttributeWrong,
    ElementMissing,
    ElementTooOften,
    ElementUnknown,
    StrayText,
)
from customs.rules.sas import remarks as rules
from customs.rules.sas.documents import (
    LOGISTICS_CENTRE,
    Document,
    SasInvalid,
    SasUnknown,
    document_of,
    read,
    write,
)
from customs.rules.sas.remarks import remarks
from tests.customs.ceb import made
from tests.customs.zone import (
    ENVELOPE,
    LIST_LINE,
    RESULT,
    Changes,
    a_pass,
    answer,
    bonded_list,
)


@pytest.mark.parametrize(
    "document",
    [
        bonded_list(),
        bonded_list({}, {"GdsSeqno": "1"}, {"GdsSeqno": "2", "GdsNm": "<a> & b"}),
        bonded_list(
            {"ImpexpMarkcd": "E", "InvtType": "8", "StshipTrsarvNatcd": "142"},
            retail_lists=("31112026I000000001", "31112026I000000002"),
        ),
        a_pass(),
        a_pass({"BindTypecd": "3"}, {}, {"PassportSeqNo": "2"}),
    ],
)
def test_what_is_written_is_read_again(document: Document) -> None:
    again = document_of(read(write(document)))
    assert again.parts == document.parts
    assert (again.operator, again.system, again.declare) == (
        document.operator,
        document.system,
        document.declare,
    )
    assert again.envelope == ENVELOPE | {"message_type": document.kind.code}
    assert write(again) == write(document)
    assert remarks(again) == []


def test_the_spelling_is_the_official_one() -> None:
    text = write(replace(bonded_list(), system=LOGISTICS_CENTRE)).decode()
    for part in (
        "<BussinessData><InvtMessage>",
        "<DelcareFlag>1</DelcareFlag>",
        "<SysId>Z8</SysId>",
    ):
        assert part in text
    assert "<DelcareFlag>0</DelcareFlag>" in write(a_pass()).decode()


@pytest.mark.parametrize(
    ("changes", "line", "path", "rule"),
    [
        ({"PutrecNo": None}, {}, "INV101/InvtHeadType[1]", ElementMissing),
        ({"DclPlcCuscd": "311"}, {}, "INV101/InvtHeadType[1]/DclPlcCuscd", LengthWrong),
        ({"Colour": "red"}, {}, "INV101/InvtHeadType[1]/Colour", ElementUnknown),
        ({}, {"DclQty": "many"}, "INV101/InvtListType[1]/DclQty", NotANumber),
        ({}, {"GrossWt": "NaN"}, "INV101/InvtListType[1]/GrossWt", NotANumber),
        ({}, {"SecdLawfQty": "abc"}, "INV101/InvtListType[1]/SecdLawfQty", NotANumber),
    ],
)
def test_a_list_that_does_not_fit_is_not_written(
    changes: Changes, line: Changes, path: str, rule: type[DomainError]
) -> None:
    with pytest.raises(SasInvalid) as refusal:
        write(bonded_list(changes, line))
    assert refusal.value.facts["field"] == path
    assert type(refusal.value.facts["why"]) is rule


def test_a_list_has_a_head_and_a_line() -> None:
    document = bonded_list()
    without = replace(document, parts=document.parts | {"InvtListType": []})  # type: ignore[operator]
    with pytest.raises(SasInvalid):
        write(without)
    head = document.parts["InvtHeadType"][0]
    two = replace(document, parts=document.parts | {"InvtHeadType": [head, head]})  # type: ignore[operator]
    with pytest.raises(SasInvalid) as refusal:
        write(two)
    assert type(refusal.value.facts["why"]) is ElementTooOften


@pytest.mark.parametrize(
    ("old", "new", "path", "rule"),
    [
        ("<DelcareFlag>1<", "<DelcareFlag>7<", "INV101/DelcareFlag", OtherValue),
        ("<SysId>Z7<", "<SysId>Q<", "INV101/SysId", OtherValue),
        ("<GdsNm>", '<GdsNm a="1">', "INV101/InvtListType[1]/GdsNm", AttributeWrong),
        ("<GdsNm>", "<GdsNm><b>x</b>", "INV101/InvtListType[1]/GdsNm/b", ElementUnknown),
        ("<GdsNm>", "x<GdsNm>", "INV101/InvtListType[1]", StrayText),
        (
            "</BussinessData>",
            "<InvtMessage/></BussinessData>",
            "INV101/InvtMessage",
            ElementTooOften,
        ),
    ],
)
def test_nothing_that_we_would_send_is_passed_over(
    old: str, new: str, path: str, rule: type[DomainError]
) -> None:
    data = write(bonded_list()).decode()
    assert old in data
    found = read(data.replace(old, new, 1).encode()).faults
    assert [(one.path, type(one.error)) for one in found] == [(path, rule)]


def test_a_character_that_cannot_stand_in_xml_is_not_written() -> None:
    with pytest.raises(SasInvalid):
        write(bonded_list({}, {"GdsNm": "a\x0bb"}))


def test_a_document_of_a_shop_in_a_message_is_not_taken_for_the_zones() -> None:
    own = Extension("own", "1", '<x:Package xmlns:x="urn:shop"></x:Package>')
    checked = check(write_ceb(replace(made.message("CEB311"), extension=own)))
    assert (checked.valid, checked.kind and checked.kind.code) == (True, "CEB311")


def test_an_envelope_in_an_envelope_is_refused() -> None:
    inner = Envelope("1", "A", ("B",), "2026-11-30T08:00:00", "x", write(bonded_list()))
    outer = replace(inner, data=write_envelope(inner))
    assert check(write_envelope(inner)).valid
    (fault,) = check(write_envelope(outer)).faults
    assert type(fault.error) is EnvelopeInEnvelope
    with pytest.raises(EnvelopeInEnvelope):
        read_message(write_envelope(outer))


def test_only_customs_writes_its_answers() -> None:
    with pytest.raises(ValueError, match="INV201"):
        write(document_of(read(answer("INV201", RESULT))))


@pytest.mark.parametrize("namespace", ["", "http://www.w3.org/2000/09/xmldsig#"])
def test_answers_are_read_with_and_without_a_namespace(namespace: str) -> None:
    data = answer(
        "INV201",
        RESULT
        + "<CheckInfo><note>库存不足</note></CheckInfo><CheckInfo><note>b</note></CheckInfo>",
        namespace=namespace,
    )
    document = document_of(read(data))
    assert document.one("HdeApprResult")["manageResult"] == "1"
    assert document.one("HdeApprResult")["businessId"] == "QD311126I000067486"
    assert [one["note"] for one in document.parts["CheckInfo"]] == ["库存不足", "b"]
    assert document.one("BondInvtBsc") == {}


def test_a_posting_has_the_rows_of_the_ledger_and_what_nobody_knows_is_kept() -> None:
    data = answer(
        "INV211",
        "<BondInvtBsc><bondInvtNo>QD311126I000067486</bondInvtNo><invtPreentNo>2</invtPreentNo>"
        "<putrecNo>T3111W000076</putrecNo><etpsInnerInvtNo>A1</etpsInnerInvtNo>"
        "<impexpMarkcd>I</impexpMarkcd><supvModecd>1210</supvModecd><vrfdedMarkcd>2</vrfdedMarkcd>"
        "</BondInvtBsc>"
        "<BwsDt><bwsNo>T3111W000076</bwsNo><gdsSeqno>2255</gdsSeqno><gdsMtno>M</gdsMtno>"
        "<gdecd>9405310000</gdecd><gdsNm>节日灯</gdsNm><dclUnitcd>006</dclUnitcd>"
        "<lawfUnitcd>006</lawfUnitcd><inQty>3894</inQty><avgPrice>3.9</avgPrice>"
        "<totalAmt>15186.6</totalAmt><invtNo>QD311126I000067486</invtNo><new>1</new></BwsDt>",
    )
    row = document_of(read(data)).one("BwsDt")
    assert (row["gdsSeqno"], row["inQty"], row["totalAmt"], row["new"]) == (
        "2255",
        "3894",
        "15186.6",
        "1",
    )


@pytest.mark.parametrize("kind", ["SAS221", "SAS223", "SAS224"])
def test_answers_to_a_pass_say_where_it_stands(kind: str) -> None:
    number = "Z3111I261128000000000003"
    data = answer(
        kind,
        RESULT + f"<SasPassportBsc><passportNo>{number}</passportNo><passportTypecd>3"
        "</passportTypecd><sasPassportPreentNo>2</sasPassportPreentNo><ioTypecd>I</ioTypecd>"
        "<bindTypecd>2</bindTypecd><masterCuscd>3111</masterCuscd><totalWt>14292.8</totalWt>"
        "<wtError>0</wtError><stucd>4</stucd></SasPassportBsc>"
        f"<SasPassportRlt><passportNo>{number}</passportNo><rltTbTypecd>1</rltTbTypecd>"
        "<rltNo>QD311126I000067647</rltNo></SasPassportRlt>",
    )
    document = document_of(read(data))
    assert document.one("SasPassportBsc")["stucd"] == "4"
    assert document.one("SasPassportRlt")["rltNo"] == "QD311126I000067647"


def test_the_clients_first_answer_and_the_number_of_a_declaration() -> None:
    data = (
        b'<CommonResponeMessage xmlns:ns2="http://www.chinaport.gov.cn/sas"><SeqNo>1</SeqNo>'
        b"<EtpsPreentNo>A1</EtpsPreentNo><CheckInfo>ok</CheckInfo><DealFlag>0</DealFlag>"
        b"</CommonResponeMessage>"
    )
    assert document_of(read(data)).one("CommonResponeMessage")["DealFlag"] == "0"
    data = answer(
        "INV202",
        "<InvApprResult><invPreentNo>2</invPreentNo><businessId>QD311126E000097307</businessId>"
        "<entrySeqNo>E20260001310220743</entrySeqNo><manageResult>1</manageResult>"
        "<createDate>2026-11-30 16:39:17</createDate><reason></reason></InvApprResult>",
    )
    assert document_of(read(data)).one("InvApprResult")["entrySeqNo"] == "E20260001310220743"


def test_an_answer_without_its_result_is_not_taken() -> None:
    reading = read(answer("SAS223", "<SasPassportRlt/>"))
    assert {(one.path, type(one.error)) for one in reading.faults} == {
        ("SAS223", ElementMissing),
        ("SAS223/SasPassportRlt[1]", ElementMissing),
    }
    with pytest.raises(SasInvalid):
        document_of(reading)


@pytest.mark.parametrize(
    "data",
    [
        b"<Package/>",
        b"<Package><EnvelopInfo><message_type>INV999</message_type></EnvelopInfo></Package>",
        b"<Signature><Object/></Signature>",
    ],
)
def test_another_message_is_refused(data: bytes) -> None:
    with pytest.raises(SasUnknown):
        read(data)


HEAD, LINE = "INV101/InvtHeadType[1]", "INV101/InvtListType[1]"


@pytest.mark.parametrize(
    ("head", "line", "path", "rule"),
    [
        ({"InvtType": "2"}, {}, f"{HEAD}/InvtType", rules.CodeUnknown),
        ({"ImpexpMarkcd": "X"}, {}, f"{HEAD}/ImpexpMarkcd", rules.CodeUnknown),
        ({"MtpckEndprdMarkcd": "E"}, {}, f"{HEAD}/MtpckEndprdMarkcd", FlagWrong),
        ({"DclcusTypecd": "1"}, {}, f"{HEAD}/RltEntryDclEtpsno", rules.PartnerMissing),
        ({"CorrEntryDclEtpsNo": ""}, {}, f"{HEAD}/CorrEntryDclEtpsNo", rules.PartnerMissing),
        ({"DclcusTypecd": "3"}, {}, f"{HEAD}/DclcusTypecd", rules.CodeUnknown),
        ({"DclcusFlag": "2"}, {}, f"{HEAD}/DclcusTypecd", FlagWrong),
        ({"DclcusFlag": "9"}, {}, f"{HEAD}/DclcusFlag", rules.CodeUnknown),
        ({}, {"DclQty": "0", "DclTotalAmt": "0"}, f"{LINE}/DclQty", NotPositive),
        ({}, {"SecdLawfQty": "1"}, f"{LINE}/SecdLawfUnitcd", SecondUnitIncomplete),
        ({}, {"DclTotalAmt": "18547.22"}, f"{LINE}/DclTotalAmt", rules.TotalDiffers),
        ({}, {"NetWt": "140.8"}, f"{LINE}/NetWt", NetAboveGross),
    ],
)
def test_what_would_come_back_of_a_list(
    head: Changes, line: Changes, path: str, rule: type[DomainError]
) -> None:
    told = remarks(bonded_list(head, line))
    assert [(one.path, type(one.error)) for one in told] == [(path, rule)]


def test_a_list_of_retail_names_them_and_stays_in_the_country() -> None:
    told = remarks(bonded_list({"InvtType": "8", "ImpexpMarkcd": "E"}))
    assert [(one.path, type(one.error)) for one in told] == [
        (f"{HEAD}/InvtType", rules.RetailListsMissing),
        (f"{HEAD}/StshipTrsarvNatcd", BondedFromAbroad),
    ]


def test_a_total_may_miss_what_four_decimals_cannot_say() -> None:
    line: Changes = {"DclQty": "300", "DclUprcAmt": "3.3333", "DclTotalAmt": "1000.00"}
    assert remarks(bonded_list({}, line)) == []


def test_two_lines_of_a_list_have_two_numbers() -> None:
    told = remarks(bonded_list({}, {}, {}))
    assert [(one.path, type(one.error)) for one in told] == [
        ("INV101/InvtListType[2]/GdsSeqno", LineRepeated)
    ]


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        ("14292.8", ("13000", "1000", "0", "292.8")),
        ("15130.98", ("13000", "1000", "0", "1130.98")),
        ("2970", ("1450", "1120", "0", "400")),
    ],
)
def test_the_weight_at_the_gate_is_everything_on_the_scales(
    total: str, parts: tuple[str, str, str, str]
) -> None:
    names = ("VehicleWt", "VehicleFrameWt", "ContainerWt", "TotalGrossWt")
    head: Changes = {**dict(zip(names, parts, strict=True)), "TotalNetWt": "1"}
    assert remarks(a_pass(head | {"TotalWt": total})) == []
    (told,) = remarks(a_pass(head | {"TotalWt": "1"}))
    assert type(told.error) is rules.WeightDiffers


@pytest.mark.parametrize(
    ("head", "field", "rule"),
    [
        ({"PassportTypecd": "9"}, "PassportTypecd", rules.CodeUnknown),
        ({"BindTypecd": "4"}, "BindTypecd", rules.CodeUnknown),
        ({"IoTypecd": "X"}, "IoTypecd", rules.CodeUnknown),
        ({"TotalNetWt": "293"}, "TotalNetWt", NetAboveGross),
        ({"BindTypecd": "3"}, "BindTypecd", rules.GoodsOfPassMissing),
    ],
)
def test_what_would_come_back_of_a_pass(head: Changes, field: str, rule: type[DomainError]) -> None:
    told = remarks(a_pass(head))
    assert [(one.path, type(one.error)) for one in told] == [
        (f"SAS121/PassportHead[1]/{field}", rule)
    ]


def test_the_commands_know_them_too(tmp_path: Path) -> None:
    files = {
        "list.xml": write(bonded_list({"InvtType": "2"})),
        "answer.xml": answer("INV201", RESULT),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    out = StringIO()
    paths = [str(tmp_path / name) for name in files]
    call_command("ceb_check", *paths, stdout=out, language="en")
    assert out.getvalue().splitlines() == [
        f"{paths[0]}: INV101 bonded list, 1 element: valid",
        f"  ! line 2, {HEAD}/InvtType: This code is none that customs knows here. (value: 2) "
        "[customs.sas_code_unknown]",
        f"{paths[1]}: INV201 approval of a bonded list, 1 element: valid",
    ]
    out = StringIO()
    call_command("ceb_read", paths[0], stdout=out)
    assert json.loads(out.getvalue())["InvtListType"] == [LIST_LINE]
    out = StringIO()
    call_command("ceb_read", paths[0], xml=True, stdout=out)
    assert out.getvalue().strip().encode() == files["list.xml"]
    with pytest.raises(CommandError, match="INV201"):
        call_command("ceb_read", paths[1], xml=True, stdout=StringIO())
    assert not check(answer("SAS223", "")).valid


def test_list_lines_of_one_declaration_line_agree() -> None:
    first: Changes = {"EntryGdsSeqno": "1"}
    same: Changes = {"GdsSeqno": "2", "EntryGdsSeqno": "1", "DclQty": "120"}
    assert remarks(bonded_list({}, first, same)) == []

    (told,) = remarks(bonded_list({}, first, same | {"Natcd": "305"}))

    assert told.path == "INV101/InvtListType[2]/EntryGdsSeqno"
    assert isinstance(told.error, rules.LinesOfOneEntryDiffer)


def test_a_retail_list_is_named_once() -> None:
    head: Changes = {"InvtType": "8", "ImpexpMarkcd": "E", "StshipTrsarvNatcd": "142"}
    numbers = ("90132019I237057698", "90132019I237057699")
    assert remarks(bonded_list(head, retail_lists=numbers)) == []

    (told,) = remarks(bonded_list(head, retail_lists=(*numbers, numbers[0])))

    assert told.path == "INV101/InvtCbecBill[3]/CbecBillNo"
    assert isinstance(told.error, rules.RetailListRepeated)
