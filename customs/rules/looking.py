"""When what may be a buyer's is shown."""

from __future__ import annotations

from typing import ClassVar

from core.errors import DomainError


class ReceiptFileNotKept(DomainError):
    """Of this file nothing but its size and its SHA-256 was kept: it is too large for a message."""

    code = "customs.receipt_file_not_kept"


class YearsAskedTooOften(DomainError):
    """So many buyers' years were asked after that it takes a while until the next one. The tax is
    estimated without the identity number at any time."""

    code = "customs.years_asked_too_often"
    status: ClassVar[int] = 429


def check_often(asked: int, *, limit: int, hours: int) -> None:
    """``asked`` within the last ``hours``. Raises YearsAskedTooOften after the limit."""
    if asked >= limit:
        raise YearsAskedTooOften(limit=limit, hours=hours)
