"""What the form of an entry was drawn from, once it was lodged."""

from __future__ import annotations

from customs.models import Declaration, EntryReading
from customs.queries.passing import versions_of
from customs.rules.kept_reading import Around, read


def kept_around(declaration: Declaration) -> Around | None:
    """What was read for the form that was lodged; None before, and where nothing was kept yet."""
    if declaration.lodged_at is None:
        return None
    found = EntryReading.objects.filter(document__declaration__in=versions_of(declaration))
    content = found.order_by("-pk").values_list("content", flat=True).first()
    return read(content) if content else None
