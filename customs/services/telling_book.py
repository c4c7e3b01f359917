"""The operators hear where an account book does not agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from customs.queries.book_proof import BookFault
from notices.services import tell


def tell_differences(
    found: Sequence[BookFault], refused: Sequence[tuple[str, str]], *, day: date, now: datetime
) -> int:
    """How many there are, and the first of them; what a book refused (document and code) comes
    before. No sentences: readers have languages of their own."""
    first = [f"{document}: {code}" for document, code in refused[:1]] or [
        f"{one.book}/{one.item} {one.what}: {one.says} ≠ {one.stands}" for one in found[:1]
    ]
    return tell(
        "book.differs",
        subject=f"{day}",
        facts={"differences": len(found) + len(refused), "first": first[0]},
        now=now,
    )
