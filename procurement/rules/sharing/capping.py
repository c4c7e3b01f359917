"""Nobody pays more in the pool than it would have paid alone.

Where the drivers put more on a seller than its stand-alone cost, the seller pays that cost, and
what was cut is spread again among those below theirs, by what each already bears: so relations
between the others stay what the declared drivers made them, as long as nobody reaches its own
cap. Whole minor units, largest remainder, ties to the lower company id. Each turn fills somebody
up to its cap or is the last, so it ends.

Where all caps together are below the bill no split can satisfy all: everybody pays its cap and
the platform bears the rest (``borne``, a stated amount), or those leave who would pay less
alone. The platform's own part of the bill is never capped: leave it out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.errors import InputError
from procurement.rules.sharing.splitting import Groups, Mask, Whole, divided, split_told

#: Sums of ten thousand of them fit their column.
LARGEST_SHARE: Final = 10**14


class CapsNotUsable(InputError):
    """Shares and stand-alone costs are whole amounts not below 0, one of each for every seller."""

    code = "procurement.caps_not_usable"


@dataclass(frozen=True, slots=True)
class Capped:
    """``paid`` + ``borne`` is the bill; a seller's ``paid`` is its share - ``cut`` + ``added``.

    The last turn of spreading, from which each ``added`` of those who took part in it
    (``in_last``) can be told by itself: ``left`` was spread over the sum of their ``basis``,
    ``basis_sum``, as :class:`~procurement.rules.sharing.splitting.Split` tells with
    ``remainder``, ``cut_at``, ``taken`` and ``place``. All others with something added were
    filled up to their cap.
    """

    paid: Whole
    cut: Whole
    added: Whole
    borne: int
    in_last: Mask
    left: int
    basis: Whole
    basis_sum: int
    remainder: Whole
    cut_at: int
    taken: int
    place: Whole

    @property
    def feasible(self) -> bool:
        """Do the caps carry the bill, so that the platform bears nothing?"""
        return self.borne == 0


def cap(sellers: Whole, shares: Whole, alone: Whole, *, spreads: bool = True) -> Capped:
    """Cap every seller's share by what it would pay alone.

    ``sellers`` are the companies' ids, each once, in any order; ``shares`` and ``alone`` minor
    units of one currency, one a seller. The answer is in the order of ``sellers``. Unless it
    ``spreads``, the platform bears all that is cut.
    Raises CapsNotUsable.
    """
    if not sellers.shape == shares.shape == alone.shape or shares.ndim != 1:
        raise CapsNotUsable(reason="length")
    if len(np.unique(sellers)) < len(sellers):
        raise CapsNotUsable(reason="twice")
    for values in (shares, alone):
        if values.dtype.kind != "i" or (
            len(values) and (int(values.min()) < 0 or int(values.max()) > LARGEST_SHARE)
        ):
            raise CapsNotUsable(reason="size")
    turn = np.argsort(sellers)
    told = _cap(shares[turn].astype(np.int64), alone[turn].astype(np.int64), spreads)
    back = np.argsort(turn)
    each = ("paid", "cut", "added", "in_last", "basis", "remainder", "place")
    return replace(told, **{name: getattr(told, name)[back] for name in each})


def _cap(shares: Whole, alone: Whole, spreads: bool) -> Capped:
    kept = np.minimum(shares, alone)
    cut, room = shares - kept, (alone - kept) * spreads
    over = int(cut.sum())
    left = min(over, int(room.sum()))
    borne = over - left
    added, remainder, place = (np.zeros(len(shares), dtype=np.int64) for _ in range(3))
    in_last, basis = np.zeros(len(shares), dtype=np.bool_), np.zeros(len(shares), dtype=np.int64)
    cut_at = taken = basis_sum = 0
    rows = np.flatnonzero(room > 0) if left else np.zeros(0, dtype=np.int64)
    while len(rows) and left:
        # Who bears nothing by the drivers takes something only when all others are full.
        weight = shares[rows] if shares[rows].any() else room[rows]
        total = int(weight.sum())
        every = np.full(len(rows), 1, dtype=np.int64)
        floors, _ = divided(every * left, weight, every * total)
        full = floors >= room[rows]
        if full.any():
            added[rows[full]] = room[rows[full]]
            left -= int(room[rows[full]].sum())
            rows = rows[~full]
            continue
        group = Groups.of_rows(np.zeros(len(rows), dtype=np.int64), 1)
        told = split_told(group, np.array([left], dtype=np.int64), weight)
        added[rows], remainder[rows], place[rows] = told.parts, told.remainders, told.place
        in_last[rows], basis[rows], basis_sum = True, weight, total
        cut_at, taken = int(told.cut[0]), int(told.taken[0])
        break
    else:
        left = 0
    return Capped(
        kept + added, cut, added, borne,
        in_last, left, basis, basis_sum, remainder, cut_at, taken, place,
    )  # fmt: skip
