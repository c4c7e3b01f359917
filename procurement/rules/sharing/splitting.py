"""Whole numbers split over the rows of many groups at once, exactly.

Rows of a group stand together, in the order in which ties are broken: of two rows with the
same claim to one unit the earlier gets it. Numbers are ``int64``; where a product of two of
them would not fit, Python's own numbers take over, so no result depends on size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import InputError

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

#: Sums of numbers below this fit their column, and twice over.
LARGEST: Final = 2**62


class NotSplittable(InputError):
    """What is split needs somebody to carry it, and whole numbers that are not below 0."""

    code = "procurement.not_splittable"


@dataclass(frozen=True, slots=True)
class Groups:
    """``of``: the group (0, 1, …) of each row, never falling; ``begins``: first rows, and end."""

    of: Whole
    begins: Whole

    @classmethod
    def of_rows(cls, of: npt.NDArray[np.integer[Any]], count: int) -> Groups:
        rows: Whole = np.asarray(of, dtype=np.int64)
        return cls(rows, np.searchsorted(rows, np.arange(count + 1)).astype(np.int64))

    @property
    def count(self) -> int:
        return len(self.begins) - 1

    @property
    def sizes(self) -> Whole:
        return np.diff(self.begins)

    def sums(self, values: Whole) -> Whole:
        """Sum of each group; the running sum may wrap around, its differences do not."""
        running = np.zeros(len(values) + 1, dtype=np.int64)
        np.cumsum(values, out=running[1:])
        sums: Whole = running[self.begins[1:]] - running[self.begins[:-1]]
        return sums

    def places(self) -> Whole:
        """Place of each row in its group, from 0."""
        return np.arange(len(self.of)) - self.begins[self.of]

    def running(self, values: Whole) -> Whole:
        """Sum of the rows before each row in its group."""
        before = np.cumsum(values) - values
        padded = np.append(before, 0)
        running: Whole = before - padded[self.begins[:-1]][self.of]
        return running

    def only(self, rows: Mask) -> Groups:
        """The same groups with some of their rows."""
        return Groups.of_rows(self.of[rows], self.count)


@dataclass(frozen=True, slots=True)
class Split:
    """Parts, and how the last units were handed out, so that each part can be told by itself.

    A part is ``total * weight // sum`` and one unit more when its remainder is above ``cut`` of
    its group, or equal to it with a ``place`` (from 1, among the equals) up to ``taken``.
    """

    parts: Whole
    remainders: Whole
    cut: Whole
    taken: Whole
    place: Whole


def split(groups: Groups, totals: Whole, weights: Whole, *, pairs_in_turn: bool = False) -> Whole:
    """Each group's total over its rows by weight; largest remainder, ties to the earlier row.

    Totals may be negative (a credit note): they are split as their mirror image. With
    ``pairs_in_turn`` the last unit of a group of two goes to its earlier row whatever the
    remainders are: by these either would learn of the other's weight. Raises NotSplittable for a
    negative weight, or a total that nobody carries.
    """
    parts, remainders, left, sign = _floors(groups, totals, weights, pairs_in_turn)
    parts = parts + largest(groups, remainders, left)
    return parts * sign[groups.of]


def split_told(
    groups: Groups, totals: Whole, weights: Whole, *, pairs_in_turn: bool = False
) -> Split:
    """The same, with what is needed to tell one part from its own numbers."""
    parts, remainders, left, sign = _floors(groups, totals, weights, pairs_in_turn)
    turn = np.lexsort((-remainders, groups.of))
    at = np.clip(groups.begins[:-1] + left - 1, 0, max(0, len(turn) - 1))
    cut = remainders[turn[at]] if len(turn) else np.zeros(groups.count, dtype=np.int64)
    # Where nothing is left over nobody is rounded up: no remainder is above the sum of weights.
    cut = np.where(left > 0, cut, np.maximum(groups.sums(weights), 1))
    above = groups.sums((remainders > cut[groups.of]).astype(np.int64))
    taken = left - above
    equal = remainders == cut[groups.of]
    place = np.where(equal, groups.running(equal.astype(np.int64)) + 1, 0)
    up = (remainders > cut[groups.of]) | (equal & (place <= taken[groups.of]))
    return Split((parts + up) * sign[groups.of], remainders, cut, taken, place)


def _floors(
    groups: Groups, totals: Whole, weights: Whole, pairs_in_turn: bool
) -> tuple[Whole, Whole, Whole, Whole]:
    sign, size = np.where(totals < 0, -1, 1), np.abs(totals)
    if len(weights) and (weights < 0).any():
        raise NotSplittable(reason="negative")
    if float(weights.astype(np.float64).sum()) >= LARGEST or (size >= LARGEST).any():
        raise NotSplittable(reason="too large")
    sums = groups.sums(weights)
    if (size[sums == 0] > 0).any():
        raise NotSplittable(reason="nobody")
    parts, remainders = divided(size[groups.of], weights, np.maximum(sums, 1)[groups.of])
    if pairs_in_turn:
        remainders = np.where((groups.sizes == 2)[groups.of], 0, remainders)
    return parts, remainders, size - groups.sums(parts), sign


def divided(numbers: Whole, times: Whole, by: Whole) -> tuple[Whole, Whole]:
    """``numbers * times`` divided by ``by``, floor and remainder, whatever the size.

    All at least 0, ``by`` above 0; the quotients must fit 63 bits.
    """
    if not len(numbers):
        return numbers.copy(), numbers.copy()
    if int(numbers.max()) * int(times.max()) < LARGEST:
        exact = numbers * times
        floor = exact // by
        return floor, exact - floor * by
    guess = numbers.astype(np.float64) * times / by
    if max(int(numbers.max()), int(times.max()), int(by.max())) < 2**53 and guess.max() < 2**50:
        # The guess is wrong by less than one, so the remainder fits although the product does
        # not: what wraps around in the product wraps back in the difference.
        floor = guess.astype(np.int64)
        rest = numbers * times - floor * by
        step = (rest >= by).astype(np.int64) - (rest < 0)
        return floor + step, rest - step * by
    wide: npt.NDArray[Any] = numbers.astype(object) * times.astype(object)
    floors = wide // by.astype(object)
    return floors.astype(np.int64), (wide - floors * by.astype(object)).astype(np.int64)


def largest(groups: Groups, keys: Whole, counts: Whole) -> Whole:
    """1 for the ``counts`` rows of each group with the largest keys, ties to the earlier; else 0.

    Keys are at least 0; a count is at most the rows of its group.
    """
    chosen = np.zeros(len(keys), dtype=np.int64)
    asked = counts[groups.of] > 0
    if not asked.any():
        return chosen
    rows = np.flatnonzero(asked)
    of, key = groups.of[rows], keys[rows]
    inner = Groups.of_rows(of, groups.count)
    turn = rows[_by_falling(inner, key)]
    chosen[turn[inner.places() < counts[of]]] = 1
    return chosen


def _by_falling(groups: Groups, keys: Whole) -> Whole:
    """The rows ordered by group, then falling key, then position."""
    top = int(keys.max())
    width = int(groups.sizes.max())
    # Group, key and place in one number: a plain sort of it is several times faster than a
    # stable one of three columns.
    if groups.count * (top + 1) * width < LARGEST:
        packed = (groups.of * (top + 1) + (top - keys)) * width + groups.places()
        packed.sort()
        return groups.begins[groups.of] + packed % width
    return np.lexsort((-keys, groups.of)).astype(np.int64)


def by_keys(*keys: Whole) -> Whole:
    """Rows in the order of the keys, the first key first.

    Where all keys and the row's number fit one number, sorting that is several times faster.
    """
    rows = len(keys[0])
    packed, span = np.zeros(rows, dtype=np.int64), max(1, rows)
    for key in keys if rows else ():
        codes, width = key - key.min(), int(key.max()) - int(key.min()) + 1
        if width > 2**22:
            codes, values = pd.factorize(key, sort=True)
            width = len(values)
        span *= width
        if span >= 2**62:
            return np.lexsort(keys[::-1]).astype(np.int64)
        packed = packed * width + codes
    packed = packed * rows + np.arange(rows)
    packed.sort()
    return packed % max(1, rows)


def level_between(groups: Groups, totals: Whole, floors: Whole, tops: Whole) -> Whole:
    """The same for everybody, but nobody below its floor or above its top.

    ``totals`` lie between the sums of floors and of tops. Units that do not go round go to the
    earlier rows among those between the two.
    """
    low = np.zeros(groups.count, dtype=np.int64)
    high = np.full(groups.count, int(tops.max()) if len(tops) else 0, dtype=np.int64)
    # The highest line up to which all may be filled, by halves.
    while (open_ := low < high).any():
        middle = np.where(open_, low + (high - low + 1) // 2, low)
        fits = groups.sums(np.clip(middle[groups.of], floors, tops)) <= totals
        low, high = np.where(fits, middle, low), np.where(fits, high, middle - 1)
        high = np.maximum(low, high)
    filled = np.clip(low[groups.of], floors, tops)
    rest = totals - groups.sums(filled)
    can_rise = (filled < tops) & (filled == low[groups.of])
    turn = groups.running(can_rise.astype(np.int64))
    given: Whole = filled + (can_rise & (turn < rest[groups.of]))
    return given


def level(groups: Groups, totals: Whole, claims: Whole) -> Whole:
    """Constrained equal awards: the same for everybody, and nobody more than its claim.

    Units that do not go round go to the earlier rows among those who claim more. Where there
    is enough for all claims, each gets its claim.
    """
    turn = _by_falling(groups, claims) if len(claims) else np.zeros(0, dtype=np.int64)
    falling = claims[turn]
    # Rising order within each group: the claims that are met whole come first.
    place = groups.places()
    last = groups.begins[1:][groups.of] - 1
    rising = falling[last - place]
    before = groups.running(rising)
    standing = groups.sizes[groups.of] - place
    supply = totals[groups.of]
    unmet = _product_above(rising, standing, supply - before)
    first = groups.sizes - groups.sums(unmet.astype(np.int64))
    # Up to `first` all are met; the others share what is left equally.
    some = first < groups.sizes
    at = np.where(some, groups.begins[:-1] + first, 0)
    rest = np.zeros(groups.count, dtype=np.int64)
    equal = np.full(groups.count, LARGEST, dtype=np.int64)
    if len(claims):
        rest = np.where(some, totals - before[at], 0)
        heads = np.where(some, groups.sizes - first, 1)
        equal = np.where(some, rest // heads, LARGEST)
        rest = np.where(some, rest - equal * heads, 0)
    claiming = claims > equal[groups.of]
    turned = groups.running(claiming.astype(np.int64)) < rest[groups.of]
    return np.minimum(claims, equal[groups.of]) + (claiming & turned)


def _product_above(left: Whole, right: Whole, bound: Whole) -> Mask:
    if len(left) and int(left.max()) * int(right.max()) >= LARGEST:
        wide = left.astype(object) * right.astype(object) > bound.astype(object)
        return np.asarray(wide, dtype=np.bool_)
    return left * right > bound


def capped(groups: Groups, totals: Whole, weights: Whole, caps: Whole) -> Whole:
    """By weight, but nobody above its cap: what somebody cannot take goes to the others.

    A group whose caps come to less than its total gets its caps; the caller sees what is left.
    Rows of weight 0 get something only after all others are full, then by the room they have.
    Ends, because every turn either fills a row of a group or is that group's last.
    """
    parts = np.zeros(len(caps), dtype=np.int64)
    left = np.minimum(totals, groups.sums(caps))
    rows = np.flatnonzero((caps > 0) & (left[groups.of] > 0))
    while len(rows):
        inner = Groups.of_rows(groups.of[rows], groups.count)
        weight, cap = weights[rows], caps[rows]
        weight = np.where((inner.sums(weight) == 0)[inner.of], cap, weight)
        sums = np.maximum(inner.sums(weight), 1)
        floors, _ = divided(left[inner.of], weight, sums[inner.of])
        full = floors >= cap
        ends = (inner.sums(full.astype(np.int64)) == 0)[inner.of]
        if ends.any():
            last = inner.only(ends)
            present = np.where(last.sizes > 0, left, 0)
            parts[rows[ends]] = split(last, present, weight[ends])
        parts[rows[full]] = cap[full]
        left = left - inner.sums(np.where(full, cap, 0))
        rows = rows[~ends & ~full]
        rows = rows[left[groups.of[rows]] > 0]
    return parts
