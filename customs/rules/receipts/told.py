"""What stands in the authority's messages, as one value for each document it is about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from customs.rules.ceb.messages import Business, Message
from customs.rules.receipts.givers import ABOUT, giver_of
from customs.rules.receipts.parking import (
    NotAReceipt,
    ReceiptFigureWrong,
    ReceiptLineRepeated,
    ReceiptSaysNothing,
    ReceiptTimeWrong,
)
from customs.rules.sas.documents import COMMON, Document

#: Between the number of a receipt and what is short for its content.
CONTENT = " #"
#: The authority writes the time of China, without an offset.
CHINA = timezone(timedelta(hours=8))
#: Yuan, beyond what is kept.
_TOO_MUCH = Decimal(10**14)
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%d", "%Y%m%d")

#: Receipt -> the field in which the sender's own number stands.
_KEYS = {
    "CEB312": "orderNo",
    "CEB412": "payTransactionId",
    "CEB512": "logisticsNo",
    "CEB514": "logisticsNo",
    "CEB622": "copNo",
    "CEB624": "copNo",
    "CEB626": "copNo",
    "CEB712": "copNo",
}


def version_of(facts: Mapping[str, str]) -> str:
    """Which change (``2/1``) or deletion (``3/1``) of a list an answer of the zone is about, as far
    as it says so; empty of the list as it was told first."""
    act, change = facts.get("typecd", "1"), facts.get("tmsCnt", "0")
    return "" if (act, change) == ("1", "0") else f"{act}/{change}"


@dataclass(frozen=True, slots=True)
class TaxLine:
    """The authority's tax of one line of a list, in yuan."""

    position: int
    hs_code: str
    dutiable: Decimal
    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal


