"""Read and write the zone's messages: a list, a pass, and the answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from core.errors import InputError
from customs.rules.ceb.enveloping import holds_in_file
from customs.rules.ceb.fields import OtherValue
from customs.rules.ceb.parsing import XmlBroken, parse
from customs.rules.ceb.shape import (
    ElementMissing,
    ElementTooOften,
    ElementUnknown,
    Fault,
    check_sequence,
    elements_of,
    line_of,
    refuse_attributes,
    refuse_text,
    short,
    text_of,
)
from customs.rules.ceb.signing import SignatureDoesNotHold
from customs.rules.sas.tables import ENTITIES

Values = Mapping[str, str]

#: Bonded lists are written for a special zone (Z7) or a bonded logistics centre (Z8).
SPECIAL_ZONE, LOGISTICS_CENTRE = "Z7", "Z8"
MOST_LINES = 9_999


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message that may stand ``least`` to ``most`` times."""

    name: str
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message; ``holder`` is the element around its parts."""

    code: str
    name_zh: str
    name_en: str
    holder: str
    parts: tuple[Part, ...]
    written_by_us: bool = False

    @property
    def element(self) -> str:
        """The part that is counted."""
        return self.parts[0].name


_RESULT = Part("HdeApprResult", 1, 1)
_PASS = (
    _RESULT,
    Part("CheckInfo", 0, None),
    Part("SasPassportBsc", 0, 1),
    Part("SasPassportDt", 0, None),
    Part("SasPassportRlt", 0, None),
)
COMMON = "CommonResponeMessage"
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "INV101",
            "核注清单",
            "bonded list",
            "InvtMessage",
            (
                Part("InvtHeadType", 1, 1),
                Part("InvtListType", 1, MOST_LINES),
                Part("InvtCbecBill", 0, None),
            ),
            written_by_us=True,
        ),
        Kind(
            "SAS121",
            "核放单",
            "pass",
            "PassPortMessage",
            (
                Part("PassportHead", 1, 1),
                Part("PassportList", 0, MOST_LINES),
                Part("PassportAcmp", 0, None),
            ),
            written_by_us=True,
        ),
        Kind(
            "INV201",
            "核注清单审核回执",
            "approval of a bonded list",
            "INV201",
            (_RESULT, Part("CheckInfo", 0, None), Part("BondInvtBsc", 0, 1)),
        ),
        Kind(
            "INV202",
            "核注清单生成报关单回执",
            "declaration made from a bonded list",
            "INV202",
            (Part("InvApprResult", 1, 1),),
        ),
        Kind(
            "INV211",
            "核注清单记账回执",
            "posting of a bonded list",
            "INV211",
            (Part("BondInvtBsc", 1, 1), Part("BwsDt", 1, None)),
        ),
        Kind("SAS221", "核放单审核回执", "approval of a pass", "SAS221", _PASS),
        Kind("SAS223", "核放单过卡回执", "pass through the gate", "SAS223", _PASS),
        Kind("SAS224", "核放单查验处置回执", "inspection at the gate", "SAS224", _PASS),
        Kind(COMMON, "导入客户端应答", "the import client's answer", COMMON, (Part(COMMON, 1, 1),)),
    )
}


class SasUnknown(InputError):
    """This is no message of the bonded zone that this system knows."""

    code = "customs.sas_unknown"


class SasInvalid(InputError):
    """This message of the bonded zone is not as it should be; nothing was taken from it."""

    code = "customs.sas_invalid"


@dataclass(frozen=True, slots=True)
class Document:
    """A message: the envelope's fields, and each part's, in their order.

    ``operator`` is the code of the company that operates the client, ``system`` Z7 or Z8,
    ``declare`` whether customs may take it at once or it is only stored.
    """

    kind: Kind
    envelope: Values
    parts: Mapping[str, Sequence[Values]]
    operator: str = ""
    system: str = ""
    declare: bool = True
    #: Which part of a long message this is, where the sender cuts it (PocketInfo).
    pocket: Values = field(default_factory=dict)
    #: What stands of a signature beside the message, as it stood.
    signature: str = ""
    #: The fields of what was read stand in the order of their sender, of which none is the form's.
    is_read: bool = field(default=False, compare=False)

    def one(self, part: str) -> Values:
        """The first of a part; empty where there is none."""
        found = self.parts.get(part, ())
        return found[0] if found else {}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what is wrong with it, by line."""

    kind: Kind
    document: Document
    faults: list[Fault] = field(default_factory=list)
    #: Path of a part -> its line.
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def valid(self) -> bool:
        return not self.faults


