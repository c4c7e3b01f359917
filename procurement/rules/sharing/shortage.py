"""The rules by which less than was wanted is shared, by their names.

They stand apart from the sharing itself: a model names them, and needs no table of a million lines.
"""

from enum import StrEnum


class Shortage(StrEnum):
    """How a real shortage is shared."""

    PRO_RATA = "pro_rata"
    UNIFORM = "uniform"
    UNIFORM_FLOOR = "uniform_floor"
