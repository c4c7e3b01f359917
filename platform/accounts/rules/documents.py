"""What a file must be to be kept: judged by its content, never by its name, and never opened.

An image's size in pixels is read from its header, so that a small file cannot become gigabytes in
the viewer of whoever looks at it. A PDF may hold scripts and links, and no check from outside finds
them all (they may be packed); so it is never shown in a page of ours, only handed over as a file.
"""

from __future__ import annotations

import struct

from accounts.rules.admitting import tidy_line
from core.errors import DomainError, InputError

MAX_BYTES = 5_000_000
#: Files of one admission, all its answers together.
MAX_DOCUMENTS = 20
MAX_PIXELS = 100_000_000
_LONGEST_NAME = 150
_PNG = b"\x89PNG\r\n\x1a\n"
#: Frames of a JPEG that tell its size: all kinds of compression, without the tables between them.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Markers that carry nothing with them.
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})


class DocumentEmpty(InputError):
    """The file is empty."""

    code = "accounts.document_empty"


class DocumentTooLarge(InputError):
    """A document has at most 5 MB. Scan it in fewer dots, or send its pages one by one."""

    code = "accounts.document_too_large"


class DocumentOfAnotherKind(InputError):
    """A document is a PDF, a PNG or a JPEG; what is inside the file counts, not its name."""

    code = "accounts.document_of_another_kind"


class ImageTooLarge(InputError):
    """An image has at most 100 million pixels."""

    code = "accounts.image_too_large"


class TooManyDocuments(DomainError):
    """An application holds at most 20 documents."""

    code = "accounts.too_many_documents"


class LicenceMissing(InputError):
    """An application needs the business licence."""

    code = "accounts.licence_missing"


def check_size(name: str, size: int) -> None:
    """Before anything is read. Raises DocumentEmpty, DocumentTooLarge."""
    if size <= 0:
        raise DocumentEmpty(file=tidy_name(name))
    if size > MAX_BYTES:
        raise DocumentTooLarge(file=tidy_name(name), bytes=size, most=MAX_BYTES)


def media_type(name: str, content: bytes) -> str:
    """What the content is. Raises DocumentOfAnotherKind, ImageTooLarge, and as check_size."""
    check_size(name, len(content))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return "application/pdf"
    size = None
    kind = ""
    if content.startswith(_PNG):
        kind, size = "image/png", _png_size(content)
    elif content.startswith(b"\xff\xd8\xff"):
        kind, size = "image/jpeg", _jpeg_size(content)
    if size is None or 0 in size:
        raise DocumentOfAnotherKind(file=tidy_name(name))
    if size[0] * size[1] > MAX_PIXELS:
        raise ImageTooLarge(file=tidy_name(name), width=size[0], height=size[1])
    return kind


def tidy_name(name: str) -> str:
    """A file's name as it may be shown and saved: no folders, no signs that are not seen."""
    plain = tidy_line(name.replace("\\", "/").rpartition("/")[2])
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > _LONGEST_NAME and dot and len(ending) <= 5:
        return f"{stem[: _LONGEST_NAME - len(ending) - 1]}.{ending}"
    return plain[:_LONGEST_NAME] or "document"


def _png_size(content: bytes) -> tuple[int, int] | None:
    if len(content) < 33 or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _BARE:
            at += 2
        elif marker in _FRAMES:
            if at + 9 > len(content):
                return None
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


def check_count(count: int) -> None:
    """Raises TooManyDocuments."""
    if count > MAX_DOCUMENTS:
        raise TooManyDocuments(documents=count, most=MAX_DOCUMENTS)
