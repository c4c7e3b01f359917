"""Where each seller that goes alone would buy: every way of a small one, the likely of a large one.

A way says of each line of a seller from which offer it comes, or from which two: full packs of
one and the rest of another. A seller with few lines and offers is tried in all its ways. Of one
with more, each set of suppliers is tried with every line from the cheapest of them; and of one
with very many suppliers the way in which it has left out those whose fees cost too much.

Most orders are like others, of the same packs of the same offers, in other ways or of other
sellers: each is worked out once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from procurement.rules.solving.alone_orders import Flags, Needs, Packed, added
from procurement.rules.solving.tables import Floats, Tables, Whole

#: All ways are tried of a seller with so many; and so many suppliers in every set of a larger one.
MOST_WAYS: Final = 512
MOST_LANES: Final = 7
#: Of a line that comes from two offers, so many packs fewer than the first could hold are tried.
FEWER: Final = 3
#: So many lines of ways are held at once.
_AT_ONCE: Final = 600_000

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Wishes:
    """One row a seller and product, sorted by both; ``who`` counts the sellers from 0."""

    who: Whole
    item: Whole
    quantity: Whole


@dataclass(frozen=True, slots=True)
class Singles:
    """Every offer of every row, sorted by row, and what the row costs of it by itself, fen."""

    row: Whole
    offer: Whole
    score: Whole


@dataclass(frozen=True, slots=True)
class Bought:
    """One row a line of a seller's own order, sorted by who, lane and item."""

    row: Whole
    offer: Whole
    quantity: Whole
    packs: Whole


@dataclass(frozen=True, slots=True)
class _Choices:
    """What each row may come from, sorted by row: an offer, or two. ``other`` -1 for none."""

    row: Whole
    offer: Whole
    quantity: Whole
    other: Whole
    rest: Whole
    score: Whole
    first: Whole
    count: Whole


def choose(tables: Tables, wishes: Wishes, single: Singles, likely: Whole) -> Bought:
    """The cheapest way of each seller; ``likely``: the offer of each row in the likely way."""
    if not len(wishes.who):
        none = np.zeros(0, dtype=np.int64)
        return Bought(none, none, none, none)
    choices = _choices(tables, wishes, single)
    found = [
        _best(tables, wishes, choices, tried) for tried in _tried(tables, wishes, choices, likely)
    ]
    order = np.lexsort(
        (
            np.concatenate([wishes.item[one.row] for one in found]),
            np.concatenate([tables.lane[one.offer] for one in found]),
            np.concatenate([wishes.who[one.row] for one in found]),
        )
    )
    return Bought(
        *(
            np.concatenate([getattr(one, name) for one in found])[order]
            for name in ("row", "offer", "quantity", "packs")
        )
    )


def _choices(tables: Tables, wishes: Wishes, single: Singles) -> _Choices:
    row, offer, score = single.row, single.offer, single.score
    quantity = wishes.quantity[row]
    one, two, split, cost = _split(tables, wishes, single)
    both = np.concatenate([row, row[one]])
    alone = np.full(len(row), -1, dtype=np.int64)
    # Single offers first, in their order; then what is split over two.
    order = np.lexsort((np.arange(len(both)), both))
    count = np.bincount(both, minlength=len(wishes.who)).astype(np.int64)

    def column(whole: Whole, parts: Whole) -> Whole:
        joined: Whole = np.concatenate([whole, parts])[order]
        return joined

    return _Choices(
        row=both[order],
        offer=column(offer, offer[one]),
        quantity=column(quantity, split),
        other=column(alone, offer[two]),
        rest=column(np.zeros(len(row), dtype=np.int64), quantity[one] - split),
        score=column(score, cost),
        first=np.cumsum(count) - count,
        count=count,
    )


