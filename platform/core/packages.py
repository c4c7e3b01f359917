"""The directory of a zip package, looked at before anything in it is unpacked.

An XLSX file is a zip package, and 2.5 MB of one can unpack to a gigabyte. What the directory says
is bounded here; that it does not lie is seen to by the reader, which unpacks no more than the
directory said (and, being a program of its own, can be ended).
"""

from __future__ import annotations

import io
import zipfile
from itertools import pairwise

MAX_UNPACKED_BYTES = 50_000_000
MAX_RATIO = 100
MAX_MEMBERS = 200
#: A small table of like rows packs well; only a large one is suspicious.
_SMALL = 1_000_000
_LONGEST_NAME = 255
_ENTRY = b"PK\x01\x02"
_NESTED = (".zip", ".xlsx", ".xlsm", ".xls", ".jar", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")
_TAKEN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEADER = 30


class PackageTooLarge(Exception):
    """It unpacks to more than is taken, or has too many members."""


class PackageBroken(Exception):
    """It has no directory that can be read."""


class PackageStrange(Exception):
    """No spreadsheet program packs like this; ``args`` says how."""


def check_package(content: bytes) -> None:
    """Raise one of this module's exceptions, in milliseconds and without unpacking."""
    # The library makes an object of every entry, so they are counted before it is asked.
    if content.count(_ENTRY) > MAX_MEMBERS:
        raise PackageTooLarge
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise PackageBroken(type(error).__name__) from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED_BYTES
        # Against the file's own size as well: a directory may say that more was packed.
        or (unpacked > _SMALL and unpacked > max(1, min(packed, len(content))) * MAX_RATIO)
    ):
        raise PackageTooLarge
    reason = _strange(members, len(content))
    if reason:
        raise PackageStrange(reason)


def _strange(members: list[zipfile.ZipInfo], size: int) -> str:
    names = [member.filename for member in members]
    for member in members:
        if member.flag_bits & 0x1:
            return "encrypted"
        if member.compress_type not in _TAKEN:
            return "compression"
        name = member.filename
        if name.startswith(("/", "\\")) or ".." in name.split("/") or len(name) > _LONGEST_NAME:
            return "names"
        if name.lower().endswith(_NESTED):
            return "nested"
    if len({name.lower() for name in names}) < len(names):
        return "names twice"
    spans = sorted(
        (member.header_offset, member.header_offset + _LOCAL_HEADER + member.compress_size)
        for member in members
    )
    if any(following[0] < before[1] for before, following in pairwise(spans)):
        return "overlap"
    if any(end > size for _, end in spans):
        return "sizes"
    return ""
