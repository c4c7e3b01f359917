"""The combined order and what of it is on board, as the papers of an entry name them.

Weights are grams, amounts minor units of their currency, quantities declared units.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

#: Kinds of packing of which one is one package.
BOXES = frozenset({"22", "23", "29"})


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of the combined order as it was placed."""

    key: int
    sku: str
    hs_code: str
    origin: str
    quantity: int
    amount: int


@dataclass(frozen=True, slots=True)
class Sent:
    """Units of an order line on board, of one batch, and what they cost."""

    key: int
    sku: str
    gtin: str
    brand: str
    name_zh: str
    name_en: str
    specification: str
    hs_code: str
    origin: str
    unit: str
    pack_quantity: int
    quantity: int
    amount: int
    net_weight: int
    gross_weight: int
    batch: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The combined order: the contract. ``seller`` and ``buyer`` are codes of companies."""

    number: str
    seller: str
    buyer: str
    currency: str
    incoterm: str
    amount: int
    placed_on: date | None
    lines: tuple[Ordered, ...]


@dataclass(frozen=True, slots=True)
class Voyage:
    """The shipment and what its papers say of it. ``contract`` is the order that it is of."""

    number: str
    contract: str
    mode: str
    vessel: str
    voyage: str
    bill_of_lading: str
    departure_port: str
    departed_on: date
    expected_on: date
    packages: int
    gross_weight: int
    net_weight: int
    freight: int
    insurance: int
    freight_currency: str
    #: The supplier's own invoice, once it is booked.
    invoice_number: str
    lines: tuple[Sent, ...]

    @property
    def cartons(self) -> tuple[int, int]:
        """The fewest and the most cartons: batches of one line of the order may share one."""
        of_line: dict[int, int] = defaultdict(int)
        for sent in self.lines:
            of_line[sent.key] += sent.quantity
        packs = {sent.key: sent.pack_quantity for sent in self.lines}
        fewest = sum(-(-quantity // packs[key]) for key, quantity in of_line.items())
        return fewest, sum(-(-sent.quantity // sent.pack_quantity) for sent in self.lines)
