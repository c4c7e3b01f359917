"""A message in a ZIP, as clients of the bonded zone exchange them: one file in each."""

from __future__ import annotations

import io
import zipfile
import zlib
from datetime import datetime

from core.errors import InputError
from customs.rules.ceb.parsing import LARGEST_FILE, MessageTooLarge

_BEGINS = b"PK\x03\x04"
#: Before each entry of the archive's directory, which is read whole: a file and its folders.
_ENTRY, _MOST_ENTRIES = b"PK\x01\x02", 100
_BLOCK = 64 * 1024
#: How the clients pack. Others need memory that the archive chooses, and fail in ways of their own.
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ZipBroken(InputError):
    """This ZIP file cannot be opened: it breaks off, is locked, or is packed in an unknown way."""

    code = "customs.zip_broken"


class ZipNotOneFile(InputError):
    """A ZIP file holds exactly one message, and no other ZIP file."""

    code = "customs.zip_not_one_file"


def is_zip(data: bytes) -> bool:
    """Whether these bytes are a ZIP and not the message itself."""
    return data.startswith(_BEGINS)


def unzipped(data: bytes) -> bytes:
    """The one file in a ZIP; never more than a message's envelope may have is unpacked, whatever
    the archive says of its size.

    Raises ZipBroken, ZipNotOneFile and MessageTooLarge.
    """
    if len(data) > LARGEST_FILE:
        raise MessageTooLarge(bytes=len(data), most=LARGEST_FILE)
    if (entries := data.count(_ENTRY)) > _MOST_ENTRIES:
        raise ZipNotOneFile(files=entries)
    out = bytearray()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [one for one in archive.infolist() if not one.is_dir()]
            if len(files) != 1:
                raise ZipNotOneFile(files=len(files))
            if files[0].compress_type not in _PACKINGS:
                raise ZipBroken
            with archive.open(files[0]) as packed:
                while block := packed.read(_BLOCK):
                    out += block
                    if len(out) > LARGEST_FILE:
                        raise MessageTooLarge(bytes=len(out), most=LARGEST_FILE)
    # The library raises all of these for what is not as the format says.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise ZipBroken from error
    except (OSError, ValueError, LookupError) as error:
        raise ZipBroken from error
    told = bytes(out)
    if is_zip(told):
        raise ZipNotOneFile(files=1)
    return told


def zipped(name: str, data: bytes, *, at: datetime) -> bytes:
    """One file as a ZIP. The same for the same file and time, so that whoever sends it again sends
    the same bytes."""
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, data, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return out.getvalue()
