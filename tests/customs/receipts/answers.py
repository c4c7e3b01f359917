"""Answers of the authority, made up here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from customs.models import OutgoingElement, ReceiptWay
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message, write
from customs.rules.receipts.told import CHINA
from customs.services import match_due, take_in
from tests.customs.ceb.made import values

GUID = "9F1A6C50-0000-4B41-946C-B8022E42FC94"


def message(code: str, *heads: Mapping[str, str | None], lines: int = 0, **line: str) -> Message:
    """``code`` with one element for each of ``heads``."""
    kind = KINDS[code]
    entity = kind.head or kind.element
    return Message(
        kind,
        GUID,
        tuple(
            Business(
                values(entity, **{"guid": f"{place:036d}", **head}),
                tuple(
                    values(str(kind.lines), **{"gnum": str(number)} | line)
                    for number in range(1, lines + 1)
                ),
            )
            for place, head in enumerate(heads, 1)
        ),
        prefix=None,
    )


def answer(code: str, *heads: Mapping[str, str | None], lines: int = 0, **line: str) -> bytes:
    """Its bytes."""
    return write(message(code, *heads, lines=lines, **line))


def of_list(
    cop_no: str,
    status: str,
    at: str = "20260801120000000",
    *,
    invt_no: str | None = "310520261I00000017",
    info: str = "[Code:0;Desc:]",
) -> bytes:
    """The answer to a retail list (CEB622)."""
    return answer("CEB622", told_of_list(cop_no, status, at, invt_no=invt_no, info=info))


def told_of_list(
    cop_no: str,
    status: str,
    at: str = "20260801120000000",
    *,
    invt_no: str | None = "310520261I00000017",
    info: str = "[Code:0;Desc:]",
    pre_no: str = "B20260801000000017",
) -> dict[str, str | None]:
    return {
        "copNo": cop_no,
        "preNo": pre_no,
        "invtNo": invt_no,
        "returnStatus": status,
        "returnTime": at,
        "returnInfo": info,
    }


#: Our message, the answer to it, by which number that names it, and whose it is.
_ANSWERS = {
    "CEB311": ("CEB312", "orderNo", ("ebpCode", "ebcCode")),
    "CEB411": ("CEB412", "payTransactionId", ("payCode",)),
    "CEB511": ("CEB512", "logisticsNo", ("logisticsCode",)),
    "CEB621": ("CEB622", "copNo", ()),
    "CEB623": ("CEB624", "copNo", ()),
    "CEB625": ("CEB626", "copNo", ()),
}


def answered(element: OutgoingElement, status: str, *, at: datetime, info: str = "ok") -> None:
    """The authority answers one element of ours, and that is taken and matched."""
    code, named, giver = _ANSWERS[element.kind]
    head = {
        **dict(zip(giver, element.giver.split("/"), strict=False)),
        named: element.key,
        "returnStatus": status,
        "returnTime": f"{at.astimezone(CHINA):%Y%m%d%H%M%S}000",
        "returnInfo": info,
    }
    take_in(
        data=answer(code, head),
        name=f"{code}.xml",
        way=ReceiptWay.API,
        company=element.company,
        now=at,
    )
    match_due(now=at)
