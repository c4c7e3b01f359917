"""Take a message apart and name everything in it that is against its form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial

from lxml import etree

from core.errors import InputError
from customs.rules.ceb.fields import Field
from customs.rules.ceb.kinds import (
    GUID_LENGTH,
    KINDS,
    LONGEST_VERSION,
    MOST_SUBSCRIBERS,
    NAMESPACE,
    REQUIRED,
    SIGNATURE_NAMESPACE,
    Kind,
)
from customs.rules.ceb.parsing import parse
from customs.rules.ceb.shape import (
    AttributeWrong,
    Check,
    ElementTooOften,
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
)
from customs.rules.ceb.signed import check_signature
from customs.rules.ceb.tables import ENTITIES


class MessageUnknown(InputError):
    """This is no message of cross-border e-commerce import that this system knows."""

    code = "customs.message_unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it was read: its kind, its tree, and what is against the form, by line."""

    kind: Kind
    root: etree._Element
    faults: list[Fault]

    @property
    def valid(self) -> bool:
        return not self.faults


def tag(name: str) -> str:
    """The name in the namespace of the messages."""
    return f"{{{NAMESPACE}}}{name}"


def read(data: bytes) -> Reading:
    """Read a message; faults of its form are told, not raised.

    Raises MessageUnknown for another document, and what ``parse`` raises for no XML at all.
    """
    return read_tree(parse(data))


def read_tree(root: etree._Element) -> Reading:
    """As ``read``, for a tree that stands already. Raises MessageUnknown."""
    kind = KINDS.get(short(root.tag).removesuffix("Message"))
    if kind is None or root.tag != tag(kind.root):
        raise MessageUnknown(line=line_of(root), root=str(root.tag)[:120])
    faults: list[Fault] = []
    _check_root(root, kind, faults)
    check_sequence(root, kind.code, _slots(kind), faults)
    faults.sort(key=lambda fault: fault.line)
    return Reading(kind, root, faults)


def _check_root(root: etree._Element, kind: Kind, faults: list[Fault]) -> None:
    guid, version = root.get("guid"), root.get("version")
    line = line_of(root)
    if guid is None or len(guid) != GUID_LENGTH:
        error = AttributeWrong(attribute="guid", length=len(guid or ""), wanted=GUID_LENGTH)
        faults.append(Fault(line, kind.code, error))
    if version is None or not 1 <= len(version) <= LONGEST_VERSION:
        error = AttributeWrong(attribute="version", length=len(version or ""), most=LONGEST_VERSION)
        faults.append(Fault(line, kind.code, error))
    refuse_attributes(root, kind.code, faults, but=("guid", "version"))
    refuse_text(root, kind.code, faults)


@cache
def _slots(kind: Kind) -> tuple[Slot, ...]:
    slots = [Slot(tag(kind.element), 1, kind.most, _business(kind))]
    if kind.signature is not None:
        slots += [
            Slot(tag("BaseTransfer"), 1, 1, entity_check("BaseTransfer")),
            Slot(tag("BaseSubscribe"), 0, MOST_SUBSCRIBERS, entity_check("BaseSubscribe")),
            Slot(tag("ExtendMessage"), 0, 1, _extend_check()),
            Slot(
                f"{{{SIGNATURE_NAMESPACE}}}Signature",
                1 if kind.signature == REQUIRED else 0,
                1,
                check_signature,
            ),
        ]
    return tuple(slots)


def _business(kind: Kind) -> Check:
    if kind.head is None:
        return entity_check(kind.element)
    slots = [Slot(tag(kind.head), 1, 1, entity_check(kind.head))]
    if kind.lines is not None:
        slots.append(Slot(tag(kind.lines), 1, kind.most_lines, entity_check(kind.lines)))
    return partial(check_parts, slots=tuple(slots))


def entity_check(name: str) -> Check:
    """The check of an entity whose children are its fields."""
    return partial(check_parts, slots=tuple(_field_slots(ENTITIES[name])))


def _field_slots(fields: Iterable[Field]) -> list[Slot]:
    return [
        Slot(tag(field.name), int(field.required), 1, partial(check_field, field=field))
        for field in fields
    ]


def _extend_check() -> Check:
    slots = (*_field_slots(ENTITIES["ExtendMessage"]), Slot(tag("Message"), 1, 1, _check_any))
    return partial(check_parts, slots=slots)


def _check_any(element: etree._Element, path: str, faults: list[Fault]) -> None:
    """Anything, but only one of it: the sender's own document."""
    refuse_attributes(element, path, faults)
    refuse_text(element, path, faults)
    if len(elements_of(element)) > 1:
        faults.append(Fault(line_of(element), path, ElementTooOften(most=1)))
