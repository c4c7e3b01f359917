"""The simulated zone: bonded lists and passes, and what it answers to them."""

from __future__ import annotations

from dataclasses import dataclass

from customs.rules.sas.documents import COMMON, Reading
from customs.rules.sas.remarks import remarks
from customs.simulator import answering
from customs.simulator.answering import china
from customs.simulator.book import Book, Known

_OWN = {"INV101": ("InvtHeadType", "EtpsInnerInvtNo"), "SAS121": ("PassportHead", "EtpsPreentNo")}


#: Its code, what it says, and its parts.
_Answer = tuple[str, str, list[tuple[str, dict[str, str]]]]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    code: str
    status: str
    xml: str
    document: str


def judge(
    reading: Reading, number: str, book: Book, now: float
) -> tuple[list[Said], tuple[str, str, str]]:
    """The answers in their order; then the kind, and what happened in Chinese and English."""
    code = reading.kind.code
    part, name = _OWN.get(code, ("", ""))
    head = reading.document.one(part)
    own = head.get(name, number)
    document = f"{code} {own}"
    wrong = ""
    if code not in _OWN:
        wrong = "不是企业报文"
    elif reading.faults:
        wrong = f"{reading.faults[0].path} {reading.faults[0].error}"
    elif found := remarks(reading.document):
        wrong = f"{found[0].path} {found[0].error}"
    elif book.document(code, own) is not None:
        book.again(code, own)
        wrong = "企业内部编号重复"
    if wrong:
        if code in _OWN and book.document(code, own) is None:
            book.keep(Known(code, own, number[:36], "refused", "", ""), message=number)
        xml = answering.client_took(own, "", deal="1", info=wrong).decode()
        told = (code, f"{own} 退回：{wrong}", f"{own} refused: {wrong}")
        return [Said(COMMON, "1", xml, document)], told
    serial = book.next("zone")
    seq_no = f"{china(now, '%Y')}{serial:014d}"
    if code == "INV101":
        answers, customs_no = _listed(reading, own, seq_no, serial, now)
    else:
        answers, customs_no = _passed(reading, own, seq_no, serial, now)
    book.keep(Known(code, own, number[:36], "taken", seq_no, customs_no), message=number)
    first = Said(
        COMMON,
        "0",
        answering.client_took(own, seq_no, deal="0", info="导入成功").decode(),
        document,
    )
    said = [
        first,
        *(
            Said(kind, status, answering.of_zone(kind, parts, at=now).decode(), document)
            for kind, status, parts in answers
        ),
    ]
    name_zh, name_en = reading.kind.name_zh, reading.kind.name_en
    return said, (code, f"{name_zh} {own} 接收", f"{name_en} {own} taken")


def _result(seq_no: str, customs_no: str, now: float) -> dict[str, str]:
    return {
        "etpsPreentNo": seq_no,
        "businessId": customs_no,
        "tmsCnt": "0",
        "typecd": "1",
        "manageResult": "1",
        "manageDate": china(now, "%Y-%m-%d %H:%M:%S"),
        "rmk": "通过",
    }


def _listed(
    reading: Reading, own: str, seq_no: str, serial: int, now: float
) -> tuple[list[_Answer], str]:
    head = reading.document.one("InvtHeadType")
    way = head["ImpexpMarkcd"]
    customs_no = f"QD{head['DclPlcCuscd']}{china(now, '%y')}{way}{serial:09d}"
    listed = {
        "bondInvtNo": customs_no,
        "chgTmsCnt": "0",
        "invtPreentNo": seq_no,
        "putrecNo": head["PutrecNo"],
        "etpsInnerInvtNo": own,
        "impexpMarkcd": way,
        "supvModecd": head["SupvModecd"],
        "vrfdedMarkcd": "1",
    }
    result = _result(seq_no, customs_no, now)
    answers = [("INV201", "1", [("HdeApprResult", result), ("BondInvtBsc", listed)])]
    if head["DclcusFlag"] == "1":
        made = {
            "invPreentNo": seq_no,
            "businessId": customs_no,
            "entrySeqNo": f"E{china(now, '%Y')}0001{serial:09d}",
            "manageResult": "1",
            "createDate": china(now, "%Y-%m-%d %H:%M:%S"),
            "reason": "",
        }
        answers.append(("INV202", "1", [("InvApprResult", made)]))
    rows = [
        (
            "BwsDt",
            {
                "bwsNo": head["PutrecNo"],
                "gdsSeqno": line.get("PutrecSeqno") or line["GdsSeqno"],
                "gdsMtno": line["GdsMtno"],
                "gdecd": line["Gdecd"],
                "gdsNm": line["GdsNm"],
                "dclUnitcd": line["DclUnitcd"],
                "lawfUnitcd": line["LawfUnitcd"],
                "inQty": line["DclQty"],
                "invtNo": customs_no,
                "invtGNo": line["GdsSeqno"],
            },
        )
        for line in reading.document.parts["InvtListType"]
    ]
    posted = [("BondInvtBsc", listed | {"vrfdedMarkcd": "2"}), *rows]
    answers.append(("INV211", "posted", posted))
    return answers, customs_no


def _passed(
    reading: Reading, own: str, seq_no: str, serial: int, now: float
) -> tuple[list[_Answer], str]:
    head = reading.document.one("PassportHead")
    customs_no = f"Z{head['MasterCuscd']}{head['IoTypecd']}{china(now, '%y%m%d')}{serial:012d}"
    passed = {
        "passportNo": customs_no,
        "passportTypecd": head["PassportTypecd"],
        "sasPassportPreentNo": seq_no,
        "ioTypecd": head["IoTypecd"],
        "bindTypecd": head["BindTypecd"],
        "masterCuscd": head["MasterCuscd"],
        "vehicleNo": head["VehicleNo"],
        "totalWt": head["TotalWt"],
        "passCollectWt": head["TotalWt"],
        "wtError": "0",
        "passTime": china(now, "%Y-%m-%d %H:%M:%S"),
    }
    result = _result(seq_no, customs_no, now)
    return [
        (
            code,
            status,
            [("HdeApprResult", result), ("SasPassportBsc", passed | {"stucd": stands})],
        )
        for code, status, stands in (("SAS221", "1", "1"), ("SAS223", "passed", "2"))
    ], customs_no
