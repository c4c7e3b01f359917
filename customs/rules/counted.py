"""What was counted in before it was declared, as papers have it."""

from __future__ import annotations

from dataclasses import dataclass

#: What sets of papers did not always have: ``amended`` is goods line (0: the head) and field of
#: what customs amended on the way to a version.
LATER = ("permits", "counted", "amended", "lists", "month")


@dataclass(frozen=True, slots=True)
class Counted:
    """Goods that went in first, counted before they were declared: the voyage has what came in.

    ``missing`` is what the units cost that were announced and did not come, less those over.
    """

    receipt: str
    missing: int
