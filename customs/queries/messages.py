"""Is a file a message that the authority would take?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from django.conf import settings
from lxml import etree

from core.errors import DomainError, InputError
from customs.rules.ceb.envelope import (
    envelope_faults,
    is_envelope,
    open_envelope,
    parse_file,
)
from customs.rules.ceb.enveloping import holds_in_file, proof_of_file
from customs.rules.ceb.kinds import NAMESPACE, REQUIRED, SIGNATURE_NAMESPACE
from customs.rules.ceb.messages import Message, message_of, write
from customs.rules.ceb.numbers import misshapen
from customs.rules.ceb.official import official_schema
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.reading import Reading, read_tree
from customs.rules.ceb.remarks import Remark, remarks
from customs.rules.ceb.shape import PERSONAL, Fault, elements_of, line_of, short
from customs.rules.ceb.signing import Proof, SignatureDoesNotHold, holds, proof_of
from customs.rules.sas import documents as sas
from customs.rules.sas.remarks import remarks as sas_remarks

#: Stands for the signature that a message is to get; its form is all that a schema asks for.
_NOT_YET_SIGNED = (
    f'<ds:Signature xmlns:ds="{SIGNATURE_NAMESPACE}"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315"/>'
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2000/09/xmldsig#rsa-sha1"/>'
    '<ds:Reference URI=""><ds:Transforms><ds:Transform '
    'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/></ds:Transforms>'
    '<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/>'
    "<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    "<ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>"
)


#: How libxml2 names the element that it refuses.
_ELEMENT = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'")


class EnvelopeInEnvelope(InputError):
    """In this envelope lies another envelope and no message."""

    code = "customs.envelope_in_envelope"


class EnvelopeNamesAnother(InputError):
    """The envelope names another kind of message than the one that lies in it."""

    code = "customs.envelope_names_another"


class AgainstSchema(InputError):
    """The official schema refuses this."""

    code = "customs.against_schema"


class Named(Protocol):
    """A kind of message of either family."""

    @property
    def code(self) -> str: ...

    @property
    def name_zh(self) -> str: ...

    @property
    def name_en(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at. ``faults`` make it invalid; ``remarks`` are what would come back.

    ``in_envelope``: the lines are those of the message inside, not of the file. ``proof`` is what
    can be said of the signature of the message, or where it has none of its envelope's.
    """

    kind: Named | None
    elements: int
    faults: Sequence[Fault]
    remarks: Sequence[Fault] = ()
    in_envelope: bool = False
    proof: Proof = Proof.NONE

    @property
    def valid(self) -> bool:
        return not self.faults


def check(data: bytes) -> Checked:
    """Look at a file: never raises for what is wrong in it. Raises SchemaMissing."""
    try:
        root = parse_file(data)
        if is_envelope(root):
            return _check_envelope(root)
        if sas.is_sas(root):
            return _check_sas(root)
        reading = read_tree(root)
    except DomainError as error:
        line = error.facts.get("line")
        return Checked(None, 0, [Fault(line if isinstance(line, int) else 0, "", error)])
    proof = proof_of(reading.root)
    faults = [*reading.faults, *_against_schema(reading)]
    faults += _signature(reading.root, reading.kind.code, proof)
    found = [] if faults else _remarks(reading)
    return Checked(reading.kind, len(_business(reading)), faults, found, proof=proof)


def against_schema(message: Message) -> None:
    """Hold a message of ours against the official schema, where it is given, before it is queued
    and signed.

    Raises AgainstSchema, SchemaMissing.
    """
    if not settings.BONDPOOL_CEB_XSD:
        return
    unsigned = message.kind.signature == REQUIRED and not message.signature
    told = replace(message, signature=_NOT_YET_SIGNED) if unsigned else message
    for fault in _against_schema(read_tree(parse(write(told)))):
        detail = str(fault.error.facts["detail"])
        named = _ELEMENT.search(detail)
        field = named[1] if named else ""
        raise AgainstSchema(message=message.kind.code, field=field, detail=detail)


def read_message(data: bytes) -> Message | sas.Document:
    """The message in a file, bare or in its envelope.

    Raises EnvelopeInvalid, MessageUnknown, MessageInvalid, SignatureDoesNotHold, SasUnknown,
    SasInvalid and what ``parse`` raises.
    """
    root = parse_file(data)
    if is_envelope(root):
        if holds(root) is False:
            raise SignatureDoesNotHold
        root = parse(open_envelope(root).data)
        if is_envelope(root):
            raise EnvelopeInEnvelope
    message = (
        sas.document_of(sas.read_tree(root)) if sas.is_sas(root) else message_of(read_tree(root))
    )
    if holds_in_file(root) is False:
        raise SignatureDoesNotHold
    return message


