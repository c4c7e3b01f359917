"""Events in words for one reader: who, from where, why, and from what to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from accounts.models import Membership, Role, User
from audit import wording
from audit.showing import shown
from core.history import DELETE, EVENTS, UPDATE, snapshot


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


def told_of(label: str, events: Sequence[Any], *, reader: Membership | None) -> list[Entry]:
    """These events in words, in their order."""
    keys = [(label, one.pgh_created_at, one.pgh_id) for one in events]
    return entries(keys, reader=reader)


def entries(
    keys: Sequence[tuple[str, datetime, int]],
    *,
    reader: Membership | None,
    row: models.Model | None = None,
    read: Sequence[Any] = (),
) -> list[Entry]:
    """The events in words. The statements grow with the kinds on the page, not with its rows.

    ``row`` is one of whose names, its own and of what it points at, the page knows already;
    ``read`` are events that were read already, each :func:`with_earlier`.
    """
    by_kind: dict[str, list[int]] = {}
    for label, _at, number in keys:
        by_kind.setdefault(label, []).append(number)
    events: dict[int, Any] = {one.pgh_id: one for one in read}
    before: dict[int, Any] = {}
    for label, numbers in by_kind.items():
        table = EVENTS[label].objects
        if unread := [number for number in numbers if number not in events]:
            found = with_earlier(table.filter(pk__in=unread))
            events |= {one.pgh_id: one for one in found}
        wanted = [events[number].earlier for number in numbers if number in events]
        before |= {one: events[one] for one in wanted if one in events}
        if older := [one for one in wanted if one and one not in events]:
            before |= table.in_bulk(older)
    _name_currencies([*events.values(), *before.values()])
    known = _known(row)
    names = _names([*events.values(), *before.values()], reader, known)
    called = {
        label: _names_of(label, [events[n] for n in numbers], known)
        for label, numbers in by_kind.items()
    }
    strange = _strangers(list(events.values()), reader)
    return [
        _entry(
            label,
            events[number],
            before.get(events[number].earlier),
            names,
            called[label],
            is_hidden=number in strange,
            is_told=reader is None,
        )
        for label, _at, number in keys
        if number in events
    ]


def with_earlier(events: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Events of one table, each with the number of the one before it: ``earlier``."""
    before = events.model._default_manager.filter(
        pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id")
    )
    earlier = before.order_by("-pgh_id").values("pgh_id")[:1]
    found: models.QuerySet[Any] = events.annotate(earlier=Subquery(earlier))
    return found


def _strangers(events: Sequence[Any], reader: Membership | None) -> set[int]:
    """The events whose doers' names are no business of the reader: who acted neither for its
    company, nor as the reader itself, nor for nobody while being one of its company's people."""
    if reader is None:
        return set()
    facts = {one.pgh_id: one.pgh_context or {} for one in events}
    alone = {
        told["person"] for told in facts.values() if told.get("person") and not told.get("company")
    }
    ours = {reader.user_id}
    if alone - ours:
        # They applied, or accepted an invitation, before they acted for it.
        people = User.objects.filter(pk__in=alone, memberships__company_id=reader.company_id)
        ours |= set(people.values_list("pk", flat=True))
    return {
        number
        for number, told in facts.items()
        if told.get("company") != reader.company_id
        and told.get("person") != reader.user_id
        and (told.get("company") or told.get("person") not in ours)
    }


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


def _known(row: models.Model | None) -> wording.Names:
    """How a row and what it points at are called, as far as they were read with it."""
    found: dict[type[models.Model], dict[Any, str]] = {}
    if row is None:
        return found
    fields = [one for one in row._meta.concrete_fields if isinstance(one, models.ForeignKey)]
    there = [getattr(row, one.name) for one in fields if one.is_cached(row)]
    for one in filter(None, (row, *there)):
        events_table = EVENTS.get(type(one)._meta.label)
        if events_table is None or type(one) is User:
            continue
        name = one.__dict__.get(events_table.called)
        if name:
            found.setdefault(type(one), {})[one.pk] = str(name)
    return found