def _split(tables: Tables, wishes: Wishes, single: Singles) -> tuple[Whole, Whole, Whole, Whole]:
    """Full packs of one offer and the rest of another, where that may cost less than either: the
    places of both among the candidates, the units of the first, and what they cost by themselves.
    """
    row, offer, score = single.row, single.offer, single.score
    count = np.bincount(row, minlength=len(wishes.who))
    # Not of sellers too large to be tried in more than one way.
    beside = np.where(_is_manageable(tables, wishes, single, count)[row], count[row] - 1, 0)
    begin = (np.cumsum(count) - count)[row]
    one = np.repeat(np.arange(len(row)), beside)
    two = begin[one] + _spread(np.zeros(len(row), dtype=np.int64), beside)
    two += two >= one
    # As many full packs as the wish holds, and a few less.
    fewer = np.repeat(np.arange(FEWER + 1), len(one))
    one, two = np.tile(one, FEWER + 1), np.tile(two, FEWER + 1)
    multiple = tables.multiple[offer[one]]
    quantity = wishes.quantity[row[one]]
    packs = (quantity // tables.pack[offer[one]] // multiple - fewer) * multiple
    units = packs * tables.pack[offer[one]]
    able = (packs >= np.maximum(tables.least[offer[one]], 1)) & (units < quantity)
    one, two, units = one[able], two[able], units[able]
    item = wishes.item[row[one]]
    _packs, first = tables.best(offer[one], units, item)
    _packs, second = tables.best(offer[two], wishes.quantity[row[one]] - units, item)
    cost = first + second
    pays = cost < np.minimum(score[one], score[two])
    return one[pays], two[pays], units[pays], cost[pays]


def _is_manageable(tables: Tables, wishes: Wishes, single: Singles, count: Whole) -> Flags:
    """Of each row, whether its seller has so few lines or suppliers that it may choose."""
    sellers = int(wishes.who[-1]) + 1
    ways = np.bincount(wishes.who, np.log(count), minlength=sellers)
    width = max(len(tables.lanes), 1)
    used = np.zeros(sellers * width, dtype=np.bool_)
    used[wishes.who[single.row] * width + tables.lane[single.offer]] = True
    lanes = used.reshape(sellers, width).sum(axis=1)
    able: Flags = ((ways <= np.log(MOST_WAYS)) | (lanes <= MOST_LANES))[wishes.who]
    return able


@dataclass(frozen=True, slots=True)
class _Tried:
    """One row a way and line: the place of its choice; ways of a seller lie together."""

    way: Whole
    choice: Whole
    who: Whole  # of each way


def _tried(tables: Tables, wishes: Wishes, choices: _Choices, likely: Whole) -> Iterator[_Tried]:
    who = wishes.who
    begin = np.flatnonzero(np.diff(who, prepend=-1))
    lines = np.diff(np.append(begin, len(who)))
    logs = np.minimum(np.add.reduceat(np.log(choices.count.astype(np.float64)), begin), 50.0)
    ways = np.round(np.exp(logs)).astype(np.float64)
    is_small = ways <= MOST_WAYS
    for sellers in _chunks(np.flatnonzero(is_small), ways * lines):
        yield _all_ways(choices, begin[sellers], lines[sellers], ways[sellers], sellers)
    large = np.flatnonzero(~is_small)
    if not len(large):
        return
    lanes = _lanes(tables, choices, who)
    few = lanes.sum(axis=1) <= MOST_LANES
    sets = np.where(few, 2.0 ** np.minimum(lanes.sum(axis=1), MOST_LANES), 1.0)
    for sellers in _chunks(large[few[large]], sets * lines):
        yield _sets(tables, choices, lanes, begin, lines, sellers)
    rest = large[~few[large]]
    if len(rest):
        rows = _spread(begin[rest], lines[rest])
        yield _likely(choices, rows, likely, rest, lines[rest])


def _chunks(sellers: Whole, size: Floats) -> Iterator[Whole]:
    """The sellers in portions that are held at once."""
    ends = np.cumsum(size[sellers])
    begin, done = 0, 0.0
    while begin < len(sellers):
        end = max(int(np.searchsorted(ends, done + _AT_ONCE)), begin + 1)
        yield sellers[begin:end]
        begin, done = end, float(ends[end - 1])


def _spread(begin: Whole, count: Whole) -> Whole:
    """``begin``, ``begin + 1`` … of each, one after the other."""
    found: Whole = np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
    return found


def _all_ways(
    choices: _Choices, begin: Whole, lines: Whole, ways: Floats, sellers: Whole
) -> _Tried:
    many = ways.astype(np.int64)
    who = np.repeat(np.arange(len(sellers)), many)
    number = _spread(np.zeros(len(sellers), dtype=np.int64), many)
    way = np.repeat(np.arange(len(who)), lines[who])
    row = _spread(begin[who], lines[who])
    # The number of the way in mixed digits, the first line's the fastest.
    rows = _spread(begin, lines)
    stride = _strides(choices.count[rows], lines)
    at = np.zeros(len(choices.count), dtype=np.int64)
    at[rows] = stride
    choice = choices.first[row] + number[way] // at[row] % choices.count[row]
    return _Tried(way, choice, sellers[who])


def _strides(count: Whole, lines: Whole) -> Whole:
    """Of each line, how many ways the lines of its seller before it make together."""
    stride = np.ones(len(count), dtype=np.int64)
    place = _spread(np.zeros(len(lines), dtype=np.int64), lines)
    for turn in range(1, int(lines.max()) if len(lines) else 0):
        mine = np.flatnonzero(place == turn)
        stride[mine] = stride[mine - 1] * count[mine - 1]
    return stride


def _lanes(tables: Tables, choices: _Choices, who: Whole) -> Flags:
    """Of each seller, in which suppliers' orders it may be."""
    found = np.zeros((int(who[-1]) + 1, max(len(tables.lanes), 1)), dtype=np.bool_)
    found[who[choices.row], tables.lane[choices.offer]] = True
    return found


def _sets(
    tables: Tables,
    choices: _Choices,
    lanes: Flags,
    begin: Whole,
    lines: Whole,
    sellers: Whole,
) -> _Tried:
    """Every set of suppliers that has all a seller wishes, each line from the cheapest of it."""
    # The place of each lane among its seller's.
    digit = np.cumsum(lanes, axis=1) - 1
    ways, picks, of = [], [], []
    done = 0
    for turn in range(1, 2**MOST_LANES):
        held = sellers[lanes[sellers].sum(axis=1) > int(turn).bit_length() - 1]
        if not len(held):
            break
        rows = _spread(begin[held], lines[held])
        place = _spread(choices.first[rows], choices.count[rows])
        who = np.repeat(np.repeat(held, lines[held]), choices.count[rows])
        first = (turn >> digit[who, tables.lane[choices.offer[place]]]) & 1
        other = choices.other[place]
        second = (turn >> digit[who, tables.lane[np.maximum(other, 0)]]) & 1
        is_in = (first == 1) & ((other < 0) | (second == 1))
        score = np.where(is_in, choices.score[place], np.iinfo(np.int64).max)
        line = np.repeat(np.arange(len(rows)), choices.count[rows])
        best = np.lexsort((score, line))
        heads = best[np.diff(line[best], prepend=-1) != 0]
        seller = np.repeat(np.arange(len(held)), lines[held])
        whole = np.ones(len(held), dtype=np.bool_)
        whole[seller[score[heads] == np.iinfo(np.int64).max]] = False
        kept = whole[seller]
        ways.append(done + seller[kept])
        picks.append(place[heads][kept])
        of.append(held)
        done += len(held)
    way, choice, who = np.concatenate(ways), np.concatenate(picks), np.concatenate(of)
    # Ways of a seller together, those without any line left out.
    used, way = np.unique(way, return_inverse=True)
    order = np.argsort(who[used], kind="stable")
    turned = np.empty(len(used), dtype=np.int64)
    turned[order] = np.arange(len(used))
    by_way = np.argsort(turned[way], kind="stable")
    return _Tried(turned[way][by_way], choice[by_way], who[used][order])


def _likely(choices: _Choices, rows: Whole, likely: Whole, sellers: Whole, lines: Whole) -> _Tried:
    """One way a seller: that in which each line comes from the likely offer."""
    place = _spread(choices.first[rows], choices.count[rows])
    is_it = (choices.offer[place] == likely[choices.row[place]]) & (choices.other[place] < 0)
    way = np.repeat(np.arange(len(sellers)), lines)
    return _Tried(way, place[is_it], sellers)


def _best(tables: Tables, wishes: Wishes, choices: _Choices, tried: _Tried) -> Bought:
    """Work out the orders of all ways, and take the cheapest way of each seller."""
    other = choices.other[tried.choice]
    two = np.flatnonzero(other >= 0)
    way = np.concatenate([tried.way, tried.way[two]])
    choice = np.concatenate([tried.choice, tried.choice[two]])
    offer = np.concatenate([choices.offer[tried.choice], other[two]])
    quantity = np.concatenate([choices.quantity[tried.choice], choices.rest[tried.choice[two]]])
    lane = tables.lane[offer]
    order = np.lexsort((choices.row[choice], lane, way))
    way, choice, offer, quantity, lane = (
        column[order] for column in (way, choice, offer, quantity, lane)
    )
    starts = np.flatnonzero((np.diff(way, prepend=-1) != 0) | (np.diff(lane, prepend=-1) != 0))
    size = np.diff(np.append(starts, len(way)))
    sellers, seller = np.unique(tried.who, return_inverse=True)
    # Of orders of the same packs of the same offers only the first is worked out.
    mark = _marked(offer, tables.needed(offer, quantity), starts, size)
    _marks, place, of = np.unique(mark, return_index=True, return_inverse=True)
    rows = _spread(starts[place], size[place])
    needs = Needs(
        order=np.repeat(np.arange(len(place)), size[place]),
        offer=offer[rows],
        item=wishes.item[choices.row[choice[rows]]],
        quantity=quantity[rows],
        lane=lane[starts[place]],
    )
    packed = Packed(tables, needs)
    in_way = way[starts]
    count = len(tried.who)

    def summed(cost: Floats) -> Floats:
        return added(in_way, cost, count)

    least = np.full(len(sellers), np.inf)
    before, packs = packed.cost()[of], packed.packs.copy()
    np.minimum.at(least, seller, summed(before))
    # Only what may become the cheapest way of its seller is looked at more closely.
    able = (summed(packed.bound()[of]) < least[seller])[in_way]
    worth = np.zeros(len(place), dtype=np.bool_)
    worth[of[able]] = True
    packed.raise_two(worth)
    cost = summed(np.where(able, packed.cost()[of], before))
    best = np.lexsort((np.arange(count), cost, seller))
    won = np.zeros(count, dtype=np.bool_)
    won[best[np.diff(seller[best], prepend=-1) != 0]] = True
    orders = np.flatnonzero(won[in_way])
    # The packs of an order stand where it was worked out.
    first = np.cumsum(size[place]) - size[place]
    from_rows = _spread(first[of[orders]], size[orders])
    to_rows = _spread(starts[orders], size[orders])
    return Bought(
        row=choices.row[choice[to_rows]],
        offer=offer[to_rows],
        quantity=quantity[to_rows],
        packs=np.where(
            np.repeat(able[orders], size[orders]), packed.packs[from_rows], packs[from_rows]
        ),
    )


def _marked(offer: Whole, needed: Whole, starts: Whole, size: Whole) -> Hashes:
    """A mark of each order; alike for orders of the same lines in the same order."""
    turn = np.arange(len(offer)) - np.repeat(starts, size)
    mark = np.zeros(len(offer), dtype=np.uint64)
    for numbers in (offer, needed, turn):
        mark = _mixed(mark + numbers.astype(np.uint64))
    marks: Hashes = np.add.reduceat(mark, starts)
    return marks


def _mixed(numbers: Hashes) -> Hashes:
    """Well-mixed marks whose sums tell sets apart."""
    x = numbers * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x2545F4914F6CDD1D)
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    x ^= x >> np.uint64(31)
    return x
