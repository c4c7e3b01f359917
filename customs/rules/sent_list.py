"""The bonded list as its message went to customs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line of the bonded list as it was sent."""

    sku: str
    hs_code: str
    name: str
    specification: str
    origin: str
    quantity: int
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class ListHead:
    """What a list is called and of what kind it is: ``own_number`` is the company's, ``number``
    customs', empty until it gave one; ``kind`` and ``form`` by customs' codes (InvtType, DecType).
    ``told_on`` is None until it was sent."""

    own_number: str = ""
    number: str = ""
    kind: str = ""
    form: str = ""
    told_on: date | None = None


UNTOLD_LIST = ListHead()


@dataclass(frozen=True, slots=True)
class SentList:
    """The bonded list that customs has, read from the message itself; countries and currency by
    ISO code, or as they stand in it where the tables do not know them."""

    ledger: str
    district: str
    departure: str
    currency: str
    lines: tuple[SentLine, ...]
    #: InvtType and DecType.
    kind: str = ""
    form: str = ""
