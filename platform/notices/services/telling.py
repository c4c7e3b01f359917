"""Something happened: who is concerned hears of it, in the portal, by e-mail, by webhook."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from core.copying import array_of, create_many, send_many
from core.prepared import Asked, ask, together
from core.queue import ring
from core.walls import platform_wide
from notices.catalogue import EVENTS, Event, Fact
from notices.models import (
    Mail,
    MailWhen,
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
    # The caller may stand inside one company and tell another: the walls are the readers'. And
    # what is wrong with the facts has been said by now: no savepoint is needed.
    with transaction.atomic(savepoint=False), together(), platform_wide():
        written = _write(known, subject, each, now)
        # Asked together, whether or not anything of it is new: next to always it is.
        readers = _ask_readers(known, None if known.platform else each, people)
        endpoints = _ask_endpoints(known, each) if known.hook else None
        new = dict(written.rows())
        if new:
            _copy(known, new, readers, now)
            if endpoints:
                _queue_hooks(known, new, endpoints, each, items or {}, now)
    return len(new)


def _write(
    event: Event,
    subject: str | Mapping[int, str],
    each: Mapping[int | None, Mapping[str, Any]],
    now: datetime,
) -> Asked:
    """Company and id of the notices that were not there."""
    return ask(
        "INSERT INTO notices_notice (event, subject, company_id, facts, told_at) "
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


def _copy(event: Event, new: Mapping[int | None, int], readers: Asked, now: datetime) -> None:
    """A copy for each person concerned, and a mail for those who want one at once."""
    found = [one for one in (_Reader(*row) for row in readers.rows()) if _is_new(event, one, new)]
    host = urlsplit(settings.BONDPOOL_PUBLIC_URL).hostname or "localhost"
    copies, mails = [], []
    for reader in found:
        when = reader.mail or event.mail
        company_id = None if event.platform else reader.company_id
        mail = None
        if when == MailWhen.NOW:
            mail = Mail(
                message_id=f"<{uuid4()}@{host}>",
                membership_id=reader.pk,
                company_id=company_id,
                event=event.code,
                language=reader.language or settings.LANGUAGE_CODE,
                queued_at=now,
                due_at=now,
            )
            mails.append(mail)
        copies.append(
            NoticeCopy(
                notice_id=new[company_id],
                membership_id=reader.pk,
                company_id=company_id,
                in_portal=reader.in_portal is None or reader.in_portal or event.is_mandatory,
                in_digest=when == MailWhen.DAILY,
                mail=mail,
            )
        )
    create_many(mails)
    for copy in copies:
        copy.mail_id = copy.mail.pk if copy.mail else None
    send_many(copies)
    if mails:
        ring(MAILS)


def _is_new(event: Event, reader: _Reader, new: Mapping[int | None, int]) -> bool:
    return event.platform or reader.company_id in new


@dataclass(frozen=True, slots=True)
class _Reader:
    """A membership whose person is concerned; ``mail`` and ``in_portal`` as it chose, if at all."""

    pk: int
    company_id: int
    language: str
    mail: str | None
    in_portal: bool | None


# Every act of the house asks it, most of them of one company: as Django's query it takes longer to
# put into words than to answer.
_READERS = """
SELECT member.id, member.company_id, person.language, choice.mail, choice.in_portal
FROM accounts_membership AS member
JOIN accounts_user AS person ON person.id = member.user_id AND person.is_active
LEFT JOIN notices_noticechoice AS choice
       ON choice.membership_id = member.id AND choice.event = %s
WHERE member.ended_at IS NULL AND member.role = ANY (%s::text[])
"""


def _ask_readers(
    event: Event, companies: Iterable[int | None] | None, people: Iterable[int] | None
) -> Asked:
    """Who reads of an event, of some companies (ids) and people (ids of users) or of all."""
    statement = _READERS
    told = [event.code, array_of(str(role) for role in event.to)]
    if companies is not None:
        statement += "AND member.company_id = ANY (%s::bigint[]) "
        told.append(array_of(companies))
    if people is not None:
        statement += "AND member.user_id = ANY (%s::bigint[]) "
        told.append(array_of(people))
    return ask(statement + "ORDER BY member.id", told)


def language_of(user: object) -> str:
    """What a person reads; Chinese until somebody chose."""
    return str(getattr(user, "language", "") or settings.LANGUAGE_CODE)


def _queue_hooks(
    event: Event,
    new: Mapping[int | None, int],
    asked: Asked,
    each: Mapping[int | None, Mapping[str, Any]],
    items: Mapping[int, Items],
    now: datetime,
) -> None:
    rows = []
    wanted = [pk for pk, company in asked.rows() if company in new]
    endpoints = WebhookEndpoint.objects.in_bulk(wanted)
    for endpoint in (endpoints[pk] for pk in wanted):
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


def _ask_endpoints(event: Event, companies: Iterable[int | None]) -> Asked:
    """Id and company of those that are to hear of it; most companies have none."""
    return ask(
        "SELECT id, company_id FROM notices_webhookendpoint "
        "WHERE company_id = ANY (%s::bigint[]) AND is_enabled AND events @> %s::varchar[] "
        "ORDER BY id",
        [array_of(pk for pk in companies if pk is not None), array_of([event.code])],
    )


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
