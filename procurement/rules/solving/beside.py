"""Programmes that do not know of each other are solved beside each other, one on each core.

The solver lets go of the interpreter while it works. Which of two is done first changes nothing:
answers come in the order of the tasks, and only a time limit can tell two runs apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")

#: So many are solved at once.
WORKERS: Final = 2


def solve_each(
    tasks: Sequence[Task],
    sizes: Sequence[int],
    work: Callable[[Task, float], Answer],
    *,
    ends: float,
    timer: Callable[[], float],
) -> list[Answer]:
    """``work`` on each task with its seconds: of what is left, its share by its size."""
    left = sum(sizes)
    lock = Lock()

    def one(task: Task, size: int) -> Answer:
        nonlocal left
        with lock:
            # Each of the workers has the time that is left.
            span = max(ends - timer(), 0.0)
            span = min(span * WORKERS * size / max(left, 1), span)
            left -= size
        return work(task, span)

    if len(tasks) < WORKERS:
        return [one(task, size) for task, size in zip(tasks, sizes, strict=True)]
    with ThreadPoolExecutor(max_workers=WORKERS) as beside:
        return list(beside.map(one, tasks, sizes))
