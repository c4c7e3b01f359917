"""Several finished files as one ZIP file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import get_default_timezone, localtime

MEDIA_TYPE = "application/zip"
#: The earliest time a ZIP file can tell.
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def packed(files: Iterable[tuple[str, datetime | None, bytes]]) -> bytes:
    """Each with its name and the time it was made; not squeezed, a PDF is already.

    The times are told, not taken from the clock, so that the same files make the same bytes.
    """
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as box:
        for name, made_at, content in files:
            at = localtime(made_at, get_default_timezone()).timetuple()[:6] if made_at else None
            box.writestr(zipfile.ZipInfo(name, at or _EARLIEST), content)
    return whole.getvalue()