def _names_of(label: str, events: Sequence[Any], known: wording.Names) -> dict[int, str]:
    model = apps.get_model(label)
    pks = {one.pgh_obj_id for one in events}
    found = {pk: name for pk, name in known.get(model, {}).items() if pk in pks}
    if asked := pks - found.keys():
        rows = model._base_manager.filter(pk__in=asked)
        found |= dict(rows.values_list("pk", EVENTS[label].called))
    if gone := pks - found.keys():
        # A row that is gone is called as its history says.
        told = EVENTS[label].objects.filter(pk__in=[one.pgh_id for one in events])
        named = told.filter(pgh_obj__in=gone).values_list("pgh_obj", EVENTS[label].called)
        found |= {pk: name for pk, name in named if name}
    return {pk: str(found.get(pk) or f"#{pk}") for pk in pks}


def _names(
    events: Sequence[Any], reader: Membership | None, known: wording.Names
) -> dict[type[models.Model], dict[Any, str]]:
    """How the rows are called that the events point at: one statement a table."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for one in events:
        for field in snapshot(type(one)):
            raw = getattr(one, field.attname)
            if isinstance(field, models.ForeignKey) and raw is not None:
                wanted.setdefault(field.related_model, set()).add(raw)
    names: dict[type[models.Model], dict[Any, str]] = {}
    for model, all_pks in wanted.items():
        names[model] = dict(known.get(model, {}))
        pks = all_pks - names[model].keys()
        if not pks:
            continue
        events_table = EVENTS.get(model._meta.label)
        path = events_table.called if events_table else _PATHS.get(model._meta.label, "pk")
        rows = model._base_manager.filter(pk__in=pks)
        if model is User and reader is not None:
            # People of other companies have no name here.
            rows = rows.filter(memberships__company_id=reader.company_id)
        names[model] |= {pk: str(name) for pk, name in rows.values_list("pk", path)}
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
    *,
    is_hidden: bool,
    is_told: bool,
) -> Entry:
    facts = event.pgh_context or {}
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
        url=_url(label, event, to_operator=is_told),
        who=_who(facts, role, is_hidden=is_hidden),
        company="" if is_hidden else str(facts.get("company_code", "")),
        role=role,
        token="" if is_hidden else str(facts.get("token", "")),
        address="" if is_hidden else str(facts.get("address", "")),
        request="" if is_hidden else f"{facts.get('method', '')} {facts.get('path', '')}".strip(),
        request_id="" if is_hidden else str(event.pgh_context_id or ""),
        reason=str(facts.get("reason", "")),
        changes=_changes(event, before, names, always=shown(label).always),
    )


def _who(facts: Mapping[str, Any], role: str, *, is_hidden: bool) -> str:
    if is_hidden:
        # The names of the platform's staff are no business of its customers.
        is_nobody = facts.get("method") and not facts.get("person")
        return role or (gettext("somebody not signed in") if is_nobody else gettext("the platform"))
    if facts.get("email"):
        return str(facts["email"])
    if facts.get("task"):
        return pgettext("history", "worker: %(task)s") % {"task": facts["task"]}
    if facts.get("program"):
        return f"{facts['program']} ({facts.get('database_role', '')})"
    return gettext("somebody not signed in")


def _changes(event: Any, before: Any, names: wording.Names, *, always: str) -> list[Change]:
    """From what to what; of a row that is gone, what it was."""
    changes = []
    for field in snapshot(type(event)):
        if field.name == "id":
            continue
        new = getattr(event, field.attname)
        if event.pgh_label == UPDATE and before is not None:
            is_same = getattr(before, field.attname) == new
            if is_same and field.name != always:
                continue
            was = "" if is_same else wording.value(before, field, names)
        elif new in (None, "", []):
            continue
        elif event.pgh_label == DELETE:
            changes.append(
                Change(wording.field_name(field), wording.value(event, field, names), "–")
            )
            continue
        else:
            was = ""
        changes.append(Change(wording.field_name(field), was, wording.value(event, field, names)))
    return changes


def _url(label: str, event: Any, *, to_operator: bool) -> str:
    known = shown(label)
    if to_operator and not known.is_open_to_operators:
        return ""
    if not known.page or not known.part:
        return reverse(known.page) if known.page else ""
    part = getattr(event, known.part, None)
    return reverse(known.page, args=[part]) if part not in (None, "") else ""
