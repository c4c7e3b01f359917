"""Two other ways of sharing a joint cost, shown beside the real shares; nobody pays by them.

Both ask a cost function what any group of sellers would pay together. Shapley's value is the
mean of what a seller adds when all join one after the other, over all orders of joining:
exact up to twelve sellers, above that over drawn orders, with the standard error told.
Separable cost and remaining benefit: each bears what the pool would save without it, and the
rest by what going alone would cost each above that.

Numbers are fractions of minor units until the last step; nothing is a float.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from core.errors import InputError
from procurement.rules.sharing.splitting import Whole
from procurement.rules.solving.alone import alone
from procurement.rules.solving.terms import Problem

#: 2**12 groups are asked for; one seller more doubles that.
MOST_EXACT: Final = 12

Group = frozenset[int]
#: What each group of sellers would pay together, minor units. Nobody's group is never asked.
JointCosts = Callable[[Sequence[Group]], Sequence[int]]


class ReportNotPossible(InputError):
    """Joint costs are compared for at least one seller, each once, and from at least two draws."""

    code = "procurement.report_not_possible"


@dataclass(frozen=True, slots=True)
class Report:
    """``values`` come to the joint cost exactly; so do ``minor``, rounded by largest remainder.

    ``errors`` are the standard errors of drawn values in minor units, rounded up (None: exact);
    ``draws`` orders were drawn with ``seed``.
    """

    sellers: tuple[int, ...]
    values: tuple[Fraction, ...]
    minor: tuple[int, ...]
    errors: tuple[int, ...] | None = None
    draws: int = 0
    seed: int | None = None


def pool_costs(
    problem: Problem, *, sellers: Whole, products: Whole, quantities: Whole, bill: int | None = None
) -> JointCosts:
    """What any group would pay if it bought as one, by the engine that says what one pays alone.

    One entry of the arrays a wish. ``bill``, where given, is what everybody together really
    pays: then the values come to it.
    """
    everybody = frozenset(sellers.tolist())
    rows = {seller: np.flatnonzero(sellers == seller) for seller in everybody}

    def asked(groups: Sequence[Group]) -> Sequence[int]:
        taken = [np.concatenate([rows[seller] for seller in group]) for group in groups]
        of = np.repeat(np.arange(len(groups)), [len(wishes) for wishes in taken])
        at = np.concatenate(taken)
        found = alone(problem, sellers=of, products=products[at], quantities=quantities[at])
        totals = np.zeros(len(groups), dtype=np.int64)
        totals[found.sellers] = found.totals
        costs: list[int] = totals.tolist()
        if bill is not None:
            costs = [
                bill if group == everybody else cost
                for group, cost in zip(groups, costs, strict=True)
            ]
        return costs

    return asked


def shapley(
    sellers: Sequence[int], costs: JointCosts, *, draws: int = 1000, seed: int = 0
) -> Report:
    """Shapley's value of a joint cost, exact for up to MOST_EXACT sellers.

    Above, ``draws`` orders of joining are drawn, in pairs of an order and its reverse, whose
    errors partly cancel. The same seed gives the same report, in whatever order the sellers
    are given. Raises ReportNotPossible.
    """
    players = _players(sellers)
    if len(players) <= MOST_EXACT:
        values = _exact(players, costs)
        return Report(players, values, _rounded(values))
    if draws < 2:
        raise ReportNotPossible(draws=draws)
    # Orders for an estimate, not a secret.
    chance = random.Random(seed)  # noqa: S311
    sums, squares = dict.fromkeys(players, 0), dict.fromkeys(players, 0)
    pairs = -(-draws // 2)
    for _pair in range(pairs):
        order = list(players)
        chance.shuffle(order)
        # The two of a pair are one draw: they are not independent of each other.
        added = dict.fromkeys(players, 0)
        for joining in (order, order[::-1]):
            before = 0
            groups = [frozenset(joining[: n + 1]) for n in range(len(joining))]
            for player, now in zip(joining, costs(groups), strict=True):
                added[player] += now - before
                before = now
        for player, twice in added.items():
            sums[player] += twice
            squares[player] += twice * twice
    values = tuple(Fraction(sums[player], 2 * pairs) for player in players)
    errors = tuple(_error(sums[player], squares[player], pairs) for player in players)
    return Report(players, values, _rounded(values), errors, 2 * pairs, seed)


def separable_costs(sellers: Sequence[int], costs: JointCosts) -> Report:
    """Separable cost, and the rest by remaining benefit (alternate cost avoided).

    Where nobody has a benefit left the rest is shared equally. Raises ReportNotPossible.
    """
    players = _players(sellers)
    everybody = frozenset(players)
    groups = [everybody, *(frozenset({player}) for player in players)]
    if len(players) > 1:
        groups += [everybody - {player} for player in players]
    joint, *others = costs(groups)
    without = others[len(players) :] or [0]
    separable = [joint - cost for cost in without]
    benefit = [max(0, own - cost) for own, cost in zip(others, separable, strict=False)]
    rest = joint - sum(separable)
    weights = benefit if sum(benefit) else [1] * len(players)
    values = tuple(
        own + Fraction(rest * weight, sum(weights))
        for own, weight in zip(separable, weights, strict=True)
    )
    return Report(players, values, _rounded(values))


def better_apart(sellers: Sequence[int], costs: JointCosts) -> list[tuple[int, int]]:
    """Whom the pool would do better without: (seller, what all would save), most first.

    Such a seller brings the bill more than it would pay alone: where the caps are below the
    bill, it should leave before the platform bears the rest. Asks for as many groups as there
    are sellers, each of all but one. Raises ReportNotPossible.
    """
    players = _players(sellers)
    everybody = frozenset(players)
    groups = [everybody, *(frozenset({player}) for player in players)]
    groups += [everybody - {player} for player in players if len(players) > 1]
    joint, *others = costs(groups)
    saved = [
        (player, joint - without - own)
        for player, own, without in zip(players, others, others[len(players) :], strict=False)
    ]
    return sorted((pair for pair in saved if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))


def _players(sellers: Sequence[int]) -> tuple[int, ...]:
    if not sellers or len(set(sellers)) < len(sellers):
        raise ReportNotPossible(sellers=len(sellers))
    return tuple(sorted(sellers))


def _exact(players: tuple[int, ...], asked: JointCosts) -> tuple[Fraction, ...]:
    count = len(players)
    # Of count! orders so many have a given group first and a given player next.
    orders = [math.factorial(n) * math.factorial(count - n - 1) for n in range(count)]
    groups = [
        frozenset(player for n, player in enumerate(players) if group >> n & 1)
        for group in range(1, 2**count)
    ]
    costs = [0, *asked(groups)]
    return tuple(
        Fraction(
            sum(
                orders[group.bit_count()] * (costs[group | 1 << n] - costs[group])
                for group in range(2**count)
                if not group >> n & 1
            ),
            math.factorial(count),
        )
        for n in range(count)
    )


def _error(total: int, squares: int, pairs: int) -> int:
    """Standard error of the mean of halves of the sums of pairs, rounded up."""
    if pairs < 2:
        return 0
    # (sum of squares - total^2 / n) / (n - 1) / n, and halves of sums are a quarter of that.
    spread = Fraction(squares * pairs - total * total, 4 * pairs * pairs * (pairs - 1))
    whole = math.ceil(spread)
    root = math.isqrt(whole)
    return root if root * root == whole else root + 1


def _rounded(values: tuple[Fraction, ...]) -> tuple[int, ...]:
    """Whole minor units that come to the same; largest remainder, ties to the lower company."""
    floors = [math.floor(value) for value in values]
    left = int(sum(values)) - sum(floors)
    turn = sorted(range(len(values)), key=lambda n: (floors[n] - values[n], n))
    for n in turn[:left]:
        floors[n] += 1
    return tuple(floors)
