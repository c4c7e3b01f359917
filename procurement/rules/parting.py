"""A line that travels in parts: what of its units and money each part is, and whose.

Parts are taken one after another from what is left, so that they sum to the line exactly and
nobody's part of a part is ever negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import InputError
from core.money import shared


class MoreThanIsOpen(InputError):
    """Of an order line no more travels, is confirmed away or is cancelled than is still open."""

    code = "procurement.more_than_is_open"


@dataclass(frozen=True, slots=True)
class Part:
    """An owner's units and money of a line, or of a part of it."""

    quantity: int
    amount_minor: int


def amount_of(*, quantity: int, open_quantity: int, open_minor: int) -> int:
    """What a part of what is open costs, to the nearest minor unit; the last part costs the rest.

    Raises MoreThanIsOpen.
    """
    if not 0 <= quantity <= open_quantity:
        raise MoreThanIsOpen(quantity=quantity, open=open_quantity)
    if quantity == open_quantity:
        return open_minor
    return (2 * open_minor * quantity + open_quantity) // (2 * open_quantity)


def part_of(open_parts: Mapping[int, Part], *, quantity: int, amount_minor: int) -> dict[int, Part]:
    """Whose how much of a part is, by owner, from what each has open.

    Units by largest remainder of what is open, ties to the lower owner. Money follows the units
    at each owner's own price of one, and never more than it has open; of the last part each
    pays what it has left. Raises MoreThanIsOpen.
    """
    owners = sorted(open_parts)
    units_open = [open_parts[owner].quantity for owner in owners]
    money_open = [open_parts[owner].amount_minor for owner in owners]
    if quantity > sum(units_open) or amount_minor > sum(money_open):
        raise MoreThanIsOpen(quantity=quantity, open=sum(units_open))
    units = shared(quantity, units_open)
    if quantity == sum(units_open) and amount_minor == sum(money_open):
        money = money_open
    else:
        money = _money(amount_minor, units, units_open, money_open)
    return {owner: Part(got, paid) for owner, got, paid in zip(owners, units, money, strict=True)}


def left_of(open_parts: Mapping[int, Part], taken: Mapping[int, Part]) -> dict[int, Part]:
    """What is open after a part was taken."""
    none = Part(0, 0)
    return {
        owner: Part(
            part.quantity - taken.get(owner, none).quantity,
            part.amount_minor - taken.get(owner, none).amount_minor,
        )
        for owner, part in open_parts.items()
    }


#: Weights are whole numbers; a fraction of a unit's price must not vanish in them.
_FINE = 10**6


def _money(
    amount: int, units: list[int], units_open: list[int], money_open: list[int]
) -> list[int]:
    weights = [
        money * got * _FINE // have if have else 0
        for got, have, money in zip(units, units_open, money_open, strict=True)
    ]
    if not sum(weights):
        # Who gets units free of charge weighs nothing; then what is left to pay decides.
        weights = money_open
    paid = shared(amount, weights)
    over = 0
    for at, most in enumerate(money_open):
        if paid[at] > most:
            over += paid[at] - most
            paid[at] = most
    # A cent that rounding put on somebody who has nothing left to pay goes to those who have.
    for at in sorted(range(len(paid)), key=lambda at: (paid[at] - money_open[at], at)):
        more = min(over, money_open[at] - paid[at])
        paid[at] += more
        over -= more
    return paid
