"""The released sets of several declarations as one ZIP file with one manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Sum
from django.db.models.functions import Length

from core.models import WorkState
from core.packing import packed
from core.sheets import write_csv
from customs.models import Declaration, DeclarationDocument, PaperRelease
from customs.queries.papers import file_name_of, standing_release
from customs.rules.paper_sets import NoLongerDeclared, NoSetReleased, NotReleased, check_size

#: How a declaration stands in the manifest.
RELEASED, LEFT_OUT = "released", "not released"
_COLUMNS = (
    *("declaration", "state", "file", "number", "kind", "language", "version", "seller", "pages"),
    "sha256",
)


def packed_sets(declarations: Iterable[Declaration]) -> bytes:
    """A folder for each declaration whose released set holds, and ``manifest.csv`` of all files;
    declarations without such a set are named there as not released.

    Raises NoSetReleased where none has one, and SetsTooLarge before any file is read.
    """
    standing: list[tuple[Declaration, PaperRelease | None]] = []
    for one in declarations:
        try:
            standing.append((one, standing_release(one)))
        except (NotReleased, NoLongerDeclared):
            standing.append((one, None))
    numbers = [
        entry["number"] for _one, release in standing if release for entry in release.manifest
    ]
    if not numbers:
        raise NoSetReleased()
    files = DeclarationDocument.objects.filter(number__in=numbers, state=WorkState.READY)
    check_size(int(files.aggregate(n=Sum(Length("content")))["n"] or 0))
    return packed(_files(standing))


def _files(
    standing: Iterable[tuple[Declaration, PaperRelease | None]],
) -> Iterator[tuple[str, datetime | None, bytes]]:
    rows: list[list[object]] = []
    last: datetime | None = None
    for declaration, release in standing:
        reference = declaration.our_reference
        if release is None:
            rows.append([reference, LEFT_OUT, *[""] * (len(_COLUMNS) - 2)])
            continue
        last = max(last or release.released_at, release.released_at)
        made = DeclarationDocument.objects.filter(declaration=declaration).select_related("seller")
        by_number = made.in_bulk([e["number"] for e in release.manifest], field_name="number")
        for entry in release.manifest:
            one = by_number[entry["number"]]
            name = f"{reference}/{file_name_of(one, reference)}"
            rows.append([reference, RELEASED, name, *(entry[column] for column in _COLUMNS[3:])])
            yield name, one.made_at, bytes(one.content or b"")
    yield "manifest.csv", last, write_csv(_COLUMNS, rows)
