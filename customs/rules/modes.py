"""Modes of supervision in which goods for cross-border retail enter bond.

1210 is for special zones and type-B logistics centres in the cities of the pilot, 1239 for those
outside it. Which cities are in the pilot was widened several times and could not be confirmed for
a day: ``BONDPOOL_1239_DISTRICTS`` names the customs districts where 1239 is declared. Goods in 1239
are not freed from licences, registrations and filings of a first import, as those in 1210 are.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from core.errors import InputError


class Mode(StrEnum):
    BONDED = "1210"
    BONDED_A = "1239"


class ModeUnknown(InputError):
    """Goods for cross-border retail enter bond in mode 1210, outside the pilot cities in 1239."""

    code = "customs.declared_mode_unknown"


class ModeNotHere(InputError):
    """In this customs district goods enter bond in mode 1210: 1239 is for cities outside the
    pilot."""

    code = "customs.mode_not_here"


def is_allowed(mode: str, district: str, outside: Collection[str]) -> bool:
    """Whether a mode may be declared in a customs district; ``outside`` are the districts outside
    the pilot, by their first two digits or all four."""
    if mode == Mode.BONDED:
        return True
    return mode == Mode.BONDED_A and any(district.startswith(one) for one in outside if one)


def check_mode(mode: str, district: str, outside: Collection[str]) -> Mode:
    """The mode told of a warehouse. Raises ModeUnknown or ModeNotHere."""
    if mode not in list(Mode):
        raise ModeUnknown(field="mode", value=mode)
    if not is_allowed(mode, district, outside):
        raise ModeNotHere(field="mode", value=mode, district=district)
    return Mode(mode)