def is_sas(root: etree._Element) -> bool:
    """Whether the tree is one of these messages, known or not; ours lie in a signature."""
    name = short(root.tag)
    return name in ("Package", COMMON) or (name == "Signature" and _package(root) is not None)


def _package(root: etree._Element) -> etree._Element | None:
    if short(root.tag) == "Package":
        return root
    return next((one for one in root.iter("{*}Package")), None)


def read(data: bytes) -> Reading:
    """Read a message. Raises SasUnknown, and what ``parse`` raises for no XML at all."""
    return read_tree(parse(data))


def read_tree(root: etree._Element) -> Reading:
    """As ``read``, for a tree that stands already."""
    if short(root.tag) == COMMON:
        kind = KINDS[COMMON]
        faults: list[Fault] = []
        values = _values(root, COMMON, COMMON, faults, lenient=True)
        return Reading(
            kind, Document(kind, {}, {COMMON: (values,)}), faults, {COMMON: line_of(root)}
        )
    package = _package(root)
    envelope = package.find("{*}EnvelopInfo") if package is not None else None
    code = envelope.findtext("{*}message_type", "").strip() if envelope is not None else ""
    kind = KINDS.get(code)  # type: ignore[assignment]
    if package is None or envelope is None or kind is None:
        raise SasUnknown(line=line_of(root), root=short(root.tag)[:60])
    return _read_package(package, envelope, kind)


def _read_package(package: etree._Element, envelope: etree._Element, kind: Kind) -> Reading:
    faults: list[Fault] = []
    head = _values(envelope, f"{kind.code}/EnvelopInfo", "EnvelopInfo", faults, lenient=True)
    holder = package.find(f".//{{*}}{kind.holder}")
    parts: dict[str, list[Values]] = {part.name: [] for part in kind.parts}
    lines: dict[str, int] = {}
    if holder is None:
        error = ElementMissing(element=kind.holder)
        faults.append(Fault(line_of(package), kind.code, error))
    else:
        _read_parts(holder, kind, parts, faults, lines)
    _refuse_more(package, kind, faults)
    if kind.written_by_us:
        _check_around(package, kind, faults)
    pocket = package.find(".//{*}PocketInfo")
    text = {
        name: (holder.findtext(f"{{*}}{name}", "") if holder is not None else "").strip()
        for name in ("OperCusRegCode", "SysId")
    }
    declare = (package.findtext(".//{*}DelcareFlag") or "1").strip() != "0"
    document = Document(
        *(kind, head, parts, text["OperCusRegCode"], text["SysId"], declare),
        {short(one.tag): text_of(one).strip() for one in elements_of(pocket)}
        if pocket is not None
        else {},
        _signature_of(package),
        is_read=True,
    )
    return Reading(kind, document, sorted(faults, key=lambda one: one.line), lines)


def _signature_of(package: etree._Element) -> str:
    """All but the message of the signature that lies around it; empty where there is none."""
    root = package.getroottree().getroot()
    if short(root.tag) != "Signature":
        return ""
    return "".join(
        etree.tostring(one, method="c14n", exclusive=True, with_tail=False).decode()
        for one in elements_of(root)
        if short(one.tag) != "Object"
    )


def _refuse_more(package: etree._Element, kind: Kind, faults: list[Fault]) -> None:
    """One message in a package, of customs' answers too: of a second one nothing would be taken."""
    for more in package.findall(f".//{{*}}{kind.holder}")[1:]:
        error = ElementTooOften(most=1)
        faults.append(Fault(line_of(more), f"{kind.code}/{kind.holder}", error))


def _check_around(package: etree._Element, kind: Kind, faults: list[Fault]) -> None:
    """A word whether it is declared, and whose system it is for."""
    for name, known in (("DelcareFlag", ("0", "1")), ("SysId", (SPECIAL_ZONE, LOGISTICS_CENTRE))):
        for one in package.iter(f"{{*}}{name}"):
            if text_of(one).strip() not in known:
                wrong = OtherValue(value=text_of(one)[:20], wanted=" / ".join(known))
                faults.append(Fault(line_of(one), f"{kind.code}/{name}", wrong))


