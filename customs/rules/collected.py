"""A list of a month, as the papers of its collective declaration have it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Collected:
    """One of the lists that are declared together, as its own papers have it."""

    reference: str
    customs_number: str
    shipment: str
    contract: str
    vessel: str
    bill_of_lading: str
    accepted_on: date | None
    packages: int
    gross_weight: int
    net_weight: int
    total: int
    #: Places of its lines among all that are listed.
    lines: tuple[int, ...] = ()
