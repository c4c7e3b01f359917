"""Several finished files as one ZIP file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.utils.timezone import get_default_timezone, localtime

MEDIA_TYPE = "application/zip"
#: The earliest time a ZIP file can tell.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class _Sink(io.RawIOBase):
    """Takes what a ZIP file writes, and gives it away in parts: nothing is kept, nothing sought."""

    def __init__(self) -> None:
        super().__init__()
        self._taken: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._taken.append(bytes(part))
        return len(part)

    def given(self) -> bytes:
        whole = b"".join(self._taken)
        self._taken.clear()
        return whole


def packed_in_parts(files: Iterable[tuple[str, datetime | None, bytes]]) -> Iterator[bytes]:
    """The same as ``packed``, a file at a time: never more than one of them is in memory."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as box:
        for name, made_at, content in files:
            box.writestr(zipfile.ZipInfo(name, _told(made_at)), content)
            yield sink.given()
    yield sink.given()


def packed(files: Iterable[tuple[str, datetime | None, bytes]]) -> bytes:
    """Each with its name and the time it was made; not squeezed, a PDF is already.

    The times are told, not taken from the clock, so that the same files make the same bytes.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as box:
        for name, made_at, content in files:
            box.writestr(zipfile.ZipInfo(name, _told(made_at)), content)
    return whole.getvalue()


def _told(made_at: datetime | None) -> tuple[int, int, int, int, int, int]:
    if made_at is None:
        return _EARLIEST
    local = localtime(made_at, get_default_timezone())
    return (local.year, local.month, local.day, local.hour, local.minute, local.second)
