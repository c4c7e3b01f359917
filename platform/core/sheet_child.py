"""Reading a stranger's table in a process of its own, and what became of that process."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO

from core.workbook import Read, Unreadable

#: The interpreter and its libraries take about 30 MB of it.
MEMORY_BYTES = 400_000_000
CPU_SECONDS = 10
#: What waits for the reader waits no longer, however busy the machine is.
WALL_SECONDS = 40
OUTPUT_BYTES = 60_000_000
#: Neither the environment nor site-packages are looked at: it starts in a twentieth of a second.
_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from core.sheet_reader import main; sys.exit(main(sys.argv[2:]))"
)
_FOLDER = str(Path(__file__).resolve().parents[1])


class ReaderStopped(Exception):
    """The reader came to one of its limits and was ended."""


def rows_in_child(kind: str, content: bytes, *, columns: int) -> Generator[Read]:
    """Rows as :mod:`core.sheet_reader` tells them. Close the generator to end it early.

    Raises Unreadable, or ReaderStopped when it took too much time or memory.
    """
    limits = (MEMORY_BYTES, CPU_SECONDS, OUTPUT_BYTES, columns)
    ends_at = time.monotonic() + WALL_SECONDS
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        # It inherits its three streams and nothing else: no connection, no secret, no variable.
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _PROGRAM, _FOLDER, kind, *map(str, limits)],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            close_fds=True,
        )
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        yield from _told(process.stdout, ends_at)
    finally:
        process.stdout.close()
        process.kill()
        process.wait()


def _told(stream: IO[bytes], ends_at: float) -> Generator[Read]:
    for line in _lines(stream, ends_at):
        told = json.loads(line)
        if isinstance(told, list):
            number, texts, formulas = told
            yield number, texts, formulas
        elif "refused" in told:
            raise Unreadable(str(told.pop("refused")), **told)
        else:
            return
    raise ReaderStopped


def _lines(stream: IO[bytes], ends_at: float) -> Generator[bytes]:
    """Whole lines, for as long as there is time; half a line is the end of a reader."""
    rest = b""
    with selectors.DefaultSelector() as ready:
        ready.register(stream, selectors.EVENT_READ)
        while ready.select(max(0.0, ends_at - time.monotonic())):
            chunk = os.read(stream.fileno(), 1 << 18)
            if not chunk:
                return
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
