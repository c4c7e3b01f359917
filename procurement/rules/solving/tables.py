"""The terms of a round as arrays, for arithmetic on very many rows at once; whole numbers only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from procurement.rules.solving.freighting import Freight
from procurement.rules.solving.terms import BILLION, MILLION, MOST_UNITS, Pricing, Problem

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Tables:
    """The terms as arrays; offers sorted by product, then id; breaks as columns."""

    def __init__(self, problem: Problem) -> None:
        places = {item.product: place for place, item in enumerate(problem.items)}
        lanes = problem.lane_places
        offers = sorted(problem.offers, key=lambda o: (places[o.product], o.id))
        self.lanes = problem.lanes
        self.freight = [Freight(lane) for lane in problem.lanes]
        self.product = column(item.product for item in problem.items)
        self.weight = column(item.gross_weight_g for item in problem.items)
        self.volume = column(item.volume_cm3 for item in problem.items)
        self.duty = column(item.duty_ppm for item in problem.items)
        self.offer = column(offer.id for offer in offers)
        self.lane = column(lanes[offer.lane] for offer in offers)
        self.pack = column(offer.pack_quantity for offer in offers)
        self.multiple = column(offer.multiple for offer in offers)
        self.least = column(offer.least_packs for offer in offers)
        of = column(places[offer.product] for offer in offers)
        self.count = np.bincount(of, minlength=len(self.product)).astype(np.int64)
        self.begin = np.cumsum(self.count) - self.count
        self.incremental = np.array(
            [offer.pricing is Pricing.INCREMENTAL for offer in offers], dtype=np.bool_
        )
        width = max((len(offer.breaks) for offer in offers), default=1)
        padded = [(*o.breaks, *(o.breaks[-1],) * (width - len(o.breaks))) for o in offers]
        shape = (len(offers), width)
        self.starts = np.array([[b[0] for b in row] for row in padded], np.int64).reshape(shape)
        self.prices = np.array([[b[1] for b in row] for row in padded], np.int64).reshape(shape)
        # Incremental prices: what all packs at a break's price would lack to the true cost.
        saved = -np.diff(self.prices, axis=1) * (self.starts[:, 1:] - 1)
        self.fixed = np.zeros(shape, dtype=np.int64)
        self.fixed[:, 1:] = np.cumsum(saved, axis=1)
        # A column at a time is what is asked for.
        self.starts, self.prices, self.fixed = (
            np.asfortranarray(table) for table in (self.starts, self.prices, self.fixed)
        )
        self.rate = column(lane.rate_ppb for lane in problem.lanes)
        self.minimum = column(lane.minimum_minor for lane in problem.lanes)
        self.line_fee = column(lane.line_fee for lane in problem.lanes)
        self.order_fee = column(lane.wire_fee + lane.declaration_fee for lane in problem.lanes)
        self.insurance = column(lane.insurance_ppm for lane in problem.lanes)
        # A small order goes as part load: its price, in fen for 10**6 cm3 or g.
        self.by_measure = column(
            0 if not lane.pays_freight
            else lane.lcl_price if lane.lcl_price is not None
            else min(c.price * MILLION // min(c.cm3, c.grams) for c in lane.containers)
            for lane in problem.lanes
        )  # fmt: skip

        # The same for any order, container types as columns; what is not offered costs no end.
        width = max((len(lane.containers) for lane in problem.lanes), default=0)
        boxes = np.full((3, len(problem.lanes), width), np.inf)
        for place, lane in enumerate(problem.lanes):
            for kind, box in enumerate(lane.containers):
                boxes[:, place, kind] = box.price, box.cm3, box.grams
        self.box_price, self.box_cm3, self.box_grams = boxes
        self.pays_freight = np.array([lane.pays_freight for lane in problem.lanes], dtype=np.bool_)
        self.lcl_price = np.array(
            [np.inf if lane.lcl_price is None else lane.lcl_price / MILLION
             for lane in problem.lanes], dtype=np.float64
        )  # fmt: skip
        self.lcl_minimum = column(lane.lcl_minimum for lane in problem.lanes)

    def freight_about(self, lane: Whole, cm3: Floats, grams: Floats) -> Floats:
        """The freight of many orders in float fen: as part load, or in containers of one type of
        which the last may go as part load. The cheapest there is, but for mixed types."""

        def part(cm3: Floats, grams: Floats) -> Floats:
            measure = np.maximum(cm3, grams)
            with np.errstate(invalid="ignore"):
                cost = np.maximum(measure * self.lcl_price[lane], self.lcl_minimum[lane])
            found: Floats = np.where(measure > 0, cost, 0.0)
            return found

        cost = part(cm3, grams)
        # A part load is dearer than a box only where it is large.
        for kind in range(self.box_price.shape[1]):
            price = self.box_price[lane, kind]
            large = np.flatnonzero(cost > price)
            if not len(large):
                continue
            of, price = lane[large], price[large]
            v, g = self.box_cm3[of, kind], self.box_grams[of, kind]
            full = np.maximum(np.ceil(cm3[large] / v), np.ceil(grams[large] / g))
            whole = full * price
            fewer = full - 1
            rest = np.maximum(cm3[large] - fewer * v, grams[large] - fewer * g)
            with np.errstate(invalid="ignore"):
                some = fewer * price + np.maximum(rest * self.lcl_price[of], self.lcl_minimum[of])
            cost[large] = np.minimum(cost[large], np.minimum(whole, some))
        found: Floats = np.where(self.pays_freight[lane], cost, 0.0)
        return found

    def candidates(self, item: Whole) -> tuple[Whole, Whole]:
        """Every offer of every row's product: the row and the place of the offer."""
        count = self.count[item]
        row = np.repeat(np.arange(len(item)), count)
        first = np.repeat(self.begin[item] - (np.cumsum(count) - count), count)
        return row, first + np.arange(len(row))

    def minor(self, offer: Whole, packs: Whole) -> Whole:
        """The exact goods of ``packs`` in the offers' currencies."""
        # Falling prices: all-units takes the last price reached; the cost of incremental
        # prices is the least of their straight lines. Break by break, for few have many.
        steps = range(1, self.starts.shape[1])
        price = self.prices[:, 0][offer]
        for step in steps:
            reached = self.starts[:, step][offer] <= packs
            price = np.where(reached, self.prices[:, step][offer], price)
        minor: Whole = packs * price
        stepped = np.flatnonzero(self.incremental[offer]) if self.incremental.any() else offer[:0]
        if len(stepped):
            of, many = offer[stepped], packs[stepped]
            lines = [self.fixed[:, n][of] + many * self.prices[:, n][of] for n in (0, *steps)]
            minor[stepped] = np.minimum.reduce(lines)
        return minor

    def needed(self, offer: Whole, quantity: Whole) -> Whole:
        """The fewest packs of an offer that hold ``quantity``."""
        packs = up(-(-quantity // self.pack[offer]), self.multiple[offer])
        least: Whole = np.maximum(packs, self.least[offer])
        return least

    def best(self, offer: Whole, quantity: Whole, item: Whole) -> tuple[Whole, Whole]:
        """The packs that cost least landed, and that cost; of two alike the fewer packs."""
        multiple, needed = self.multiple[offer], self.needed(offer, quantity)
        packs, score = needed, self._score(offer, needed, item)
        for step in range(1, self.starts.shape[1]):
            tried = np.maximum(needed, up(self.starts[offer, step], multiple))
            cost = self._score(offer, tried, item)
            better = (cost < score) & (tried <= MOST_UNITS)
            packs, score = np.where(better, tried, packs), np.where(better, cost, score)
        return packs, score

    def _score(self, offer: Whole, packs: Whole, item: Whole) -> Whole:
        lane = self.lane[offer]
        goods = times(self.minor(offer, packs), self.rate[lane], BILLION)
        units = packs * self.pack[offer]
        measure = np.maximum(units * self.volume[item], units * self.weight[item])
        freight = times(measure, self.by_measure[lane], MILLION)
        border = goods + freight
        border = border + times(border, self.insurance[lane], MILLION)
        duty = times(border, self.duty[item], MILLION)
        landed: Whole = border + duty + self.line_fee[lane]
        return landed


def times(numbers: Whole, factor: Whole, divisor: int | Whole) -> Whole:
    """``numbers * factor / divisor`` half up, exact; all at least nothing."""
    if not len(numbers):
        return numbers
    largest = 2 * int(numbers.max()) * int(np.max(factor)) + int(np.max(divisor))
    if largest < 2**63:
        quick: Whole = (2 * numbers * factor + divisor) // (2 * np.asarray(divisor))
        return quick
    # Numbers without end: slower, and only for orders of hundreds of millions.
    wide = numbers.astype(object)
    exact: Whole = ((2 * wide * factor + divisor) // (2 * np.asarray(divisor, object))).astype(
        np.int64
    )
    return exact


def up(packs: Whole, multiple: Whole) -> Whole:
    """Rounded up to a multiple."""
    result: Whole = -(-packs // multiple) * multiple
    return result


def sums(of: Whole, values: Whole, count: int) -> Whole:
    """The values added up by what they are of."""
    added = np.zeros(count, dtype=np.int64)
    np.add.at(added, of, values)
    return added


def column(numbers: Iterable[int]) -> Whole:
    return np.array(list(numbers), dtype=np.int64)
