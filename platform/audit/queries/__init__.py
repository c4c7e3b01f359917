"""What pages, the API and files ask of the history; by subject."""

from audit.queries.finding import (
    CARD,
    Page,
    Place,
    Wanted,
    events_of,
    history_of,
    how_many,
    label_of,
    rows_called,
    search,
    walk,
)
from audit.queries.telling import Entry, told_of

__all__ = [
    "CARD",
    "Entry",
    "Page",
    "Place",
    "Wanted",
    "events_of",
    "history_of",
    "how_many",
    "label_of",
    "rows_called",
    "search",
    "told_of",
    "walk",
]
