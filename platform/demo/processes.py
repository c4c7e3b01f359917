"""The worker and the web server that the demo runs beside itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def _with_parent() -> None:
    """Ask the kernel to end this child when the demo dies, even by ``kill -9``."""
    import ctypes

    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def child(
    arguments: list[str], *, log: Path, extra: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside us; it ends with the block, or with us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **(extra or {})},
            preexec_fn=_with_parent,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


@contextmanager
def worker(folder: Path, *, clock: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker with its sweeper. ``clock``: see ``core.clock``."""
    told = {"BONDPOOL_CLOCK_FILE": str(clock)} if clock else {}
    with child(["django", "worker"], log=folder / "worker.log", extra=told) as process:
        yield process
