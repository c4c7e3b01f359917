"""Whole packs from what sellers want and what more they would take.

A pack is never made of tolerance alone: only what was begun by a wish is filled up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from core.errors import InputError


class PackNotUsable(InputError):
    """Packs are counted from whole numbers: units not below 0, and at least one in a pack."""

    code = "procurement.pack_not_usable"


class Fill(NamedTuple):
    """What all sellers together want of one product, and what more they would take."""

    quantity: int
    tolerance: int = 0


class Redistributed(NamedTuple):
    """Units for each seller in the order they filed, and what nobody asked for."""

    units: list[int]
    surplus: int


def packs_filled(quantity: int, tolerance: int, pack: int) -> int:
    """Full packs: those that ``quantity`` fills, and the begun one if ``tolerance`` completes it.

    ``quantity`` and ``tolerance`` (extra units sellers would take) are sums over all sellers;
    ``pack`` is the number of units in a pack. Raises PackNotUsable.
    """
    _check(quantity, tolerance, pack=pack)
    full, begun = divmod(quantity, pack)
    return full + (begun > 0 and begun + tolerance >= pack)


def missing_units(quantity: int, tolerance: int, pack: int) -> int:
    """Units still missing to complete the begun pack; 0 if none is begun or it is complete."""
    _check(quantity, tolerance, pack=pack)
    begun = quantity % pack
    return max(0, pack - begun - tolerance) if begun else 0


def improves_fill(before: tuple[int, int], after: tuple[int, int], pack: int) -> bool:
    """May this change still be made between the cut-off and ``fill_until``?

    ``before`` and ``after`` are (quantity, tolerance) of ONE product, summed over ALL sellers,
    the second with the one seller's change in it; ``pack`` is the units in a pack. Ask it for
    every product whose line changed, and refuse the change when any answer is False. A change
    of ``less`` is not looked at here: after the cut-off it may only fall.

    True when no full pack is lost and either

    - fewer units are missing to complete the begun pack than before, or
    - as many are missing, and neither the quantity nor what could be taken at most
      (quantity + tolerance) fell. Saying the same again is therefore allowed.
    """
    _check(*before, *after, pack=pack)
    if packs_filled(*after, pack) < packs_filled(*before, pack):
        return False
    missing, missed = missing_units(*after, pack), missing_units(*before, pack)
    if missing != missed:
        return missing < missed
    return after[0] >= before[0] and sum(after) >= sum(before)


def improves_any_fill(before: tuple[int, int, int], after: tuple[int, int, int], pack: int) -> bool:
    """May one seller's change (quantity, less, more) be made whatever the others want?

    Asked where yes or no to :func:`improves_fill` would tell what few others want: whole packs
    more, more that would be taken, less that would be done without.
    """
    _check(*before, *after, pack=pack)
    added = after[0] - before[0]
    return added >= 0 and added % pack == 0 and after[1] <= before[1] and after[2] >= before[2]


def received_in_order(
    received: int, wishes: Sequence[tuple[int, int]], *, tolerances_too: bool = True
) -> Redistributed:
    """Hand out what arrived first come, first served: every wish first, then every tolerance.

    ``wishes`` are (quantity, tolerance) in the order of filing. Nobody gets more than the two
    together; what is left over is surplus. Raises PackNotUsable.
    """
    _check(received, *(number for wish in wishes for number in wish), pack=1)
    left, units = received, [0] * len(wishes)
    for part in range(2 if tolerances_too else 1):
        for place, wish in enumerate(wishes):
            given = min(left, wish[part])
            units[place] += given
            left -= given
    return Redistributed(units, left)


def _check(*units: int, pack: int) -> None:
    if not all(type(number) is int for number in (*units, pack)) or min(units) < 0 or pack < 1:
        raise PackNotUsable(units=list(units), pack=pack)
