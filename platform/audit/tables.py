"""The history of all tables as one list, for files of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from audit import queries
from audit.forms import SearchForm
from core.filters import BadFilter, Filter, Given
from core.listing import Listing, ListQuery
from web.tables import Column, Empty, Table, Viewer


@dataclass(frozen=True, kw_only=True)
class Field(Filter):
    """One field of the search form, by its name; the form knows what may stand in it."""

    def read(self, given: Given) -> Any:
        told = (given.get(self.name) or ("",))[-1].strip()
        try:
            SearchForm().fields[self.name].clean(told)
        except ValidationError:
            raise BadFilter(parameter=self.name, value=told[:80]) from None
        return told or None


class History:
    """Every event of every table, newest first."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def how_many(self, query: ListQuery, *, most: int | None = None) -> int:
        return queries.how_many(self._wanted(query), most=most)

    def walk(self, query: ListQuery, *, step: int) -> Iterator[list[Any]]:
        return queries.walk(self._wanted(query), step=step)

    def _wanted(self, query: ListQuery) -> queries.Wanted:
        form = SearchForm(dict(query.chosen))
        if not form.is_valid():
            name = next(iter(form.errors))
            raise BadFilter(parameter=name, value=str(query.chosen.get(name, ""))[:80])
        return form.wanted(self.now)


def _history(viewer: Viewer) -> History:
    return History(viewer.asked_at)


def _changes(entry: queries.Entry) -> str:
    return "; ".join(
        f"{one.field}: {one.before} → {one.after}" if one.before else f"{one.field}: {one.after}"
        for one in entry.changes
    )


HISTORY = Table(
    key="history",
    title=pgettext_lazy("history", "History"),
    listing=Listing(
        name="history",
        # There is one order, the newest first.
        sorts={"when": "at"},
        default="-when",
        filters=[Field(name=name) for name in SearchForm.base_fields],
    ),
    rows=_history,
    roles=frozenset({Role.OPERATOR}),
    named="number",
    # What each event changed is read from the event before it.
    at_once=500,
    columns=(
        Column(label=_("Time"), value="at", kind="moment"),
        Column(label=_("Action"), value="action_name"),
        Column(label=_("What"), value="kind"),
        Column(label=_("Number"), value="called"),
        Column(label=_("Who"), value="who"),
        Column(label=_("Acted for"), value="company"),
        Column(label=_("Role"), value="role"),
        Column(label=_("API token"), value="token"),
        Column(label=_("From"), value="address"),
        Column(label=_("Request"), value="request"),
        Column(label=_("Request number"), value="request_id"),
        Column(label=_("Reason"), value="reason"),
        Column(label=_("Changes"), value=_changes),
    ),
    empty=Empty(_("Nothing found")),
)

TABLES = (HISTORY,)
