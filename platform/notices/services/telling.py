"""Something happened: who is concerned hears of it, in the portal, by e-mail, by webhook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction

from accounts.models import Membership
from core.copying import among_keys, array_of
from core.queue import ring
from core.walls import platform_wide
from notices.catalogue import EVENTS, Event, Fact
from notices.models import (
    Mail,
    MailWhen,
    Notice,
    NoticeChoice,
    NoticeCopy,
    WebhookDelivery,
    WebhookEndpoint,
)
from notices.rules import pages

MAILS, HOOKS = "notices.mails", "notices.hooks"
_MANY = 2_000

Facts = Mapping[str, object]
Items = Sequence[Mapping[str, object]]


def amount(minor: int, currency: str) -> dict[str, object]:
    """A fact that is money."""
    return {"minor": minor, "currency": currency}


@transaction.atomic
def tell(
    event: str,
    *,
    subject: str | Mapping[int, str],
    now: datetime,
    facts: Facts | None = None,
    companies: Iterable[int] | Mapping[int, Facts] = (),
    items: Mapping[int, Items] | None = None,
    people: Iterable[int] | None = None,
) -> int:
    """Write down that ``event`` happened to ``subject``; returns how many notices are new.

    In the caller's transaction: rolled back with it, nobody hears of anything. ``companies`` are
    the ids of those concerned, with facts of their own where they differ (and subjects: a mapping
    as well); an event of the platform has none. ``items`` are, by company, the single things of
    an act on many, and go into its webhooks in pages. ``people`` (ids of users) leaves out
    everybody else. Told twice, the second time writes nothing. A few statements, however many
    companies.
    """
    known = EVENTS[event]
    shared = dict(facts or {})
    if known.platform:
        each: dict[int | None, dict[str, Any]] = {None: _checked(known, shared)}
    elif isinstance(companies, Mapping):
        each = {pk: _checked(known, {**shared, **own}) for pk, own in companies.items()}
    else:
        each = {pk: _checked(known, shared) for pk in companies}
    if not each:
        return 0
    # The caller may stand inside one company and tell another: the walls are the readers'.
    with platform_wide():
        new = _write(known, subject, each, now)
        if new:
            _copy(known, new, now, people)
            if known.hook:
                _queue_hooks(known, new, each, items or {}, now)
    return len(new)


def _write(
    event: Event,
    subject: str | Mapping[int, str],
    each: Mapping[int | None, Mapping[str, Any]],
    now: datetime,
) -> dict[int | None, int]:
    """The ids of the notices that were not there, by company."""
    table = connection.ops.quote_name(Notice._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (event, subject, company_id, facts, told_at) "  # noqa: S608 - our own table name
            "SELECT %s, one.subject, one.company_id, one.facts::jsonb, %s "
            "FROM unnest(%s::text[], %s::bigint[], %s::text[]) AS one (subject, company_id, facts) "
            "ON CONFLICT DO NOTHING RETURNING company_id, id",
            [
                event.code,
                now,
                array_of(subject if isinstance(subject, str) else subject[pk or 0] for pk in each),
                array_of(each),
                array_of(json.dumps(told, ensure_ascii=False) for told in each.values()),
            ],
        )
        return dict(cursor.fetchall())


def _copy(
    event: Event, new: Mapping[int | None, int], now: datetime, people: Iterable[int] | None
) -> None:
    """A copy for each person concerned, and a mail for those who want one at once."""
    readers = Membership.objects.filter(role__in=event.to, user__is_active=True)
    if not event.platform:
        readers = readers.filter(among_keys("company_id", [pk for pk in new if pk is not None]))
    if people is not None:
        readers = readers.filter(user_id__in=list(people))
    found = list(readers.select_related("user").order_by("pk"))
    chosen = {
        choice.membership_id: choice
        for choice in NoticeChoice.objects.filter(event=event.code, membership__in=found)
    }
    host = urlsplit(settings.BONDPOOL_PUBLIC_URL).hostname or "localhost"
    copies, mails = [], []
    for reader in found:
        choice = chosen.get(reader.pk)
        when = choice.mail if choice else event.mail
        company_id = None if event.platform else reader.company_id
        mail = None
        if when == MailWhen.NOW:
            mail = Mail(
                message_id=f"<{uuid4()}@{host}>",
                membership=reader,
                company_id=company_id,
                event=event.code,
                language=language_of(reader.user),
                queued_at=now,
                due_at=now,
            )
            mails.append(mail)
        copies.append(
            NoticeCopy(
                notice_id=new[company_id],
                membership=reader,
                company_id=company_id,
                in_portal=choice is None or choice.in_portal or event.is_mandatory,
                in_digest=when == MailWhen.DAILY,
                mail=mail,
            )
        )
    Mail.objects.bulk_create(mails, batch_size=_MANY)
    NoticeCopy.objects.bulk_create(copies, batch_size=_MANY)
    if mails:
        ring(MAILS)


def language_of(user: object) -> str:
    """What a person reads; Chinese until somebody chose."""
    return str(getattr(user, "language", "") or settings.LANGUAGE_CODE)


def _queue_hooks(
    event: Event,
    new: Mapping[int | None, int],
    each: Mapping[int | None, Mapping[str, Any]],
    items: Mapping[int, Items],
    now: datetime,
) -> None:
    endpoints = WebhookEndpoint.objects.filter(
        among_keys("company_id", [pk for pk in new if pk is not None]),
        is_enabled=True,
        events__contains=[event.code],
    )
    rows = []
    for endpoint in endpoints.order_by("pk"):
        own = items.get(endpoint.company_id, ())
        parts = pages(own)
        for page, part in enumerate(parts, start=1):
            told: dict[str, Any] = dict(each[endpoint.company_id])
            if event.items:
                told |= {"page": page, "pages": len(parts)}
                told["items"] = [_plain(event.items, item) for item in part]
            rows.append(delivery(endpoint, event.code, told, now))
    WebhookDelivery.objects.bulk_create(rows, batch_size=_MANY)
    if rows:
        ring(HOOKS)


def delivery(
    endpoint: WebhookEndpoint, event: str, told: Mapping[str, Any], now: datetime
) -> WebhookDelivery:
    """A message, not yet saved; its id and its bytes are fixed here."""
    body = {"type": event, "timestamp": now.isoformat(), "data": told}
    return WebhookDelivery(
        uid=f"msg_{uuid4().hex}",
        endpoint=endpoint,
        company_id=endpoint.company_id,
        event=event,
        body=json.dumps(body, ensure_ascii=False, separators=(",", ":")),
        created_at=now,
        due_at=now,
    )


def _checked(event: Event, facts: Facts) -> dict[str, Any]:
    if facts.keys() != event.facts.keys():
        raise ValueError(f"{event.code} is told with {sorted(event.facts)}, not {sorted(facts)}")
    return _plain(event.facts, facts)


def _plain(kinds: Mapping[str, Fact], facts: Facts) -> dict[str, Any]:
    """As JSON keeps it; only what the catalogue names, so no more than that ever leaves."""
    return {name: _kept(kind, facts[name]) for name, kind in kinds.items()}


def _kept(kind: Fact, value: Any) -> Any:
    match kind:
        case Fact.COUNT:
            return int(value)
        case Fact.MONEY:
            return {"minor": int(value["minor"]), "currency": str(value["currency"])}
        case Fact.NAME:
            return {"zh": str(value.name_zh), "en": str(value.name_en)}
        case Fact.MOMENT | Fact.DAY:
            return value.isoformat() if isinstance(value, date) else str(value)
    return str(value)
