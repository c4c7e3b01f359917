"""Which events there are: of one row, and across all tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import CharField, Q, Value

from accounts.models import Membership, User
from audit.queries.telling import Entry, entries
from core.history import EVENTS

PAGE = 50
CARD = 20

#: Where one stands in the history: the time and number of the last event one has seen.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; whatever is empty narrows nothing."""

    kind: str = ""
    number: str = ""
    person: str = ""
    company: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None
    request_id: UUID | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    entries: Sequence[Entry]
    next: Place | None


def label_of(kind: str) -> str:
    """The label of a kind as an address writes it, or an empty text."""
    return next((label for label in EVENTS if label.lower() == kind.lower()), "")


def search(wanted: Wanted, *, after: Place | None, limit: int = PAGE) -> Page:
    """The newest events that match, all tables together, older than ``after``."""
    found = _keys(wanted, after, limit + 1)
    kept = found[:limit]
    more = (kept[-1][1], kept[-1][2]) if len(found) > limit else None
    return Page(entries(kept, reader=None), more)


def walk(wanted: Wanted, *, step: int = 500) -> Iterator[list[Entry]]:
    """Every event that matches, the newest first, page by page."""
    after = None
    while True:
        page = search(wanted, after=after, limit=step)
        if page.entries:
            yield list(page.entries)
        after = page.next
        if after is None:
            return


def how_many(wanted: Wanted, *, most: int | None = None) -> int:
    """The events that match; where ``most`` is told, nobody counts far beyond it."""
    if most is not None:
        return len(_keys(wanted, None, most + 1))
    return sum(table.order_by().count() for _label, table in _tables(wanted, None))


def events_of(
    label: str, rows: Sequence[int], *, reader: Membership | None
) -> models.QuerySet[Any]:
    """The events of these rows of one table, to be narrowed and paged."""
    found = EVENTS[label].objects.filter(pgh_obj__in=rows)
    return found if reader is None else found.filter(pgh_owner=reader.company_id)


def history_of(
    label: str,
    pk: int,
    *,
    reader: Membership | None,
    after: Place | None = None,
    limit: int = PAGE,
    is_own: bool = False,
) -> Page:
    """What happened to one row, newest first. ``reader`` is None for the platform's people;
    anybody else finds rows of its own company, whether or not walls stand around it.
    ``is_own``: the row is the reader itself, whom no company owns."""
    found = EVENTS[label].objects.filter(pgh_obj=pk)
    if reader is not None and not is_own:
        found = found.filter(pgh_owner=reader.company_id)
    if after:
        found = found.filter(pgh_id__lt=after[1])
    keys = [
        (label, at, number)
        for at, number in found.order_by("-pgh_id").values_list("pgh_created_at", "pgh_id")[
            : limit + 1
        ]
    ]
    kept = keys[:limit]
    more = (kept[-1][1], kept[-1][2]) if len(keys) > limit else None
    return Page(entries(kept, reader=reader), more)


def _keys(wanted: Wanted, after: Place | None, limit: int) -> list[tuple[str, datetime, int]]:
    """Table, time and number of the events wanted: one statement, each table by an index."""
    branches = [
        found.annotate(pgh_table=Value(label, output_field=CharField()))
        .order_by("-pgh_created_at", "-pgh_id")
        .values_list("pgh_table", "pgh_created_at", "pgh_id")[:limit]
        for label, found in _tables(wanted, after)
    ]
    if not branches:
        return []
    first, *others = branches
    if not others:
        return list(first)
    together = first.union(*others, all=True).order_by("-pgh_created_at", "-pgh_id")
    return list(together[:limit])


def _tables(wanted: Wanted, after: Place | None) -> Iterator[tuple[str, models.QuerySet[Any]]]:
    """The events wanted, table by table."""
    condition = _condition(wanted, after)
    for label in [wanted.kind] if wanted.kind else sorted(EVENTS):
        own = condition
        if wanted.number:
            called = rows_called(label, wanted.number)
            if not called:
                continue
            own &= Q(pgh_obj__in=called)
        yield label, EVENTS[label].objects.filter(own)


def _condition(wanted: Wanted, after: Place | None) -> Q:
    condition = Q()
    if after:
        at, number = after
        condition &= Q(pgh_created_at__lte=at)
        condition &= Q(pgh_created_at__lt=at) | Q(pgh_id__lt=number)
    if wanted.since:
        condition &= Q(pgh_created_at__gte=wanted.since)
    if wanted.until:
        condition &= Q(pgh_created_at__lt=wanted.until)
    if wanted.action:
        condition &= Q(pgh_label=wanted.action)
    if wanted.request_id:
        condition &= Q(pgh_context_id=wanted.request_id)
    if wanted.person:
        people = User.objects.filter(email=wanted.person.lower()).values_list("pk", flat=True)
        condition &= Q(pgh_person__in=list(people))
    if wanted.company:
        firms = apps.get_model("accounts.Company").objects.filter(code=wanted.company)
        condition &= Q(pgh_company__in=list(firms.values_list("pk", flat=True)))
    if wanted.words:
        condition &= (
            Q(pgh_context__reason__icontains=wanted.words)
            | Q(pgh_context__path__icontains=wanted.words)
            | Q(pgh_context__email__icontains=wanted.words)
        )
    return condition


def rows_called(label: str, number: str) -> list[int]:
    """The rows that people call by this number."""
    model = apps.get_model(label)
    return list(
        model._base_manager.filter(**{EVENTS[label].called: number}).values_list("pk", flat=True)[
            :200
        ]
    )
