"""The simulated zone: bonded lists and passes, and what it answers to them.

What the import client can see is refused by the client; what only customs' books show is returned
by customs (INV201 or SAS221 with result 3). Which sentences customs has for it is not public.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from customs.rules.sas.documents import COMMON, Document, Reading
from customs.rules.sas.remarks import E_COMMERCE, remarks
from customs.rules.zone_lists import REMOVED, Act
from customs.simulator import answering, changing, gate, ledger
from customs.simulator.answering import china
from customs.simulator.book import Book, Known
from customs.simulator.changing import Target
from customs.simulator.judging import REFUSED, RELEASED, stands
from customs.simulator.ledger import Wanted

LIST, PASS = "INV101", "SAS121"
_OWN = {LIST: ("InvtHeadType", "EtpsInnerInvtNo"), PASS: ("PassportHead", "EtpsPreentNo")}
#: How a posting will move the ledger: D adds, F takes away.
_MODES = {"I": "D", "E": "F"}
PASSED, RETURNED = "1", "3"

#: Its code, what it says, and its parts.
_Answer = tuple[str, str, list[tuple[str, dict[str, str]]]]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer."""

    code: str
    status: str
    xml: str
    document: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A document at the counter; ``target`` is the list that it changes or deletes."""

    document: Document
    own: str
    seq_no: str
    serial: int
    book: Book
    now: float
    target: Target | None = None

    @property
    def act(self) -> tuple[str, str]:
        """Its kind and its count of changes."""
        head = self.document.one("InvtHeadType")
        return head.get("DclTypecd") or "1", head.get("ChgTmsCnt") or "0"


def judge(
    reading: Reading, number: str, book: Book, now: float
) -> tuple[list[Said], tuple[str, str, str]]:
    """The answers in their order; then the kind, and what happened in Chinese and English."""
    code = reading.kind.code
    part, name = _OWN.get(code, ("", ""))
    own = reading.document.one(part).get(name, number)
    document = f"{code} {own}"
    known = book.document(code, own)
    head = reading.document.one("InvtHeadType")
    counters = code == LIST and changing.is_counter(head)
    target = changing.target(book, head) if counters else None
    # A change may keep the number of its list.
    is_its_own = target is not None and target.known.key == own
    wrong = ""
    if code not in _OWN:
        wrong = "不是企业报文"
    elif reading.faults:
        wrong = f"{reading.faults[0].path} {reading.faults[0].error}"
    elif found := remarks(reading.document):
        wrong = f"{found[0].path} {found[0].error}"
    elif stands(known) and not is_its_own:
        book.again(code, own)
        wrong = "企业内部编号重复"
    if wrong:
        if code in _OWN and known is None:
            book.keep(Known(code, own, number[:36], REFUSED, "", ""), message=number)
        xml = answering.client_took(own, "", deal="1", info=wrong).decode()
        told = (code, f"{own} 退回：{wrong}", f"{own} refused: {wrong}")
        return [Said(COMMON, "1", xml, document)], told
    serial = book.next("zone")
    seq_no = target.known.pre_no if target else f"{china(now, '%Y')}{serial:014d}"
    case = _Case(reading.document, own, seq_no, serial, book, now, target)
    answers, customs_no, why = _countered(case) if counters else _WAYS[code](case)
    state = REFUSED if why else "taken"
    if not is_its_own:
        # The list's number is that of the list itself.
        kept = Known(code, own, number[:36], state, case.seq_no, "" if counters else customs_no)
        book.keep(kept, message=number)
    client = answering.client_took(own, case.seq_no, deal="0", info="导入成功").decode()
    said = [
        Said(COMMON, "0", client, document),
        *(
            Said(
                *(kind, status, answering.of_zone(kind, parts, at=now).decode()),
                # A posting is of the list, whichever message it follows.
                target.document if target and kind == "INV211" else document,
            )
            for kind, status, parts in answers
        ),
    ]
    name_zh, name_en = reading.kind.name_zh, reading.kind.name_en
    if why:
        return said, (code, f"{name_zh} {own} 退单：{why}", f"{name_en} {own} returned: {why}")
    return said, (code, f"{name_zh} {own} 接收", f"{name_en} {own} taken")


def _result(case: _Case, customs_no: str, why: str) -> dict[str, str]:
    return {
        "etpsPreentNo": case.seq_no,
        "businessId": customs_no,
        "tmsCnt": case.act[1],
        "typecd": case.act[0],
        "manageResult": RETURNED if why else PASSED,
        "manageDate": china(case.now, "%Y-%m-%d %H:%M:%S"),
        "rmk": "" if why else "通过",
    }


def _checked(why: str) -> list[tuple[str, dict[str, str]]]:
    return [("CheckInfo", {"note": why})] if why else []


def _listed(case: _Case) -> tuple[list[_Answer], str, str]:
    head, book = case.document.one("InvtHeadType"), case.book
    way, putrec = head["ImpexpMarkcd"], head["PutrecNo"]
    lines = _with_items(case, way, putrec)
    keys, why = _gathered(case) if head["InvtType"] == E_COMMERCE else ([], "")
    why = why or _against_the_ledger(case, way, putrec, lines, keys)
    customs_no = f"QD{head['DclPlcCuscd']}{china(case.now, '%y')}{way}{case.serial:09d}"
    listed = _basic(case, customs_no, why)
    answers = [_approval(case, customs_no, why, listed)]
    if why:
        return answers, customs_no, why
    ledger.gather(book, case.own, keys)
    ledger.announce(book, case.own, putrec, way, [one for _line, one in lines])
    book.remember(LIST, case.own, {"head": dict(head), "lines": [dict(it) for it, _one in lines]})
    if head["DclcusFlag"] == "1":
        made = {
            "invPreentNo": case.seq_no,
            "businessId": customs_no,
            "entrySeqNo": f"E{china(case.now, '%Y')}0001{case.serial:09d}",
            "manageResult": "1",
            "createDate": china(case.now, "%Y-%m-%d %H:%M:%S"),
            "reason": "",
        }
        answers.append(("INV202", "1", [("InvApprResult", made)]))
    answers.append(_posting(book, putrec, lines, customs_no, listed))
    return answers, customs_no, ""


def _basic(case: _Case, customs_no: str, why: str) -> dict[str, str]:
    head = case.document.one("InvtHeadType")
    return {
        "bondInvtNo": customs_no,
        "chgTmsCnt": case.act[1],
        "invtPreentNo": case.seq_no,
        "putrecNo": head["PutrecNo"],
        "etpsInnerInvtNo": case.own,
        "impexpMarkcd": head["ImpexpMarkcd"],
        "supvModecd": head["SupvModecd"],
        "vrfdedMarkcd": "0" if why else "1",
        "vrfdedModecd": _MODES.get(head["ImpexpMarkcd"], "N"),
    }


def _approval(case: _Case, customs_no: str, why: str, listed: dict[str, str]) -> _Answer:
    result = _result(case, customs_no, why)
    parts = [("HdeApprResult", result), *_checked(why), ("BondInvtBsc", listed)]
    return ("INV201", result["manageResult"], parts)


def _posting(
    book: Book,
    putrec: str,
    lines: Sequence[tuple[Mapping[str, str], Wanted]],
    customs_no: str,
    listed: dict[str, str],
) -> _Answer:
    rows = [("BwsDt", _row(book, putrec, line, one, customs_no)) for line, one in lines]
    return ("INV211", "posted", [("BondInvtBsc", listed | {"vrfdedMarkcd": "2"}), *rows])


def _countered(case: _Case) -> tuple[list[_Answer], str, str]:
    """A list is changed or deleted, if its state allows it. What was to be posted of it is posted
    as it stands then, or not at all."""
    head, book, found = case.document.one("InvtHeadType"), case.book, case.target
    customs_no = head.get("BondInvtNo") or "0" * 18
    why = changing.refusal(book, head, found)
    lines: list[tuple[Mapping[str, str], Wanted]] = []
    if found is not None and not why and head["DclTypecd"] == Act.CHANGE:
        before = ledger.take_back(book, found.known.key)
        way, putrec = head["ImpexpMarkcd"], head["PutrecNo"]
        told = [one for one in _with_items(case, way, putrec) if one[0]["ModfMarkcd"] != REMOVED]
        why = _against_the_ledger(case, way, putrec, told, [])
        if why:
            ledger.put_back(book, before)
        else:
            lines = told
    listed = _basic(case, customs_no, why)
    answers = [_approval(case, customs_no, why, listed)]
    if why or found is None:
        return answers, customs_no, why
    if head["DclTypecd"] == Act.DELETE:
        changing.delete(book, found)
        return answers, customs_no, ""
    book.drop_answers(found.document, "posted")
    ledger.announce(
        book, found.known.key, head["PutrecNo"], head["ImpexpMarkcd"], [it for _line, it in lines]
    )
    changing.remember(book, found, head, [dict(line) for line, _it in lines])
    answers.append(_posting(book, head["PutrecNo"], lines, customs_no, listed))
    return answers, customs_no, ""


def _with_items(case: _Case, way: str, putrec: str) -> list[tuple[Mapping[str, str], Wanted]]:
    """Each line with the item it is of; customs gives what comes in without one its number."""
    found = []
    for line in case.document.parts["InvtListType"]:
        item = line.get("PutrecSeqno", "")
        if not item and way == "I":
            item = ledger.new_item(case.book, putrec, int(line["GdsSeqno"]))
        found.append(
            (line, Wanted(item, Decimal(line["DclQty"]), line["Gdecd"], line["DclUnitcd"]))
        )
    return found


def _gathered(case: _Case) -> tuple[list[str], str]:
    """The retail lists that a list of bonded e-commerce stands for, by their senders' numbers;
    why not."""
    keys = []
    for one in case.document.parts.get("InvtCbecBill", ()):
        number = one["CbecBillNo"]
        listed = case.book.listed(number)
        if listed is None:
            return [], f"清单 {number} 不存在"
        if listed.state != RELEASED or case.book.awaits(f"CEB621 {listed.key}", "800"):
            return [], f"清单 {number} 未放行"
        if other := ledger.gathered_by(case.book, listed.key):
            return [], f"清单 {number} 已在核注清单 {other} 中"
        keys.append(listed.key)
    return keys, ""


def _against_the_ledger(
    case: _Case,
    way: str,
    putrec: str,
    lines: Sequence[tuple[Mapping[str, str], Wanted]],
    keys: Sequence[str],
) -> str:
    wants = [one for _line, one in lines]
    if not keys:
        return ledger.refusal(case.book, putrec, wants, out=way == "E")
    # What is sold is no longer available; here it is what leaves.
    sold = ledger.sold_by(case.book, keys)
    listed: dict[str, Decimal] = {}
    for one in wants:
        listed[one.item] = listed.get(one.item, Decimal(0)) + one.qty
    for item in sorted(sold.keys() | listed.keys()):
        ours, theirs = listed.get(item, Decimal(0)), sold.get(item, Decimal(0))
        if ours != theirs:
            return f"项号 {item} 数量 {ours:f} 与所列清单合计 {theirs:f} 不符"
    return ledger.refusal(case.book, putrec, wants, out=False)


def _row(
    book: Book, putrec: str, line: Mapping[str, str], one: Wanted, customs_no: str
) -> dict[str, str]:
    """The ledger's row once all that is announced is posted."""
    stands_at = ledger.row(book, putrec, one.item)
    return {
        "bwsNo": putrec,
        "gdsSeqno": one.item,
        "gdsMtno": line["GdsMtno"],
        "gdecd": line["Gdecd"],
        "gdsNm": line["GdsNm"],
        "dclUnitcd": line["DclUnitcd"],
        "lawfUnitcd": line["LawfUnitcd"],
        "inQty": line["DclQty"],
        "actlIncQty": f"{stands_at.come + stands_at.announced_in:f}",
        "actlRedcQty": f"{stands_at.gone + stands_at.announced_out:f}",
        "prevdIncQty": "0",
        "prevdRedcQty": "0",
        "invtNo": customs_no,
        "invtGNo": line["GdsSeqno"],
    }


