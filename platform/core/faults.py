"""Several things of which one that fails must not hold up the others, and yet is not swallowed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


def each_of(things: Iterable[T], do: Callable[[T], int]) -> int:
    """Do every one of them, each in a transaction of its own, and add up what came of it.

    Raises at the end whatever was raised on the way, so that whoever rang is told.
    """
    done, faults = 0, []
    for one in things:
        try:
            done += do(one)
        except Exception as fault:
            log.exception("%r could not be done", one)
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"{len(faults)} could not be done, {done} were", faults)
    return done
