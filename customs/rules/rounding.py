"""How a tax comes to whole amounts.

No source settles it: of two bills of customs one is rounded half up and one down (230.07 for
230.0753 was printed, 255.10 for 255.1003). So it is a dated policy, and customs' own bill decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import lcm

from core.money import shared

#: Decimals of a yuan that a bill has.
FEN_PLACES = 2


class Mode(StrEnum):
    """Which way what is between two amounts goes."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


class Basis(StrEnum):
    """What is rounded: each tax of each line, or each tax of the whole list."""

    LINE = "line"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Rounding:
    """The policy of a day; ``places`` are decimals of a yuan, two at most."""

    mode: Mode = Mode.HALF_UP
    basis: Basis = Basis.LINE
    places: int = FEN_PLACES


USUAL = Rounding()


def rounded(amount: Fraction, how: Rounding = USUAL) -> int:
    """An amount of fen, never negative, as whole fen of the policy's places."""
    step: int = 10 ** (FEN_PLACES - how.places)
    exact = amount / step
    whole, rest = divmod(exact.numerator, exact.denominator)
    twice = 2 * rest - exact.denominator
    is_up = {
        Mode.HALF_UP: twice >= 0,
        Mode.HALF_EVEN: twice > 0 or (twice == 0 and whole % 2 == 1),
        Mode.DOWN: False,
        Mode.UP: rest > 0,
    }[how.mode]
    return (whole + is_up) * step


def rounded_lines(amounts: Sequence[Fraction], how: Rounding) -> list[int]:
    """One tax of all lines of a list; of a list that is rounded whole, its exact parts."""
    if how.basis == Basis.LINE:
        return [rounded(amount, how) for amount in amounts]
    total = rounded(sum(amounts, Fraction(0)), how)
    if not total:
        return [0] * len(amounts)
    scale = lcm(*(amount.denominator for amount in amounts))
    return shared(total, [int(amount * scale) for amount in amounts])
