"""The envelope of a message (DxpMsg): who sends it to whom, and the message in Base64.

Source: the schema of the terminal node (海关跨境终端节点报文定义), edition 2022-05.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from xml.sax.saxutils import escape

from lxml import etree

from core.errors import DomainError, InputError
from customs.rules.ceb.fields import Field, Text
from customs.rules.ceb.kinds import SIGNATURE_NAMESPACE
from customs.rules.ceb.parsing import (
    LARGEST,
    LARGEST_FILE,
    MessageTooLarge,
    XmlBroken,
    parse,
)
from customs.rules.ceb.shape import (
    AttributeWrong,
    Fault,
    Slot,
    check_field,
    check_parts,
    check_sequence,
    elements_of,
    line_of,
    refuse_attributes,
    refuse_text,
    short,
    text_of,
)
from customs.rules.ceb.signed import check_base64, check_signature
from customs.rules.ceb.zipped import is_zip, unzipped

#: A time of XML Schema: seconds are there, the offset has a colon and is at most fourteen hours.
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?|24:00:00))"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
NAMESPACE = "http://www.chinaport.gov.cn/dxp"
MOST_RECEIVERS = 5


class EnvelopeInvalid(InputError):
    """This envelope is not as its form demands; the message in it was not taken."""

    code = "customs.envelope_invalid"


class NotATime(InputError):
    """This field is a time, written 2026-11-30T08:00:00."""

    code = "customs.ceb_not_a_time"


@dataclass(frozen=True, slots=True)
class Envelope:
    """``data`` is the message; ``created`` is a time as text, with or without an offset."""

    message_id: str
    sender: str
    receivers: tuple[str, ...]
    created: str
    kind: str
    data: bytes
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Moment(Field):
    """A time of XML Schema (xs:dateTime)."""

    def fault(self, text: str) -> DomainError | None:
        bare = text.strip(" \t\r\n")
        found = _MOMENT.fullmatch(bare)
        try:
            # Midnight may be written as the end of its day.
            datetime.fromisoformat(found[1].replace("T24:00:00", "T00:00:00") if found else "")
        except ValueError:
            return NotATime(value=text[:40])
        return None


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _text(name: str, least: int, most: int, *, occurs: tuple[int, int | None] = (1, 1)) -> Slot:
    check = partial(check_field, field=Text(name, True, least, most))
    return Slot(_tag(name), occurs[0], occurs[1], check)


def _anything(element: etree._Element, path: str, faults: list[Fault]) -> None:
    """What the exchange adds by itself; nothing of it is used."""


_RECEIVERS = partial(check_parts, slots=(_text("ReceiverId", 1, 16, occurs=(1, MOST_RECEIVERS)),))
_TRANSPORT = partial(
    check_parts,
    slots=(
        _text("CopMsgId", 1, 255),
        _text("SenderId", 1, 16),
        Slot(_tag("ReceiverIds"), 1, 1, _RECEIVERS),
        Slot(_tag("CreatTime"), 1, 1, partial(check_field, field=Moment("CreatTime", True))),
        _text("MsgType", 0, 30),
    ),
)


_ADDED = partial(
    check_parts,
    slots=(
        _text("FileName", 1, 255, occurs=(0, 1)),
        _text("IcCard", 1, 13, occurs=(0, 1)),
        Slot(_tag("BizKey"), 0, 1, _anything),
    ),
)
_SLOTS = (
    Slot(_tag("TransInfo"), 1, 1, _TRANSPORT),
    Slot(_tag("Data"), 1, 1, check_base64),
    Slot(_tag("AddInfo"), 0, 1, _ADDED),
    Slot(f"{{{SIGNATURE_NAMESPACE}}}Signature", 0, 1, check_signature),
)


def parse_file(data: bytes) -> etree._Element:
    """The root element of a file: a message, or its envelope, which may be larger by what Base64
    takes; either may come in a ZIP. Raises what ``parse`` and ``unzipped`` raise."""
    bare = unzipped(data) if is_zip(data) else data
    root = parse(bare, most=LARGEST_FILE)
    if len(bare) > LARGEST and not is_envelope(root):
        raise MessageTooLarge(bytes=len(bare), most=LARGEST)
    return root


def is_envelope(root: etree._Element) -> bool:
    """Whether the tree is an envelope and not the message itself."""
    return bool(root.tag == _tag("DxpMsg"))


def envelope_faults(root: etree._Element) -> list[Fault]:
    """What is against the form of the envelope, by line; the message in it is not looked at."""
    faults: list[Fault] = []
    if root.get("ver") != "1.0":
        error = AttributeWrong(attribute="ver", value=(root.get("ver") or "")[:10], wanted="1.0")
        faults.append(Fault(line_of(root), "DxpMsg", error))
    refuse_attributes(root, "DxpMsg", faults, but=("ver", "Id"))
    refuse_text(root, "DxpMsg", faults)
    check_sequence(root, "DxpMsg", _SLOTS, faults)
    return sorted(faults, key=lambda fault: fault.line)


def open_envelope(root: etree._Element) -> Envelope:
    """The envelope's values. Raises EnvelopeInvalid."""
    faults = envelope_faults(root)
    if faults:
        first = faults[0]
        raise EnvelopeInvalid(line=first.line, field=first.path, why=first.error)
    transport, data, *more = elements_of(root)
    message_id, sender, receivers, created, kind = elements_of(transport)
    name = ""
    for part in more:
        if short(part.tag) == "AddInfo":
            name = part.findtext(_tag("FileName"), "")
    return Envelope(
        text_of(message_id),
        text_of(sender),
        tuple(text_of(one) for one in elements_of(receivers)),
        text_of(created),
        text_of(kind),
        base64.b64decode("".join(text_of(data).split())),
        name,
    )


def write_envelope(envelope: Envelope) -> bytes:
    """The envelope as UTF-8 XML. Raises EnvelopeInvalid where a value does not fit its field."""
    receivers = "".join(f"<ReceiverId>{escape(one)}</ReceiverId>" for one in envelope.receivers)
    added = (
        f"<AddInfo><FileName>{escape(envelope.file_name)}</FileName></AddInfo>"
        if envelope.file_name
        else ""
    )
    data = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<DxpMsg xmlns="{NAMESPACE}" ver="1.0"><TransInfo>'
        f"<CopMsgId>{escape(envelope.message_id)}</CopMsgId>"
        f"<SenderId>{escape(envelope.sender)}</SenderId>"
        f"<ReceiverIds>{receivers}</ReceiverIds>"
        f"<CreatTime>{escape(envelope.created)}</CreatTime>"
        f"<MsgType>{escape(envelope.kind)}</MsgType></TransInfo>"
        f"<Data>{base64.b64encode(envelope.data).decode()}</Data>{added}</DxpMsg>"
    ).encode()
    try:
        faults = envelope_faults(parse(data, most=LARGEST_FILE))
    except XmlBroken as error:
        # a character that cannot stand in XML
        raise EnvelopeInvalid(why=error) from error
    if faults:
        raise EnvelopeInvalid(field=faults[0].path, why=faults[0].error)
    return data
