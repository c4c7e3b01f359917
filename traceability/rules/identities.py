"""What a fact is about: identities of the GS1 General Specifications and of our papers."""

from __future__ import annotations

import re

from core.errors import InputError

# The kinds of identity; the part of a key before the colon.
GTIN, LOT, ITEM = "gtin", "lot", "item"
ORDER, SHIPMENT, DECLARATION, RETAIL = "po", "asn", "decl", "retail"
KINDS = frozenset({GTIN, LOT, ITEM, ORDER, SHIPMENT, DECLARATION, RETAIL})

LONGEST_KEY = 80

#: The 82 characters GS1 allows in a lot or serial number, at most 20 of them.
_GS1_TEXT = re.compile(r"""[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}""")


class NotAnIdentity(InputError):
    """A trace key needs a GTIN with a right check digit, and at most 20 GS1 characters a number."""

    code = "traceability.not_an_identity"


def gtin14(gtin: str) -> str:
    """The 14-digit form of a GTIN-8, -12, -13 or -14. Raises NotAnIdentity for a wrong one."""
    if len(gtin) not in (8, 12, 13, 14) or not (gtin.isascii() and gtin.isdigit()):
        raise NotAnIdentity(gtin=gtin)
    wide = gtin.zfill(14)
    # GS1 modulo 10: weights 3 and 1, counted from the right, the check digit itself left out.
    body = sum(int(digit) * (3 if i % 2 == 0 else 1) for i, digit in enumerate(wide[:13]))
    if (10 - body % 10) % 10 != int(wide[13]):
        raise NotAnIdentity(gtin=gtin)
    return wide


def _text(**value: str) -> str:
    ((_name, text),) = value.items()
    if not _GS1_TEXT.fullmatch(text):
        raise NotAnIdentity(**value)
    return text


def _key(kind: str, number: str) -> str:
    key = f"{kind}:{number}"
    if not number or len(key) > LONGEST_KEY:
        raise NotAnIdentity(**{kind: number})
    return key


def gtin_key(gtin: str) -> str:
    """A kind of goods: ``gtin:09521234543213``."""
    return f"{GTIN}:{gtin14(gtin)}"


def lot_key(gtin: str, lot: str) -> str:
    """Goods that arrived together: ``lot:09521234543213.LOT-1``."""
    return f"{LOT}:{gtin14(gtin)}.{_text(lot=lot)}"


def item_key(gtin: str, serial: str) -> str:
    """One item: ``item:09521234543213.7KX…``."""
    return f"{ITEM}:{gtin14(gtin)}.{_text(serial=serial)}"


def order_key(number: str) -> str:
    """A combined purchase order: ``po:PO-2026-000017``."""
    return _key(ORDER, number)


def shipment_key(number: str) -> str:
    """A shipment (advance ship notice): ``asn:ASN-2026-000003``."""
    return _key(SHIPMENT, number)


def declaration_key(reference: str) -> str:
    """A customs declaration, by our own reference: ``decl:DEC-2026-000003``."""
    return _key(DECLARATION, reference)


def retail_key(number: str) -> str:
    """A consumer's order: ``retail:RO-2026-000099``."""
    return _key(RETAIL, number)


def quantity(gtin: str, count: int, lot: str = "") -> dict[str, str | int]:
    """``count`` whole units of a GTIN (of one lot where known), as Fact.quantities wants it."""
    named: dict[str, str | int] = {"gtin": gtin14(gtin), "quantity": count}
    return named | {"lot": _text(lot=lot)} if lot else named
