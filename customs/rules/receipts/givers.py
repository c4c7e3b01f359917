"""Which of our messages a receipt answers, and whose number it names it by."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Receipt -> the message it answers.
ABOUT = {
    "CEB312": "CEB311",
    "CEB412": "CEB411",
    "CEB512": "CEB511",
    "CEB514": "CEB513",
    "CEB622": "CEB621",
    "CEB624": "CEB623",
    "CEB626": "CEB625",
    "CEB712": "CEB711",
    "CEB816": "CEB621",
    "CEB818": "CEB621",
    "INV201": "INV101",
    "INV202": "INV101",
    "INV211": "INV101",
    "SAS221": "SAS121",
    "SAS223": "SAS121",
    "SAS224": "SAS121",
}
#: Whose number it is, in a receipt and in the message it answers: two platforms may have an order
#: 1, and so may two sellers of one platform.
_GIVERS = {
    "CEB312": ("ebpCode", "ebcCode"),
    "CEB412": ("payCode",),
    "CEB512": ("logisticsCode",),
    "CEB514": ("logisticsCode",),
}
#: Behind some sentences stands the identifier of the element that is answered.
_ORIGINAL = re.compile(r"\[([0-9A-Z_-]{36})\]")


def giver_of(kind: str, head: Mapping[str, str]) -> str:
    """Whose number the key of a message or receipt is, as customs codes with a slash between; empty
    where it is our own."""
    names = _GIVERS.get(kind, ()) or next(
        (names for receipt, names in _GIVERS.items() if ABOUT[receipt] == kind), ()
    )
    return "/".join(head.get(name, "").strip() for name in names).rstrip("/")


def same_giver(one: str, other: str) -> bool:
    """Whether two numbers may be of one giver; what is not told of either says nothing against."""
    return all(
        not mine or not theirs or mine == theirs
        for mine, theirs in zip(one.split("/"), other.split("/"), strict=False)
    )


def original_in(info: str) -> str:
    """The identifier of our element in the authority's sentence (``…[GUID]``); empty where there
    is none."""
    found = _ORIGINAL.findall(info)
    return str(found[-1]) if found else ""
