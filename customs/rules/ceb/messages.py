"""A message as values: what was read from a file, or is to be written into one.

Every value is the text that stands in the file, so that 14000 stays 14000 and 0.50 stays 0.50, and
a message that is read and written again is the same one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from core.errors import DomainError, InputError
from customs.rules.ceb.kinds import NAMESPACE, SIGNATURE_NAMESPACE, Kind
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import Reading
from customs.rules.ceb.shape import ElementMissing, ElementUnknown, elements_of, short, text_of
from customs.rules.ceb.tables import ENTITIES

Values = Mapping[str, str]
_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"


class MessageInvalid(InputError):
    """This message is not as its form demands; nothing was taken from it."""

    code = "customs.message_invalid"


@dataclass(frozen=True, slots=True)
class Business:
    """One business element: the fields of its head (or its own), and those of its lines."""

    head: Values
    lines: tuple[Values, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """The sender's own document inside a message; ``xml`` is its text, empty for none."""

    name: str
    version: str
    xml: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message. ``signature`` is the XML of ``ds:Signature`` as it stood."""

    kind: Kind
    guid: str
    elements: tuple[Business, ...]
    transfer: Values | None = None
    subscribers: tuple[Values, ...] = ()
    extension: Extension | None = None
    signature: str = ""
    version: str = "1.0"
    #: Requests are written with the prefix ``ceb``, the authority's answers without one.
    prefix: str | None = field(default="ceb", compare=False)
    #: What else the root says, by its whole beginning: other namespaces by their prefixes (empty
    #: for none), and where schemas lie. A signature is over these as well.
    spaces: Values = field(default_factory=dict, compare=False)
    places: Values = field(default_factory=dict, compare=False)


def message_of(reading: Reading) -> Message:
    """The values of a valid reading. Raises MessageInvalid for one with faults."""
    if reading.faults:
        first = reading.faults[0]
        raise MessageInvalid(
            line=first.line, field=first.path, why=first.error, faults=len(reading.faults)
        )
    kind, root = reading.kind, reading.root
    business: list[Business] = []
    transfer: Values | None = None
    subscribers: list[Values] = []
    extension: Extension | None = None
    signature = ""
    for child in elements_of(root):
        name = short(child.tag)
        if name == kind.element:
            business.append(_business_of(child, kind))
        elif name == "BaseTransfer":
            transfer = _values_of(child)
        elif name == "BaseSubscribe":
            subscribers.append(_values_of(child))
        elif name == "ExtendMessage":
            extension = _extension_of(child)
        else:
            signature = _text(child)
    return Message(
        kind,
        root.get("guid", ""),
        tuple(business),
        transfer,
        tuple(subscribers),
        extension,
        signature,
        root.get("version", ""),
        root.prefix,
        {name or "": uri for name, uri in root.nsmap.items() if name != root.prefix},
        {
            str(name): str(value)
            for name, value in root.attrib.items()
            if str(name).startswith(_INSTANCE)
        },
    )


def _values_of(element: etree._Element) -> dict[str, str]:
    return {short(child.tag): text_of(child) for child in elements_of(element)}


def _business_of(element: etree._Element, kind: Kind) -> Business:
    if kind.head is None:
        return Business(_values_of(element))
    head, *lines = elements_of(element)
    return Business(_values_of(head), tuple(_values_of(line) for line in lines))


def _extension_of(element: etree._Element) -> Extension:
    name, version, holder = elements_of(element)
    inner = elements_of(holder)
    if not inner:
        return Extension(text_of(name), text_of(version))
    xml = _text(inner[0])
    if etree.QName(inner[0]).namespace is None and not re.match(r"<[^>]*\sxmlns=", xml):
        # Inside a message without prefixes it would become an element of the message.
        xml = re.sub(r"^<[^\s/>]+", r'\g<0> xmlns=""', xml, count=1)
    return Extension(text_of(name), text_of(version), xml)


def _text(element: etree._Element) -> str:
    """A part of another form as text that stands for itself: canonical, with its own prefixes."""
    try:
        told = bytes(etree.tostring(element, method="c14n", exclusive=True, with_tail=False))
    except etree.C14NError:
        # A name of a namespace that is no address has no canonical form.
        told = etree.tostring(element, encoding="utf-8", with_tail=False)
    return told.decode()


@dataclass(frozen=True, slots=True)
class ValueFault:
    """What is wrong in one field of a message that is not written yet; lines count from 1."""

    element: int
    line: int | None
    field: str
    error: DomainError


def faults_of(message: Message) -> list[ValueFault]:
    """Everything in the values that the form forbids, without writing the message.

    Counts are not asked here: whoever makes messages cuts them to size.
    """
    found: list[ValueFault] = []
    kind = message.kind
    for number, one in enumerate(message.elements, 1):
        found += _entity_faults(kind.head or kind.element, one.head, number, None)
        if kind.lines is not None:
            for line, values in enumerate(one.lines, 1):
                found += _entity_faults(kind.lines, values, number, line)
    if message.transfer is not None:
        found += _entity_faults("BaseTransfer", message.transfer, 0, None)
    for values in message.subscribers:
        found += _entity_faults("BaseSubscribe", values, 0, None)
    return found


def _entity_faults(entity: str, values: Values, element: int, line: int | None) -> list[ValueFault]:
    fields = ENTITIES[entity]
    found: list[ValueFault] = []
    known = 0
    for one in fields:
        value = values.get(one.name)
        if value is None:
            if one.required:
                found.append(ValueFault(element, line, one.name, ElementMissing(element=one.name)))
            continue
        known += 1
        error = one.fault(value)
        if error is not None:
            found.append(ValueFault(element, line, one.name, error))
    if known != len(values):
        names = {one.name for one in fields}
        found += [
            ValueFault(element, line, name, ElementUnknown())
            for name in values
            if name not in names
        ]
    return found


def write(message: Message) -> bytes:
    """The message as UTF-8 XML, without blanks between its elements; what is read back is equal.

    The values are written as they are: ask ``faults_of`` first.
    """
    prefix = f"{message.prefix}:" if message.prefix else ""
    kind = message.kind
    out = ['<?xml version="1.0" encoding="UTF-8"?>\n', _root(message, prefix)]
    for one in message.elements:
        if kind.head is None:
            _write_entity(out, prefix, kind.element, one.head)
            continue
        out.append(f"<{prefix}{kind.element}>")
        _write_entity(out, prefix, kind.head, one.head)
        for values in one.lines:
            _write_entity(out, prefix, str(kind.lines), values)
        out.append(f"</{prefix}{kind.element}>")
    if message.transfer is not None:
        _write_entity(out, prefix, "BaseTransfer", message.transfer)
    for values in message.subscribers:
        _write_entity(out, prefix, "BaseSubscribe", values)
    if message.extension is not None:
        own = message.extension
        out.append(
            f"<{prefix}ExtendMessage><{prefix}name>{_escaped(own.name)}</{prefix}name>"
            f"<{prefix}version>{_escaped(own.version)}</{prefix}version>"
            f"<{prefix}Message>{own.xml}</{prefix}Message></{prefix}ExtendMessage>"
        )
    out.append(message.signature)
    out.append(f"</{prefix}{kind.root}>")
    return "".join(out).encode()


def _root(message: Message, prefix: str) -> str:
    spaces = {message.prefix or "": NAMESPACE, **message.spaces}
    out = [f"<{prefix}{message.kind.root}"]
    for name, uri in spaces.items():
        out.append(f" xmlns{':' if name else ''}{name}={quoteattr(uri)}")
    out.append(f" guid={quoteattr(message.guid)} version={quoteattr(message.version)}")
    instance = next((one for one, uri in spaces.items() if one and f"{{{uri}}}" == _INSTANCE), "")
    for name, value in message.places.items():
        out.append(f" {instance}:{short(name)}={quoteattr(value)}")
    return "".join([*out, ">"])


def _write_entity(out: list[str], prefix: str, name: str, values: Values) -> None:
    out.append(f"<{prefix}{name}>")
    for one in ENTITIES[name]:
        value = values.get(one.name)
        if value is not None:
            out.append(f"<{prefix}{one.name}>{_escaped(value)}</{prefix}{one.name}>")
    out.append(f"</{prefix}{name}>")


def _escaped(text: str) -> str:
    """A line break of Windows would come back as another one."""
    return escape(text, {"\r": "&#13;"})


def canonical(data: bytes) -> str:
    """C14N 2.0 with prefixes and blanks between elements levelled: two messages that say the same
    have the same."""
    told = etree.canonicalize(parse(data), strip_text=True, rewrite_prefixes=True)
    return str(told)


def as_json(message: Message) -> dict[str, object]:
    """The message for ``json.dumps``; every value is text, in the order of the file."""
    out: dict[str, object] = {
        "message": message.kind.code,
        "guid": message.guid,
        "version": message.version,
    }
    out[message.kind.element] = [_element_json(message.kind, one) for one in message.elements]
    if message.transfer is not None:
        out["BaseTransfer"] = dict(message.transfer)
    if message.subscribers:
        out["BaseSubscribe"] = [dict(one) for one in message.subscribers]
    if message.extension is not None:
        own = message.extension
        out["ExtendMessage"] = {"name": own.name, "version": own.version, "Message": own.xml}
    if message.signature:
        out["Signature"] = _signature_of(message.signature)
    return out


def _element_json(kind: Kind, one: Business) -> dict[str, object]:
    if kind.head is None:
        return dict(one.head)
    told: dict[str, object] = {kind.head: dict(one.head)}
    if kind.lines is not None:
        told[kind.lines] = [dict(line) for line in one.lines]
    return told


def _signature_of(xml: str) -> dict[str, str]:
    """The parts of a signature that a person asks for; the certificate by its length only."""
    root = etree.fromstring(xml)
    space = f"{{{SIGNATURE_NAMESPACE}}}"
    method = root.find(f".//{space}SignatureMethod")
    told = {"algorithm": method.get("Algorithm", "") if method is not None else ""}
    for name in ("DigestValue", "SignatureValue", "KeyName", "X509Certificate"):
        found = root.find(f".//{space}{name}")
        if found is not None:
            told[name] = "".join(text_of(found).split())
    return told
