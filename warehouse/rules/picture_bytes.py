"""Where a picture ends in a file, and how large it says it is; read from its structure alone.

Sources: ITU-T T.81 annex B (JPEG), W3C PNG section 5, RFC 9649 (WebP). Nothing is unpacked here.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

_PNG = b"\x89PNG\r\n\x1a\n"
#: Frames of a JPEG that tell its size: all kinds of compression, without the tables between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers that carry nothing with them: TEM, RST0 to RST7, SOI.
_BARE = frozenset({0x01, *range(0xD0, 0xD9)})
_SCAN, _END = 0xDA, 0xD9
#: The next marker within packed data: neither a stuffed byte, nor a restart, nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_NOT_FILLING = re.compile(rb"[^\x00]")
#: No camera puts more pictures than these behind the first.
_MOST_BEHIND = 8


@dataclass(frozen=True, slots=True)
class Outline:
    """``kind`` as Pillow calls it; ``end``: bytes of the picture, 0 where it breaks off before."""

    kind: str
    width: int
    height: int
    end: int


def outline(content: bytes) -> Outline | None:
    """None for what is no JPEG, PNG or WebP."""
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    return None


def has_more(content: bytes, end: int) -> bool:
    """Whether after the picture stands what no camera puts there.

    Telephones put a second JPEG (depth, brightness), a short film or a block of their own behind
    the first; filling is zeros. All of it is left out of what is kept.
    """
    for _picture in range(_MOST_BEHIND + 1):
        if not _NOT_FILLING.search(content, end):
            return False
        if not content.startswith(b"\xff\xd8\xff", end):
            return not (content[end + 4 : end + 8] == b"ftyp" or content.endswith(b"SEFT", end))
        end = _jpeg(content, end).end
        if not end:
            return True
    return True


def _jpeg(content: bytes, start: int = 0) -> Outline:
    """Of the JPEG that begins at ``start``; its end is counted from the beginning of the file."""
    at, width, height = start + 2, 0, 0
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker == _END:
            return Outline("JPEG", width, height, at + 2)
        elif marker in _BARE:
            at += 2
        elif at + 4 > len(content):
            break
        else:
            (length,) = struct.unpack(">H", content[at + 2 : at + 4])
            if marker in _FRAMES and not width and at + 9 <= len(content):
                height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            at += 2 + max(length, 2)
            if marker == _SCAN:
                found = _MARKER.search(content, at)
                at = found.start() if found else len(content)
    return Outline("JPEG", width, height, 0)


def _png(content: bytes) -> Outline:
    width = height = 0
    if content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
    at = len(_PNG)
    while at + 12 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, at = content[at + 4 : at + 8], at + 12 + length
        if kind == b"IEND":
            return Outline("PNG", width, height, at if at <= len(content) else 0)
    return Outline("PNG", width, height, 0)


def _webp(content: bytes) -> Outline:
    (length,) = struct.unpack("<I", content[4:8])
    end = 8 + length + length % 2
    # Some writers leave the filling of the last chunk out.
    whole = 8 + length <= len(content)
    width, height = _webp_size(content)
    return Outline("WEBP", width, height, min(end, len(content)) if whole else 0)


def _webp_size(content: bytes) -> tuple[int, int]:
    kind, told = content[12:16], content[20:30]
    if len(told) < 10:
        return 0, 0
    if kind == b"VP8X":
        return (
            int.from_bytes(told[4:7], "little") + 1,
            int.from_bytes(told[7:10], "little") + 1,
        )
    if kind == b"VP8L":
        bits = int.from_bytes(told[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", told[6:10])
    return width & 0x3FFF, height & 0x3FFF
