"""What a start page is made of. The trade words come from whoever builds one.

``settings.BONDPOOL_HOME`` names a function ``(membership, *, now) -> Home``: so the pages
know no stage of the trade, and no stage knows the pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do next: one sentence, one address. ``tone`` is a colour name."""

    title: Text
    detail: Text
    url: str
    action: Text
    icon: str = "arrow-right"
    tone: str = "primary"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number worth a look; ``value`` is ready to be shown, in the reader's language."""

    label: Text
    value: Text
    note: Text = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the table that says the same. ``key`` is unique on the page.

    ``kind`` is "bar", "rows" (bars that lie) or "line"; the series are whole numbers, or
    amounts in major units as text, one value per category.
    """

    key: str
    title: Text
    categories: Sequence[str]
    series: Sequence[tuple[Text, Sequence[int | str]]]
    kind: str = "bar"
    unit: Text = ""
    head: Text = ""
    note: Text = ""
    stacked: bool = False

    @property
    def spec(self) -> Mapping[str, Any]:
        """What chart.js reads."""
        return {
            "kind": self.kind,
            "title": str(self.title),
            "unit": str(self.unit),
            "stacked": self.stacked,
            "categories": list(self.categories),
            "series": [{"name": str(name), "values": list(values)} for name, values in self.series],
        }

    @property
    def rows(self) -> list[tuple[str, list[int | str]]]:
        """The same as rows of a table: category, then one value per series."""
        return [
            (category, [values[at] for _, values in self.series])
            for at, category in enumerate(self.categories)
        ]


@dataclass(frozen=True, slots=True)
class Home:
    """One start page: what to do next, the figures, at most a few charts."""

    lead: Text
    tasks: Sequence[Task] = ()
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    calm: Text = field(default="")


class BuildHome(Protocol):
    """The shape of what ``BONDPOOL_HOME`` names."""

    def __call__(self, membership: Any, *, now: datetime) -> Home: ...
