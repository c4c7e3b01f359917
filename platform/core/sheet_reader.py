"""The program that reads a stranger's table, so that nobody else has to.

It is started for one file and knows nothing else: no Django, no database, no settings. The
file is its standard input; each row with something in it becomes one line of JSON on its
standard output, ``[number, [texts], [positions of formulas]]``, and the last line says how it
went: ``{"done": true}`` or ``{"refused": KIND, ...facts}``. A last line that is missing means that
the kernel ended the program at one of its limits.

    main(["xlsx" or "csv", MEMORY_BYTES, CPU_SECONDS, OUTPUT_BYTES, COLUMNS])
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import signal
import sys
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from core.workbook import Read, Unreadable, xlsx_rows

# A spreadsheet takes the wide signs of a Chinese keyboard for the plain ones, and looks past
# what it cannot show.
FORMULA_SIGNS = (*"=+-@", *"\uff1d\uff0b\uff0d\uff20", "\t", "\r", "\n", "\x00")
# "+86 138 0000" and "-3" are numbers, not formulas: nothing in them can be called.
PLAIN_NUMBER = re.compile(r"[+-]?[\d][\d .,()-]*(?:[eE][+-]?\d+)?")
_MARKED = {"'+", "'-"}
#: A first line longer than this names no columns.
_LONGEST_HEAD = 100_000

_NO_FORMULAS: Collection[int] = ()


def csv_rows(content: bytes, columns: int) -> Iterator[Read]:
    """The rows of a CSV file in UTF-8 or GB18030, set apart by comma, semicolon or tab."""
    text = _decoded(content)
    end = text.find("\n", 0, _LONGEST_HEAD)
    if end < 0 and len(text) > _LONGEST_HEAD:
        raise Unreadable("broken", line=1, reason="line too long")
    first = text[: end if end >= 0 else len(text)]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > columns:
                raise Unreadable("broken", row=reader.line_num, columns=len(row))
            texts = [_unmarked(value.strip()) for value in row]
            if any(texts):
                yield number, texts, _csv_formulas(row, texts)
    except csv.Error as error:
        raise Unreadable("broken", line=reader.line_num, reason=str(error)) from error


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        # UTF-16 and binary files; GB18030 would make letters of some of them.
        raise Unreadable("encoding")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("encoding")


def _unmarked(text: str) -> str:
    """A signed number without the mark of text that our own files have in front of it."""
    return text[1:] if text[:2] in _MARKED and PLAIN_NUMBER.fullmatch(text[1:]) else text


def _csv_formulas(row: Sequence[str], texts: Sequence[str]) -> Collection[int]:
    found = [
        position
        for position, text in enumerate(texts)
        if text
        and (text[0] in FORMULA_SIGNS or row[position][0] in FORMULA_SIGNS)
        and not PLAIN_NUMBER.fullmatch(text)
    ]
    return found or _NO_FORMULAS


def _limit(memory: int, seconds: int) -> None:
    """From here on the kernel watches: memory, time, no files written, no process started."""
    for what, wanted in {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }.items():
        highest = resource.getrlimit(what)[1]
        allowed = wanted if highest == resource.RLIM_INFINITY else min(wanted, highest)
        resource.setrlimit(what, (allowed, allowed))
    signal.alarm(4 * seconds)
    sys.addaudithook(_forbid)


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    """A reader of tables opens no connection and starts no program."""
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn")):
        raise PermissionError(event)


def _write(rows: Iterator[Read], most: int) -> None:
    written = 0
    for row in rows:
        line = json.dumps(row, ensure_ascii=True, separators=(",", ":"))
        written += len(line)
        if written > most:
            raise Unreadable("large")
        sys.stdout.write(line + "\n")


def main(arguments: Sequence[str]) -> int:
    kind = arguments[0]
    memory, seconds, output, columns = map(int, arguments[1:5])
    _limit(memory, seconds)
    source = sys.stdin.buffer
    ending: dict[str, object] = {"done": True}
    try:
        rows = csv_rows(source.read(), columns) if kind == "csv" else xlsx_rows(source, columns)
        _write(rows, output)
    except Unreadable as refused:
        ending = {"refused": refused.kind, **refused.facts}
    except MemoryError:
        ending = {"refused": "heavy"}
    sys.stdout.write(json.dumps(ending) + "\n")
    sys.stdout.flush()
    return 0
