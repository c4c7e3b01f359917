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

from accounts.models import Company, Membership, User
from audit import showing
from audit.queries.telling import Entry, entries, with_earlier
from core.history import DELETE, EVENTS

PAGE = 50
CARD = 20
_MOST_CALLED = 200

#: Where one stands in the history: the time and number of the last event one has seen.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched for; whatever is empty narrows nothing."""

    kind: str = ""
    number: str = ""
    person: str = ""
    company: str = ""
    owner: str = ""
    address: str = ""
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
    row: models.Model | None = None,
) -> Page:
    """What happened to one row, newest first. ``reader`` is None for the platform's people;
    anybody else finds rows of its own company, whether or not walls stand around it.
    ``is_own``: the row is the reader itself, whom no company owns. What a page has of the ``row``
    already is not asked again."""
    narrowed = Q()
    if reader is not None and not is_own:
        narrowed &= Q(pgh_owner=reader.company_id)
    if after:
        narrowed &= Q(pgh_id__lt=after[1])
    own = EVENTS[label].objects.filter(narrowed, pgh_obj=pk)
    if not showing.shown(label).parts:
        read = list(with_earlier(own).order_by("-pgh_id")[: limit + 1])
        keys = [(label, one.pgh_created_at, one.pgh_id) for one in read]
        return _page(keys, limit, reader=reader, row=row, read=read)
    tables = [(label, own)]
    for part, field in showing.shown(label).parts:
        tables.append((part, EVENTS[part].objects.filter(narrowed, **{field: pk})))
    first, *others = (
        found.annotate(pgh_table=Value(kind, output_field=CharField()))
        .order_by("-pgh_id")
        .values_list("pgh_table", "pgh_created_at", "pgh_id")[: limit + 1]
        for kind, found in tables
    )
    # All tables' events are counted together, in their order.
    keys = list(first.union(*others, all=True).order_by("-pgh_id")[: limit + 1])
    return _page(keys, limit, reader=reader, row=row)


def _page(
    keys: Sequence[tuple[str, datetime, int]],
    limit: int,
    *,
    reader: Membership | None,
    row: models.Model | None,
    read: Sequence[Any] = (),
) -> Page:
    kept = keys[:limit]
    more = (kept[-1][1], kept[-1][2]) if len(keys) > limit else None
    return Page(entries(kept, reader=reader, row=row, read=read[:limit]), more)


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
    labels = [wanted.kind] if wanted.kind else sorted(EVENTS)
    called = _called(labels, wanted.number) if wanted.number else {}
    for label in labels:
        own = condition
        if wanted.number:
            if label not in called:
                continue
            own &= Q(pgh_obj__in=called[label])
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
        condition &= Q(pgh_person__in=_people(wanted.person))
    if wanted.company:
        condition &= Q(pgh_company__in=_firms(wanted.company))
    if wanted.owner:
        condition &= Q(pgh_owner__in=_firms(wanted.owner))
    if wanted.address:
        condition &= Q(pgh_context__address__startswith=wanted.address)
    if wanted.words:
        condition &= (
            Q(pgh_context__reason__icontains=wanted.words)
            | Q(pgh_context__path__icontains=wanted.words)
            | Q(pgh_context__email__icontains=wanted.words)
        )
    return condition


def _people(email: str) -> list[int]:
    """Whoever has this address, and whoever had it once."""
    has = User.objects.filter(email=email.lower()).values_list("pk")
    had = EVENTS[User._meta.label].objects.filter(email=email.lower()).values_list("pgh_obj")
    return [pk for (pk,) in has.union(had)]


def _firms(code: str) -> list[int]:
    return list(Company.objects.filter(code=code).values_list("pk", flat=True))


def rows_called(label: str, number: str) -> list[int]:
    """The rows that people call by this number, and those that are gone and were called so."""
    return _called([label], number).get(label, [])


def _called(labels: Sequence[str], number: str) -> dict[str, list[int]]:
    """The rows of these kinds that people call by this number: one statement for all of them.

    What is gone is found by the last that its history says, by an index of its own.
    """
    branches = []
    for label in labels:
        events, by = EVENTS[label], {EVENTS[label].called: number}
        kind = Value(label, output_field=CharField())
        there = apps.get_model(label)._base_manager.order_by().annotate(pgh_table=kind)
        gone = events.objects.filter(pgh_label=DELETE).annotate(pgh_table=kind)
        if label == User._meta.label:
            # A person is found by the address of that time as well.
            gone = events.objects.annotate(pgh_table=kind)
        branches.append(there.filter(**by).values_list("pgh_table", "pk")[:_MOST_CALLED])
        branches.append(gone.filter(**by).values_list("pgh_table", "pgh_obj")[:_MOST_CALLED])
    first, *others = branches
    called: dict[str, list[int]] = {}
    for label, pk in first.union(*others):
        called.setdefault(label, []).append(pk)
    return called