@dataclass(frozen=True, slots=True)
class TaxBill:
    """The authority's tax of one list, in yuan; ``assure_code`` is who stands for it."""

    number: str
    list_number: str
    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal
    assure_code: str
    document: str
    lines: tuple[TaxLine, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What was posted of one item of an account book: ``line`` of the list that did it, where the
    zone tells it, ``quantity`` what came in."""

    line: int | None
    item: int
    sku: str
    quantity: str | None


@dataclass(frozen=True, slots=True)
class Told:
    """One receipt. ``returned`` is the authority's time as it stands there.

    ``about`` is the kind of message it answers, empty where only our message's number says it.
    ``key`` is the sender's own number, ``pre_no`` the e-port's or the zone's first number,
    ``customs_no`` customs' own; ``message_no`` that of the whole message (of a form check).
    ``content`` is short for what an answer of the zone says: these have a time of a second or none,
    and a long list is posted in several, so nothing else tells one from the next.
    """

    message: str
    about: str
    key: str
    status: str
    returned: str
    returned_at: datetime
    info: str
    guid: str = ""
    giver: str = ""
    pre_no: str = ""
    customs_no: str = ""
    message_no: str = ""
    entry_no: str = ""
    bill: TaxBill | None = None
    assure_code: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    items: tuple[Posted, ...] = ()
    content: str = ""

    @property
    def number(self) -> str:
        """By which number it is told from others: ours, or what the authority calls it."""
        own = f"{self.giver}/{self.key}" if self.giver else self.key
        told = own or self.customs_no or self.pre_no or self.message_no
        # An answer to a change is another one than that to the list, even at the same second.
        return f"{told} {version}" if (version := version_of(self.facts)) else told

    @property
    def identity(self) -> str:
        """By which it is taken once, with its status and time: the number, and of an answer of the
        zone what it says."""
        return f"{self.number}{CONTENT}{self.content}" if self.content else self.number


def told_of(message: Message | Document) -> list[Told]:
    """The receipts in a message, in its order.

    Raises NotAReceipt, ReceiptTimeWrong, ReceiptSaysNothing, ReceiptFigureWrong or
    ReceiptLineRepeated, naming the element.
    """
    kind = message.kind
    if kind.written_by_us:
        raise NotAReceipt(message=kind.code)
    if isinstance(message, Document):
        one = _of_zone(message)
        found = [replace(one, content=_content(one))]
    elif kind.code == "CEB900":
        found = [_form_check(one, place) for place, one in enumerate(message.elements, 1)]
    elif kind.code in ("CEB816", "CEB818"):
        found = list(_bills(message))
    else:
        found = list(_returns(message))
    for place, one in enumerate(found, 1):
        if not one.number.strip():
            raise ReceiptSaysNothing(message=kind.code, element=place)
    return found


def _returns(message: Message) -> Iterator[Told]:
    code = message.kind.code
    for place, one in enumerate(message.elements, 1):
        head = one.head
        yield Told(
            message=code,
            about=ABOUT[code],
            key=head.get(_KEYS[code], "").strip(),
            status=head["returnStatus"].strip(),
            returned=head["returnTime"],
            returned_at=_moment(head["returnTime"], code, place),
            info=head["returnInfo"],
            guid=head["guid"],
            giver=giver_of(code, head),
            pre_no=head.get("preNo", "").strip(),
            customs_no=(head.get("invtNo") or head.get("rkdNo") or "").strip(),
        )


def _form_check(one: Business, place: int) -> Told:
    """Our message itself stands in it (with buyers): it is not taken out."""
    head = one.head
    return Told(
        message="CEB900",
        about="",
        key="",
        status=head["returnStatus"].strip(),
        returned=head["returnTime"],
        returned_at=_moment(head["returnTime"], "CEB900", place),
        info=head["returnInfo"],
        guid=head["guid"],
        message_no=head["oriCopMsgId"].strip(),
        facts={"oriMessageType": head["oriMessageType"]},
    )


def _bills(message: Message) -> Iterator[Told]:
    code = message.kind.code
    for place, one in enumerate(message.elements, 1):
        head = one.head
        yield Told(
            message=code,
            about="CEB621",
            key=head["taxNo"].strip(),
            status=head["status"],
            returned=head["returnTime"],
            returned_at=_moment(head["returnTime"], code, place),
            info=head.get("note", ""),
            guid=head["guid"],
            customs_no=head["invtNo"].strip(),
            bill=_bill(one, place) if code == "CEB816" else None,
            assure_code=head.get("assureCode", "").strip(),
            facts={"entDutyNo": head.get("entDutyNo", "")},
        )


def _bill(one: Business, place: int) -> TaxBill:
    """Raises ReceiptFigureWrong or ReceiptLineRepeated."""

    def yuan(values: Mapping[str, str | None], name: str) -> Decimal:
        amount = Decimal((values[name] or "").strip())
        # The form allows more digits before the point than any amount of tax has.
        if abs(amount) >= _TOO_MUCH:
            raise ReceiptFigureWrong(message="CEB816", element=place, field=name)
        return amount

    head = one.head
    positions = [_line_number(line["gnum"], "CEB816", place, "gnum") for line in one.lines]
    if len(set(positions)) < len(positions):
        twice = next(number for number in positions if positions.count(number) > 1)
        raise ReceiptLineRepeated(message="CEB816", element=place, field="gnum", line=twice)
    return TaxBill(
        number=head["taxNo"].strip(),
        list_number=head["invtNo"].strip(),
        duty=yuan(head, "customsTax"),
        vat=yuan(head, "valueAddedTax"),
        consumption_tax=yuan(head, "consumptionTax"),
        assure_code=head.get("assureCode", "").strip(),
        document=head.get("entDutyNo", "").strip(),
        lines=tuple(
            TaxLine(
                position=position,
                hs_code=line["gcode"],
                dutiable=yuan(line, "taxPrice"),
                duty=yuan(line, "customsTax"),
                vat=yuan(line, "valueAddedTax"),
                consumption_tax=yuan(line, "consumptionTax"),
            )
            for position, line in zip(positions, one.lines, strict=True)
        ),
    )


def _line_number(text: str, message: str, place: int, name: str) -> int:
    """Raises ReceiptFigureWrong: lines and items are counted from one."""
    number = int(text)
    if number < 1:
        raise ReceiptFigureWrong(message=message, element=place, field=name)
    return number


def _of_zone(document: Document) -> Told:
    code = document.kind.code
    if code == COMMON:
        return _client_answer(document)
    listed, passed = document.one("BondInvtBsc"), document.one("SasPassportBsc")
    result = document.one("HdeApprResult") or document.one("InvApprResult")
    notes = [one.get("note", "") for one in document.parts.get("CheckInfo", ())]
    returned = (
        result.get("manageDate")
        or result.get("createDate")
        or document.envelope.get("send_time")
        or ""
    )
    status = result.get("manageResult", "")
    if code == "INV211":
        status = "posted"
    elif code.startswith("SAS") and passed.get("stucd") in _VOID:
        status = "void"
    elif code == "SAS223":
        status = "passed"
    # Where it stands is the sender's own number only of some zones: the others write the first
    # number that they gave (SeqNo), which is looked for as well.
    first = result.get("etpsPreentNo") or result.get("invPreentNo") or ""
    return Told(
        message=code,
        about=ABOUT[code],
        key=listed.get("etpsInnerInvtNo", "") or "",
        status=status,
        returned=returned,
        returned_at=_moment(returned, code, 1) if returned else datetime(1970, 1, 1, tzinfo=UTC),
        info="；".join(
            one for one in (result.get("rmk", ""), result.get("reason", ""), *notes) if one
        ),
        pre_no=first
        or listed.get("invtPreentNo", "")
        or passed.get("sasPassportPreentNo", "")
        or "",
        customs_no=listed.get("bondInvtNo", "")
        or passed.get("passportNo", "")
        or result.get("businessId", ""),
        message_no="",
        entry_no=result.get("entrySeqNo", ""),
        facts={
            **_version(result, listed),
            **{name: listed[name] for name in _LISTED if listed.get(name)},
            **{name: passed[name] for name in _PASSED if passed.get(name)},
            **{name: document.pocket[name] for name in _POCKET if document.pocket.get(name)},
        },
        items=tuple(_posted(one) for one in document.parts.get("BwsDt", ())),
    )


def _version(result: Mapping[str, str], listed: Mapping[str, str]) -> dict[str, str]:
    """Which telling of a list it is about: its kind (DclTypecd) and its count of changes."""
    count = result.get("tmsCnt") or listed.get("chgTmsCnt") or ""
    told = {"typecd": result.get("typecd", ""), "tmsCnt": count}
    return {name: value.strip() for name, value in told.items() if value.strip()}


def _content(one: Told) -> str:
    """Of the same answer the same, in whatever file and envelope it comes."""
    items = [(it.line, it.item, it.sku, it.quantity) for it in one.items]
    said = [one.info, one.pre_no, one.customs_no, one.entry_no, sorted(one.facts.items()), items]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:12]


def _posted(row: Mapping[str, str]) -> Posted:
    line = row.get("invtGNo", "").strip()
    told = row.get("inQty", "").strip()
    try:
        quantity = Decimal(told)
    except InvalidOperation:
        is_told = False
    else:
        is_told = quantity.is_finite() and 0 <= quantity <= 10**14 - 1
    return Posted(
        line=int(line) if line.isascii() and line.isdigit() else None,
        item=_line_number(row["gdsSeqno"], "INV211", 1, "gdsSeqno"),
        sku=row["gdsMtno"].strip(),
        quantity=told if is_told else None,
    )


#: States of a pass (Stucd): 5 deleted, 6 void. Systems at work name them so; nothing is published.
_VOID = frozenset({"5", "6"})
_LISTED = ("vrfdedMarkcd", "vrfdedModecd", "duCode", "entryStucd", "putrecNo", "impexpMarkcd")
#: Which of how many parts of a long list.
_POCKET = ("current", "total")
_PASSED = ("passTime", "passCollectWt", "wtError", "totalWt", "stucd", "emapvMarkcd")


def _client_answer(document: Document) -> Told:
    """The import client says only whether it took the file; it has no time."""
    values = document.one(COMMON)
    return Told(
        message=COMMON,
        about="",
        key=values["EtpsPreentNo"],
        status=values["DealFlag"],
        returned="",
        returned_at=datetime(1970, 1, 1, tzinfo=UTC),
        info=values.get("CheckInfo", ""),
        pre_no=values.get("SeqNo", ""),
    )


def _moment(text: str, message: str, place: int) -> datetime:
    bare = text.strip()
    told = f"{bare[:14]}.{bare[14:]}" if len(bare) == 17 and bare.isdigit() else ""
    for shape in ("%Y%m%d%H%M%S.%f",) if told else _FORMATS:
        try:
            moment = datetime.strptime(told or bare, shape).replace(tzinfo=CHINA)
        except ValueError:
            continue
        # The database and every page know the years of four digits.
        if moment.year >= 1970:
            return moment.astimezone(UTC)
    raise ReceiptTimeWrong(message=message, element=place, field="returnTime", value=text[:30])
