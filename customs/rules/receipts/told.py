"""What stands in the authority's messages, as one value for each document it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from customs.rules.ceb.messages import Business, Message
from customs.rules.receipts.parking import NotAReceipt, ReceiptSaysNothing, ReceiptTimeWrong
from customs.rules.sas.documents import COMMON, Document

#: The authority writes the time of China, without an offset.
CHINA = timezone(timedelta(hours=8))
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%d", "%Y%m%d")

#: Receipt -> the message it answers.
ABOUT = {
    "CEB312": "CEB311",
    "CEB412": "CEB411",
    "CEB512": "CEB511",
    "CEB514": "CEB513",
    "CEB622": "CEB621",
    "CEB624": "CEB623",
    "CEB626": "CEB625",
    "CEB712": "CEB711",
    "CEB816": "CEB621",
    "CEB818": "CEB621",
    "INV201": "INV101",
    "INV202": "INV101",
    "INV211": "INV101",
    "SAS221": "SAS121",
    "SAS223": "SAS121",
    "SAS224": "SAS121",
}
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
#: Whose number it is, in a receipt and in the message it answers: two platforms may have an order
#: 1, and so may two sellers of one platform.
_GIVERS = {
    "CEB312": ("ebpCode", "ebcCode"),
    "CEB412": ("payCode",),
    "CEB512": ("logisticsCode",),
    "CEB514": ("logisticsCode",),
}
#: Behind some sentences stands the identifier of the element that is answered.
_ORIGINAL = re.compile(r"\[([0-9A-Z_-]{36})\]")


def giver_of(kind: str, head: Mapping[str, str]) -> str:
    """Whose number the key of a message or receipt is, as customs codes with a slash between; empty
    where it is our own."""
    names = _GIVERS.get(kind, ()) or next(
        (names for receipt, names in _GIVERS.items() if ABOUT[receipt] == kind), ()
    )
    return "/".join(head.get(name, "").strip() for name in names).rstrip("/")


def same_giver(one: str, other: str) -> bool:
    """Whether two numbers may be of one giver; what is not told of either says nothing against."""
    return all(
        not mine or not theirs or mine == theirs
        for mine, theirs in zip(one.split("/"), other.split("/"), strict=False)
    )


def original_in(info: str) -> str:
    """The identifier of our element in the authority's sentence (``…[GUID]``); empty where there
    is none."""
    found = _ORIGINAL.findall(info)
    return str(found[-1]) if found else ""


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

    @property
    def identity(self) -> str:
        """By which number it is told from others: ours, or what the authority calls it."""
        own = f"{self.giver}/{self.key}" if self.giver else self.key
        told = own or self.customs_no or self.pre_no or self.message_no
        # An answer to a change is another one than that to the list, even at the same second.
        return f"{told} {version}" if (version := version_of(self.facts)) else told


def told_of(message: Message | Document) -> list[Told]:
    """The receipts in a message, in its order.

    Raises NotAReceipt, ReceiptTimeWrong or ReceiptSaysNothing, naming the element.
    """
    kind = message.kind
    if kind.written_by_us:
        raise NotAReceipt(message=kind.code)
    if isinstance(message, Document):
        found = [_of_zone(message)]
    elif kind.code == "CEB900":
        found = [_form_check(one, place) for place, one in enumerate(message.elements, 1)]
    elif kind.code in ("CEB816", "CEB818"):
        found = list(_bills(message))
    else:
        found = list(_returns(message))
    for place, one in enumerate(found, 1):
        if not one.identity.strip():
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
            bill=_bill(one) if code == "CEB816" else None,
            assure_code=head.get("assureCode", "").strip(),
            facts={"entDutyNo": head.get("entDutyNo", "")},
        )


def _bill(one: Business) -> TaxBill:
    head = one.head
    return TaxBill(
        number=head["taxNo"].strip(),
        list_number=head["invtNo"].strip(),
        duty=_yuan(head["customsTax"]),
        vat=_yuan(head["valueAddedTax"]),
        consumption_tax=_yuan(head["consumptionTax"]),
        assure_code=head.get("assureCode", "").strip(),
        document=head.get("entDutyNo", "").strip(),
        lines=tuple(
            TaxLine(
                position=int(line["gnum"]),
                hs_code=line["gcode"],
                dutiable=_yuan(line["taxPrice"]),
                duty=_yuan(line["customsTax"]),
                vat=_yuan(line["valueAddedTax"]),
                consumption_tax=_yuan(line["consumptionTax"]),
            )
            for line in one.lines
        ),
    )


def _yuan(text: str) -> Decimal:
    return Decimal(text.strip())


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
        },
        items=tuple(_posted(one) for one in document.parts.get("BwsDt", ())),
    )


def _version(result: Mapping[str, str], listed: Mapping[str, str]) -> dict[str, str]:
    """Which telling of a list it is about: its kind (DclTypecd) and its count of changes."""
    count = result.get("tmsCnt") or listed.get("chgTmsCnt") or ""
    told = {"typecd": result.get("typecd", ""), "tmsCnt": count}
    return {name: value.strip() for name, value in told.items() if value.strip()}


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
        item=int(row["gdsSeqno"]),
        sku=row["gdsMtno"].strip(),
        quantity=told if is_told else None,
    )


#: States of a pass (Stucd): 5 deleted, 6 void. Systems at work name them so; nothing is published.
_VOID = frozenset({"5", "6"})
_LISTED = ("vrfdedMarkcd", "vrfdedModecd", "duCode", "entryStucd", "putrecNo", "impexpMarkcd")
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
