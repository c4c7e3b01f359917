"""Item codes: serial numbers and GS1 Digital Link addresses. Pure text work.

A serial is 80 random bits as 16 letters of Crockford's Base32, which has no I, L, O or U:
nobody can guess one, and a person can type one.
"""

from __future__ import annotations

from urllib.parse import quote

from traceability.rules import gtin14

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SERIAL_BYTES = 10
SERIAL_LENGTH = 16

_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "\u3000": None})


def serial(random: bytes) -> str:
    """Ten random bytes as a serial number of 16 characters."""
    if len(random) != SERIAL_BYTES:
        raise ValueError("a serial is made of ten bytes")
    number = int.from_bytes(random)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def grouped(code: str) -> str:
    """A serial in groups of four, as it is printed under the QR code."""
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


def typed(text: str) -> str | None:
    """The serial in what a person typed or pasted, or None where there is none.

    Takes lower case, spaces and hyphens, O for 0 and I or L for 1, and a whole address.
    """
    code = text.strip()
    if "/21/" in code:
        code = code.partition("/21/")[2].partition("?")[0].partition("/")[0].removesuffix(".json")
    code = code.upper().translate(_READ_AS)
    right = len(code) == SERIAL_LENGTH and all(letter in ALPHABET for letter in code)
    return code if right else None


def item_path(gtin: str, lot: str, code: str) -> str:
    """The path of an item's page: ``/01/<gtin14>/10/<lot>/21/<serial>``."""
    return f"/01/{gtin14(gtin)}/10/{quote(lot, safe='')}/21/{quote(code, safe='')}"


def digital_link(base: str, gtin: str, lot: str, code: str) -> str:
    """The GS1 Digital Link address that the QR code holds."""
    return base.rstrip("/") + item_path(gtin, lot, code)
