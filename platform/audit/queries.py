"""Reading the history: of one row, and across all tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import Membership, Role, User
from audit import wording
from audit.showing import shown
from core.history import DELETE, EVENTS, UPDATE, snapshot

PAGE = 50
CARD = 20

#: Where one stands in the history: the time and number of the last event one has seen.
Place = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of one row, in words for one reader."""

    label: str
    pk: int
    number: int
    at: datetime
    action: str
    action_name: str
    kind: str
    called: str
    url: str
    who: str
    company: str
    role: str
    token: str
    address: str
    request: str
    request_id: str
    reason: str
    changes: Sequence[Change]

    @property
    def key(self) -> str:
        return f"{self.label.lower()}"


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
    return Page(_entries(kept, reader=None), more)


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


def told_of(label: str, events: Sequence[Any], *, reader: Membership | None) -> list[Entry]:
    """These events in words, in their order."""
    keys = [(label, one.pgh_created_at, one.pgh_id) for one in events]
    return _entries(keys, reader=reader)


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
    return Page(_entries(kept, reader=reader), more)


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


def _entries(
    keys: Sequence[tuple[str, datetime, int]], *, reader: Membership | None
) -> list[Entry]:
    """The events in words. The statements grow with the kinds on the page, not with its rows."""
    by_kind: dict[str, list[int]] = {}
    for label, _at, number in keys:
        by_kind.setdefault(label, []).append(number)
    events: dict[int, Any] = {}
    before: dict[int, Any] = {}
    for label, numbers in by_kind.items():
        table = EVENTS[label].objects
        earlier = (
            table.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
            .order_by("-pgh_id")
            .values("pgh_id")[:1]
        )
        for one in table.filter(pk__in=numbers).annotate(earlier=Subquery(earlier)):
            events[one.pgh_id] = one
        wanted = [events[number].earlier for number in numbers if number in events]
        before |= table.in_bulk([one for one in wanted if one])
    _name_currencies([*events.values(), *before.values()])
    names = _names([*events.values(), *before.values()], reader)
    called = {
        label: _names_of(label, [events[n] for n in numbers]) for label, numbers in by_kind.items()
    }
    return [
        _entry(
            label, events[number], before.get(events[number].earlier), names, called[label], reader
        )
        for label, _at, number in keys
        if number in events
    ]


def _name_currencies(events: Sequence[Any]) -> None:
    """An amount whose currency stands on another row learns it: one statement a table."""
    for label, (field, said) in _CURRENCIES.items():
        table = EVENTS.get(label)
        mine: list[Any] = [one for one in events if table is not None and isinstance(one, table)]
        if not mine:
            continue
        other = apps.get_model(label)._meta.get_field(field)
        rows = other.related_model._base_manager.filter(
            pk__in={getattr(one, f"{field}_id") for one in mine}
        )
        known = dict(rows.values_list("pk", said))
        for one in mine:
            one.currency = known.get(getattr(one, f"{field}_id"), "")


def _names_of(label: str, events: Sequence[Any]) -> dict[int, str]:
    model = apps.get_model(label)
    pks = {one.pgh_obj_id for one in events}
    found = dict(model._base_manager.filter(pk__in=pks).values_list("pk", EVENTS[label].called))
    for one in events:
        # A deleted row is called as it was, where its own field says so.
        told = getattr(one, EVENTS[label].called, None)
        found.setdefault(one.pgh_obj_id, str(told) if told else f"#{one.pgh_obj_id}")
    return {pk: str(name) for pk, name in found.items()}


def _names(
    events: Sequence[Any], reader: Membership | None
) -> dict[type[models.Model], dict[Any, str]]:
    """How the rows are called that the events point at: one statement a table."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for one in events:
        for field in snapshot(type(one)):
            raw = getattr(one, field.attname)
            if isinstance(field, models.ForeignKey) and raw is not None:
                wanted.setdefault(field.related_model, set()).add(raw)
    names: dict[type[models.Model], dict[Any, str]] = {}
    for model, pks in wanted.items():
        events_table = EVENTS.get(model._meta.label)
        path = events_table.called if events_table else _PATHS.get(model._meta.label, "pk")
        rows = model._base_manager.filter(pk__in=pks)
        if model is User and reader is not None:
            # People of other companies have no name here.
            rows = rows.filter(memberships__company_id=reader.company_id)
        names[model] = {pk: str(name) for pk, name in rows.values_list("pk", path)}
        if model is User and reader is not None:
            for pk in pks:
                names[model].setdefault(pk, gettext("the platform's staff"))
    return names


#: The field that leads to the row with the currency, and that row's field.
_CURRENCIES = {"procurement.PriceBreak": ("offer", "currency")}
#: How rows without a history of their own are called.
_PATHS = {
    "settlement.RateQuote": "value",
    "procurement.Forecast": "version",
    "procurement.PurchaseOrderLine": "order__number",
    "warehouse.ReceiptLine": "receipt__number",
}


def _entry(
    label: str,
    event: Any,
    before: Any,
    names: wording.Names,
    called: Mapping[int, str],
    reader: Membership | None,
) -> Entry:
    facts = event.pgh_context or {}
    is_hidden = reader is not None and facts.get("company") != reader.company_id
    role = str(dict(Role.choices).get(facts.get("role", ""), ""))
    return Entry(
        label=label,
        pk=event.pgh_obj_id,
        number=event.pgh_id,
        at=event.pgh_created_at,
        action=event.pgh_label,
        action_name=str(wording.ACTIONS.get(event.pgh_label, event.pgh_label)),
        kind=wording.kind_name(apps.get_model(label)),
        called=called[event.pgh_obj_id],
        url=_url(label, event, to_operator=reader is None),
        who=_who(facts, role, is_hidden=is_hidden),
        company="" if is_hidden else str(facts.get("company_code", "")),
        role=role,
        token="" if is_hidden else str(facts.get("token", "")),
        address="" if is_hidden else str(facts.get("address", "")),
        request="" if is_hidden else f"{facts.get('method', '')} {facts.get('path', '')}".strip(),
        request_id="" if is_hidden else str(event.pgh_context_id or ""),
        reason=str(facts.get("reason", "")),
        changes=_changes(event, before, names),
    )


def _who(facts: Mapping[str, Any], role: str, *, is_hidden: bool) -> str:
    if is_hidden:
        # The names of the platform's staff are no business of its customers.
        return role or gettext("the platform")
    if facts.get("email"):
        return str(facts["email"])
    if facts.get("task"):
        return pgettext("history", "worker: %(task)s") % {"task": facts["task"]}
    if facts.get("program"):
        return f"{facts['program']} ({facts.get('database_role', '')})"
    return gettext("somebody not signed in")


def _changes(event: Any, before: Any, names: wording.Names) -> list[Change]:
    if event.pgh_label == DELETE:
        return []
    changes = []
    for field in snapshot(type(event)):
        if field.name == "id":
            continue
        new = getattr(event, field.attname)
        if event.pgh_label == UPDATE and before is not None:
            if getattr(before, field.attname) == new:
                continue
            was = wording.value(before, field, names)
        elif new in (None, "", []):
            continue
        else:
            was = ""
        changes.append(Change(wording.field_name(field), was, wording.value(event, field, names)))
    return changes


def _url(label: str, event: Any, *, to_operator: bool) -> str:
    known = shown(label)
    if to_operator and not known.is_open_to_operators:
        return ""
    part = getattr(event, known.part, None) if known.part else None
    return reverse(known.page, args=[part]) if known.page and part not in (None, "") else ""
