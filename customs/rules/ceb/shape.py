"""Is what stands in an element what its form says, child after child?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree

from core.errors import DomainError, InputError
from customs.rules.ceb.fields import Field

#: What may stand on any element without being part of the message.
_ALLOWED = frozenset(
    {
        "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation",
        "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation",
    }
)


class ElementUnknown(InputError):
    """This element does not belong here: the message's form does not know it."""

    code = "customs.ceb_element_unknown"


class ElementMissing(InputError):
    """An element is missing that the message's form demands."""

    code = "customs.ceb_element_missing"


class ElementOutOfPlace(InputError):
    """This element stands in the wrong place: the order of the fields is part of the form."""

    code = "customs.ceb_element_out_of_place"


class ElementTooOften(InputError):
    """This element stands here more often than the message's form allows."""

    code = "customs.ceb_element_too_often"


class StrayText(InputError):
    """Between these elements stands text that belongs to no field."""

    code = "customs.ceb_stray_text"


class AttributeWrong(InputError):
    """This attribute is missing here, unknown, or has a value that the form does not allow."""

    code = "customs.ceb_attribute_wrong"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one place: the line of the file, the way to the element, and the rule."""

    line: int
    path: str
    error: DomainError


Check = Callable[[etree._Element, str, list[Fault]], None]


@dataclass(frozen=True, slots=True)
class Slot:
    """A child that may stand ``least`` to ``most`` times; ``check`` looks into it."""

    tag: str
    least: int
    most: int | None
    check: Check


def short(tag: object) -> str:
    """The name without its namespace."""
    return str(tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int:
    """The line of the file in which the element begins, from 1; 0 where nobody knows."""
    return cast("int | None", element.sourceline) or 0


def text_of(element: etree._Element) -> str:
    """The text of a field, without comments."""
    if len(element) == 0:
        return element.text or ""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def elements_of(element: etree._Element) -> list[etree._Element]:
    """The children that are elements, not comments or processing instructions."""
    return list(element.iterchildren("*"))


def refuse_attributes(
    element: etree._Element, path: str, faults: list[Fault], *, but: Sequence[str] = ()
) -> None:
    """A fault for each attribute that is not among ``but``."""
    for name in element.attrib:
        if name not in but and name not in _ALLOWED:
            error = AttributeWrong(attribute=short(name))
            faults.append(Fault(line_of(element), path, error))


def refuse_text(element: etree._Element, path: str, faults: list[Fault]) -> None:
    """A fault where text stands between the children."""
    # The blanks of XML: a full-width one is text, and easily slips into a Chinese file.
    stray = text_of(element).strip(" \t\r\n")
    if stray:
        faults.append(Fault(line_of(element), path, StrayText(value=stray[:60])))


def check_sequence(
    element: etree._Element, path: str, slots: Sequence[Slot], faults: list[Fault]
) -> None:
    """Hold the children of ``element`` against ``slots``, in their order, and look into each."""
    children = elements_of(element)
    names = {child.tag for child in children}
    places = {slot.tag: place for place, slot in enumerate(slots)}
    counts = [0] * len(slots)
    at = 0
    missed: set[str] = set()

    def miss(until: int) -> None:
        for place in range(at, until):
            slot = slots[place]
            # One that stands elsewhere is out of place, not missing.
            if counts[place] < slot.least and slot.tag not in names and slot.tag not in missed:
                missed.add(slot.tag)
                error = ElementMissing(element=short(slot.tag))
                faults.append(Fault(line_of(element), path, error))

    for child in children:
        place = places.get(str(child.tag))
        where = f"{path}/{short(child.tag)}"
        if place is None:
            faults.append(Fault(line_of(child), where, ElementUnknown()))
            continue
        slot = slots[place]
        counts[place] += 1
        if slot.most != 1:
            where += f"[{counts[place]}]"
        if place < at:
            faults.append(Fault(line_of(child), where, ElementOutOfPlace()))
        else:
            miss(place)
            at = place
            # Said once: a message of ten thousand elements is one fault, not 9,900.
            if slot.most is not None and counts[place] == slot.most + 1:
                error = ElementTooOften(most=slot.most)
                faults.append(Fault(line_of(child), where, error))
        slot.check(child, where, faults)
    miss(len(slots))


def check_parts(
    element: etree._Element,
    path: str,
    faults: list[Fault],
    *,
    slots: Sequence[Slot],
    but: Sequence[str] = (),
) -> None:
    """An element that holds elements: ``slots`` in their order, no text, no attribute ``but``."""
    refuse_attributes(element, path, faults, but=but)
    refuse_text(element, path, faults)
    check_sequence(element, path, slots, faults)


#: What stands in these is a person's: of what is wrong in it only the rule is told.
PERSONAL = frozenset(
    {"buyerIdNumber", "buyerName", "buyerTelephone", "buyerRegNo", "payerIdNumber", "payerName"}
    | {"telephone", "consignee", "consigneeTelephone", "consigneeAddress"}
)


def check_field(element: etree._Element, path: str, faults: list[Fault], *, field: Field) -> None:
    """An element that holds text: what ``field`` allows, and nothing in it."""
    refuse_attributes(element, path, faults)
    inner = elements_of(element)
    if inner:
        where = f"{path}/{short(inner[0].tag)}"
        faults.append(Fault(line_of(inner[0]), where, ElementUnknown()))
        return
    error = field.fault(text_of(element))
    if error is not None:
        if field.name in PERSONAL:
            error = type(error)(**{n: it for n, it in error.facts.items() if n != "value"})
        faults.append(Fault(line_of(element), path, error))
