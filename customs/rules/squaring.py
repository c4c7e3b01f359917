"""An item of the account book beside the stock and its owners: what differs, and what explains it.

Values in, reasons out. A reason is what happened in the warehouse and has no receipt yet; a book
that is ahead of the warehouse is explained by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why book and stock may differ for a while."""

    COUNTED_IN = "counted_in"
    HANDED_OVER = "handed_over"
    SENT_BACK = "sent_back"
    DESTROYED = "destroyed"
    COUNTED = "counted"


#: What a unit of each adds to the stock and not yet to the book.
_SIGNS = {
    Reason.COUNTED_IN: 1,
    Reason.HANDED_OVER: -1,
    Reason.SENT_BACK: 1,
    Reason.DESTROYED: -1,
    Reason.COUNTED: 1,
}


@dataclass(frozen=True, slots=True)
class Beside:
    """Units of an item by the ledger of the stock and by its owners' holdings, and by reason what
    the ledger says less what the receipts say. ``aside`` is what lies there and is not for sale:
    in quarantine, damaged, expired, recalled."""

    stock: int
    owned: int
    owners: int
    aside: int
    counted_in: int
    handed_over: int
    sent_back: int
    destroyed: int
    counted: int

    def waiting(self) -> Iterator[tuple[Reason, int]]:
        """What has no receipt yet: reason and units. Only a count's are signed; of any other a
        figure below zero is a receipt of what did not happen, and no reason."""
        for reason in Reason:
            units = getattr(self, reason.value)
            if units > 0 or (units and reason == Reason.COUNTED):
                yield reason, units

    def unexplained(self, on_hand: int) -> int:
        """Units by which a book with so many on hand, the stock and the owners differ, and for
        which there is no reason; 0 where all agree."""
        expected = on_hand + sum(_SIGNS[reason] * units for reason, units in self.waiting())
        ahead = -sum(
            min(int(getattr(self, one.value)), 0) for one in Reason if one != Reason.COUNTED
        )
        return max(abs(self.stock - expected), ahead) + abs(self.owned - self.stock)
