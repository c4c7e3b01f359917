"""The bonded list as its message went to customs."""

from __future__ import annotations

from dataclasses import dataclass


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
class SentList:
    """The bonded list that customs has, read from the message itself; countries and currency by
    ISO code, or as they stand in it where the tables do not know them."""

    ledger: str
    district: str
    departure: str
    currency: str
    lines: tuple[SentLine, ...]
