"""Is a signature put together as XML-DSig says? Whether it holds is not asked here."""

from __future__ import annotations

import base64
import binascii
from functools import partial

from lxml import etree

from core.errors import InputError
from customs.rules.ceb.kinds import SIGNATURE_NAMESPACE
from customs.rules.ceb.shape import (
    AttributeWrong,
    ElementMissing,
    ElementUnknown,
    Fault,
    Slot,
    check_parts,
    check_sequence,
    elements_of,
    line_of,
    refuse_attributes,
    text_of,
)


class NotBase64(InputError):
    """This field is written in Base64; it has characters that do not belong there."""

    code = "customs.ceb_not_base64"


def _tag(name: str) -> str:
    return f"{{{SIGNATURE_NAMESPACE}}}{name}"


def is_base64(text: str) -> bool:
    """Whether ``text`` is Base64; blanks and line breaks do not count."""
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def check_base64(element: etree._Element, path: str, faults: list[Fault]) -> None:
    """An element that holds Base64 and nothing else."""
    refuse_attributes(element, path, faults)
    if elements_of(element) or not is_base64(text_of(element)):
        faults.append(Fault(line_of(element), path, NotBase64()))


def _check_algorithm(element: etree._Element, path: str, faults: list[Fault]) -> None:
    refuse_attributes(element, path, faults, but=("Algorithm",))
    # A transform may have parameters of anybody's; the other methods have none.
    if not path.partition("Transforms/")[1]:
        check_sequence(element, path, (), faults)
    if element.get("Algorithm") is None:
        error = AttributeWrong(attribute="Algorithm")
        faults.append(Fault(line_of(element), path, error))


def _check_key(element: etree._Element, path: str, faults: list[Fault]) -> None:
    refuse_attributes(element, path, faults)
    if not elements_of(element):
        error = ElementMissing(element="KeyName")
        faults.append(Fault(line_of(element), path, error))
    for name in element.iter(_tag("KeyName")):
        refuse_attributes(name, f"{path}/KeyName", faults)
        if elements_of(name):
            faults.append(Fault(line_of(name), f"{path}/KeyName", ElementUnknown()))
    for found in element.iter(_tag("X509Certificate"), _tag("X509CRL"), _tag("X509SKI")):
        check_base64(found, f"{path}/X509Data/{found.tag.rpartition('}')[2]}", faults)


_TRANSFORMS = partial(check_parts, slots=(Slot(_tag("Transform"), 1, None, _check_algorithm),))
_REFERENCE = partial(
    check_parts,
    slots=(
        Slot(_tag("Transforms"), 0, 1, _TRANSFORMS),
        Slot(_tag("DigestMethod"), 1, 1, _check_algorithm),
        Slot(_tag("DigestValue"), 1, 1, check_base64),
    ),
    but=("Id", "URI", "Type"),
)
_SIGNED_INFO = partial(
    check_parts,
    slots=(
        Slot(_tag("CanonicalizationMethod"), 1, 1, _check_algorithm),
        Slot(_tag("SignatureMethod"), 1, 1, _check_algorithm),
        Slot(_tag("Reference"), 1, None, _REFERENCE),
    ),
)
#: Holds a ``ds:Signature`` against the parts that XML-DSig core 1.0 demands.
check_signature = partial(
    check_parts,
    slots=(
        Slot(_tag("SignedInfo"), 1, 1, _SIGNED_INFO),
        Slot(_tag("SignatureValue"), 1, 1, check_base64),
        Slot(_tag("KeyInfo"), 0, 1, _check_key),
    ),
    but=("Id",),
)
