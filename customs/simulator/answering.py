"""The simulated authority's answers, as bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID
from xml.sax.saxutils import escape

from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message, Values, write
from customs.rules.receipts.givers import ABOUT
from customs.rules.receipts.told import CHINA

#: Our message -> the receipt of it.
RECEIPT_OF = {
    about: receipt for receipt, about in ABOUT.items() if receipt not in ("CEB816", "CEB818")
} | {"INV101": "INV201", "SAS121": "SAS221"}
#: Receipt -> the fields that it repeats from the head of the message.
_REPEATS = {
    "CEB312": ("ebpCode", "ebcCode", "orderNo"),
    "CEB412": ("payCode", "payTransactionId"),
    "CEB512": ("logisticsCode", "logisticsNo"),
    "CEB514": ("logisticsCode", "logisticsNo", "logisticsStatus"),
    "CEB622": ("customsCode", "ebpCode", "ebcCode", "agentCode", "copNo"),
    "CEB624": ("customsCode", "agentCode", "ebpCode", "ebcCode", "copNo"),
    "CEB626": ("customsCode", "agentCode", "ebpCode", "ebcCode", "copNo"),
    "CEB712": ("customsCode", "operatorCode", "copNo"),
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the authority calls a document."""

    pre_no: str = ""
    customs_no: str = ""


def china(at: float, shape: str) -> str:
    """A moment (seconds since 1970) in China's time."""
    return datetime.fromtimestamp(at, CHINA).strftime(shape)


def time_17(at: float) -> str:
    return china(at, "%Y%m%d%H%M%S") + f"{int(at * 1000) % 1000:03d}"


def guid_of(name: str) -> str:
    """Thirty-six capitals, the same for the same answer."""
    return str(UUID(bytes=sha256(name.encode()).digest()[:16])).upper()


def returned(
    kind: str, head: Values, numbers: Numbers, *, status: str, info: str, at: float
) -> dict[str, str]:
    """The receipt of one element of a message (CEB312 and its kin)."""
    receipt = RECEIPT_OF[kind]
    values = {
        "guid": guid_of(f"{receipt}{sorted(head.items())}{status}{at}"),
        **{name: head[name] for name in _REPEATS[receipt] if head.get(name)},
        "returnStatus": status,
        "returnTime": time_17(at),
        "returnInfo": (info or status)[:1000],
    }
    if receipt in ("CEB622", "CEB624", "CEB626"):
        values["copNo"] = head.get("copNo") or head.get("orderNo", "")[:20]
        values["preNo"] = numbers.pre_no
        if numbers.customs_no:
            values["invtNo"] = numbers.customs_no
    if receipt == "CEB712" and numbers.customs_no:
        values["rkdNo"] = numbers.customs_no
    return values


def form_check(number: str, kind: str, *, status: str, info: str, at: float) -> dict[str, str]:
    """The receipt of a message whose form is wrong (CEB900)."""
    return {
        "guid": guid_of(f"CEB900{number}{at}"),
        "returnStatus": status,
        "returnInfo": info[:5000],
        "returnTime": time_17(at),
        "oriCopMsgId": number[:255],
        "oriMessageType": (kind or "Unknown")[:15],
        "oriBizMessage": "",
    }


def message(code: str, elements: Sequence[Business]) -> bytes:
    """Up to a hundred answers of one kind as the authority writes them."""
    guid = guid_of(f"{code}{[sorted(one.head.items()) for one in elements]}")
    return write(Message(KINDS[code], guid, tuple(elements), prefix=None))


def client_took(own: str, seq_no: str, *, deal: str, info: str) -> bytes:
    """What the import client says of a file of the zone."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CommonResponeMessage>'
        f"<SeqNo>{escape(seq_no)}</SeqNo><EtpsPreentNo>{escape(own)}</EtpsPreentNo>"
        f"<CheckInfo>{escape(info)}</CheckInfo><DealFlag>{deal}</DealFlag>"
        "</CommonResponeMessage>"
    ).encode()


def of_zone(code: str, parts: Sequence[tuple[str, Mapping[str, str]]], *, at: float) -> bytes:
    """An answer of the zone (INV201 and its kin)."""
    inside = "".join(
        f"<{part}>"
        + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
        + f"</{part}>"
        for part, values in parts
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Package><EnvelopInfo><version>1.0</version>'
        f"<message_id>SIM{time_17(at)}</message_id><message_type>{code}</message_type>"
        f"<sender_id>SIMULATOR</sender_id><receiver_id>CLIENT</receiver_id>"
        f"<send_time>{china(at, '%Y-%m-%dT%H:%M:%S')}</send_time></EnvelopInfo>"
        f"<DataInfo><BussinessData><{code}>{inside}</{code}></BussinessData></DataInfo></Package>"
    ).encode()