def _read_parts(
    holder: etree._Element,
    kind: Kind,
    parts: dict[str, list[Values]],
    faults: list[Fault],
    lines: dict[str, int],
) -> None:
    for child in elements_of(holder):
        name = short(child.tag)
        if name in parts:
            path = f"{kind.code}/{name}[{len(parts[name]) + 1}]"
            lines[path] = line_of(child)
            parts[name].append(_values(child, path, name, faults, lenient=not kind.written_by_us))
        elif kind.written_by_us and name not in ("OperCusRegCode", "SysId"):
            faults.append(Fault(line_of(child), f"{kind.code}/{name}", ElementUnknown()))
    for part in kind.parts:
        count = len(parts[part.name])
        if count < part.least:
            error: InputError = ElementMissing(element=part.name)
            faults.append(Fault(line_of(holder), kind.code, error))
        elif part.most is not None and count > part.most:
            error = ElementTooOften(most=part.most)
            faults.append(Fault(line_of(holder), f"{kind.code}/{part.name}", error))


def _values(
    element: etree._Element, path: str, entity: str, faults: list[Fault], *, lenient: bool
) -> dict[str, str]:
    """The fields of a part; ``lenient``: what the table does not know is kept without a word."""
    table = {one.name: one for one in ENTITIES[entity]}
    values: dict[str, str] = {}
    if not lenient:
        refuse_attributes(element, path, faults)
        refuse_text(element, path, faults)
    for child in elements_of(element):
        name, line = short(child.tag), line_of(child)
        known = table.get(name)
        where = f"{path}/{name}"
        if name in values:
            faults.append(Fault(line, where, ElementTooOften(most=1)))
            continue
        values[name] = text = text_of(child).strip()
        if not lenient:
            refuse_attributes(child, where, faults)
            check_sequence(child, where, (), faults)
        if known is None:
            if not lenient:
                faults.append(Fault(line, where, ElementUnknown()))
        elif (error := known.fault(text)) is not None:
            faults.append(Fault(line, where, error))
    for name, known in table.items():
        if known.required and name not in values:
            faults.append(Fault(line_of(element), path, ElementMissing(element=name)))
    return values


def document_of(reading: Reading) -> Document:
    """The message of a valid reading. Raises SasInvalid for one with faults."""
    if reading.faults:
        first = reading.faults[0]
        raise SasInvalid(
            line=first.line, field=first.path, why=first.error, faults=len(reading.faults)
        )
    return reading.document


def write(document: Document) -> bytes:
    """A bonded list or a pass as the client imports it; its signature is the client's own.

    Fields stand in the order of the table, and those of a message that was read in theirs; what it
    had of a signature is kept. Raises SasInvalid where a value does not fit, or that signature
    would not hold any more, and ValueError for a kind that only customs writes.
    """
    kind = document.kind
    if not kind.written_by_us:
        raise ValueError(kind.code)
    inner = "".join(
        _xml(part.name, _in_order(part.name, values, as_read=document.is_read))
        for part in kind.parts
        for values in document.parts.get(part.name, ())
    )
    tail = _xml("OperCusRegCode", escape(document.operator))
    if document.system:
        tail += _xml("SysId", escape(document.system))
    pocket = "".join(_xml(name, escape(value)) for name, value in document.pocket.items())
    envelope = _in_order(
        "EnvelopInfo",
        {**document.envelope, "message_type": kind.code},
        as_read=document.is_read,
    )
    body = (
        _xml("EnvelopInfo", envelope)
        + "<DataInfo>"
        + (_xml("PocketInfo", pocket) if pocket else "")
        + "<BussinessData>"
        + _xml(kind.holder, inner + tail)
        + _xml("DelcareFlag", "1" if document.declare else "0")
        + "</BussinessData></DataInfo>"
    )
    data = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Signature>{document.signature}"
        f'<Object Id="String"><Package>{body}</Package></Object></Signature>'
    ).encode()
    try:
        document_of(read(data))
    except XmlBroken as error:
        # a character that cannot stand in XML
        raise SasInvalid(why=error) from error
    if document.signature and holds_in_file(parse(data)) is False:
        raise SasInvalid(why=SignatureDoesNotHold())
    return data


def _xml(name: str, inside: str) -> str:
    return f"<{name}>{inside}</{name}>"


def _in_order(entity: str, values: Values, *, as_read: bool = False) -> str:
    names: Iterable[str] = () if as_read else (one.name for one in ENTITIES[entity])
    known = [name for name in names if name in values]
    others = [name for name in values if name not in known]
    return "".join(_xml(name, escape(values[name])) for name in known + others)
