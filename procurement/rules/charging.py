"""What a seller owes for its share, and what of it is open.

What is billed is booked as a difference to what was booked before, so that however often a round
is billed, its entries sum to its last bills.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

#: A bill, and a correction of it, is paid within so many days.
DUE_DAYS = 14


def due_on(billed_on: date) -> date:
    """The day on which what is billed today must be in the bank."""
    return billed_on + timedelta(days=DUE_DAYS)


def differences(billed: Mapping[int, int], booked: Mapping[int, int]) -> dict[int, int]:
    """By company, what is still to be booked so that what is booked comes to what is billed.

    Whoever is billed no longer gets back what was booked. Nothing for who stays as it is.
    """
    off = {one: billed.get(one, 0) - booked.get(one, 0) for one in billed.keys() | booked.keys()}
    return {one: off[one] for one in sorted(off) if off[one]}