def _passed(case: _Case) -> tuple[list[_Answer], str, str]:
    head = case.document.one("PassportHead")
    day = china(case.now, "%y%m%d")
    customs_no = f"Z{head['MasterCuscd']}{head['IoTypecd']}{day}{case.serial:012d}"
    why = gate.refusal(case.book, case.document)
    passed = {
        "passportNo": customs_no,
        "passportTypecd": head["PassportTypecd"],
        "sasPassportPreentNo": case.seq_no,
        "ioTypecd": head["IoTypecd"],
        "bindTypecd": head["BindTypecd"],
        "masterCuscd": head["MasterCuscd"],
        "vehicleNo": head["VehicleNo"],
        "totalWt": head["TotalWt"],
        "passCollectWt": head["TotalWt"],
        "wtError": "0",
        "passTime": china(case.now, "%Y-%m-%d %H:%M:%S"),
    }
    result = _result(case, customs_no, why)
    steps = [("SAS221", result["manageResult"], "0" if why else "1")]
    if not why:
        gate.carry(case.book, case.own, case.document)
        steps.append(("SAS223", "passed", "2"))
    answers: list[_Answer] = [
        (
            code,
            status,
            [
                ("HdeApprResult", result),
                *_checked(why),
                ("SasPassportBsc", passed | {"stucd": at}),
            ],
        )
        for code, status, at in steps
    ]
    return answers, customs_no, why


_WAYS: dict[str, Callable[[_Case], tuple[list[_Answer], str, str]]] = {
    LIST: _listed,
    PASS: _passed,
}