def _check_envelope(root: etree._Element) -> Checked:
    proof = proof_of(root)
    faults = [*envelope_faults(root), *_signature(root, "DxpMsg", proof)]
    if faults:
        return Checked(None, 0, faults, proof=proof)
    inside = open_envelope(root).data
    checked = check(inside)
    if checked.valid and is_envelope(parse(inside)):
        return Checked(None, 0, [Fault(0, "DxpMsg/Data", EnvelopeInEnvelope())])
    named, kind = open_envelope(root).kind.strip(), checked.kind
    if checked.valid and kind and named not in ("", kind.code, f"{kind.code}Message"):
        lies = Fault(0, "DxpMsg/TransInfo/MsgType", EnvelopeNamesAnother(message=kind.code))
        checked = replace(checked, remarks=[lies, *checked.remarks])
    told = checked.proof if checked.proof != Proof.NONE else proof
    return replace(checked, in_envelope=True, proof=told)


def _check_sas(root: etree._Element) -> Checked:
    reading, proof = sas.read_tree(root), proof_of_file(root)
    reading.faults.extend(_signature(root, reading.kind.code, proof))
    count = len(reading.document.parts.get(reading.kind.element, ()))
    if reading.faults:
        return Checked(reading.kind, count, reading.faults, proof=proof)
    told = [
        Fault(reading.lines.get(one.path.rpartition("/")[0], 0), one.path, one.error)
        for one in sas_remarks(reading.document)
    ]
    told.sort(key=lambda fault: fault.line)
    return Checked(reading.kind, count, (), told, proof=proof)


def _misshapen(message: Message) -> Iterator[Remark]:
    kind = message.kind
    for number, one in enumerate(message.elements if kind.written_by_us else (), 1):
        top = f"{kind.code}/{kind.element}" + (f"[{number}]" if kind.most != 1 else "")
        head = f"{top}/{kind.head}" if kind.head else top
        for field, error in misshapen(one.head):
            yield Remark(f"{head}/{field}", error)


def _remarks(reading: Reading) -> list[Fault]:
    message = message_of(reading)
    found = [*remarks(message), *_misshapen(message)]
    lines = _lines(reading) if found else {}
    told = [Fault(lines.get(one.path, 0), one.path, one.error) for one in found]
    return sorted(told, key=lambda fault: fault.line)


def _signature(root: etree._Element, name: str, proof: Proof) -> list[Fault]:
    """A signature over other data: whoever takes such a message takes what nobody signed."""
    if proof != Proof.BROKEN:
        return []
    found = root.find(f"{{{SIGNATURE_NAMESPACE}}}Signature")
    line = line_of(found) if found is not None else 0
    return [Fault(line, f"{name}/Signature", SignatureDoesNotHold())]


def _lines(reading: Reading) -> dict[str, int]:
    """Path -> line, with the paths of ``remarks``."""
    kind = reading.kind
    lines: dict[str, int] = {}
    for number, element in enumerate(_business(reading), 1):
        top = f"{kind.code}/{kind.element}" + (f"[{number}]" if kind.most != 1 else "")
        if kind.head is None:
            lines |= _fields(top, element)
            continue
        for place, part in enumerate(elements_of(element)):
            lines |= _fields(f"{top}/{short(part.tag)}" + (f"[{place}]" if place else ""), part)
    return lines


def _fields(path: str, element: etree._Element) -> dict[str, int]:
    return {f"{path}/{short(one.tag)}": line_of(one) for one in elements_of(element)}


def _business(reading: Reading) -> list[etree._Element]:
    return reading.root.findall(f"{{{NAMESPACE}}}{reading.kind.element}")


def _without_persons(detail: str) -> str:
    """What the schema says, but for what stands in a field of a person."""
    named = _ELEMENT.search(detail)
    return named[0] if named and named[1] in PERSONAL else detail


def _against_schema(reading: Reading) -> list[Fault]:
    """What the official schema says beyond our own tables; nothing where it is not given."""
    if not settings.BONDPOOL_CEB_XSD:
        return []
    schema = official_schema(settings.BONDPOOL_CEB_XSD)
    if schema.validate(reading.root) or reading.faults:
        return []
    return [
        Fault(entry.line, reading.kind.code, AgainstSchema(detail=_without_persons(entry.message)))
        for entry in schema.error_log  # type: ignore[attr-defined]
    ]
