"""E-mails: rows that a worker sends, each under an id fixed beforehand; once a day a digest."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Membership, Role
from core.queue import ring
from notices.catalogue import codes_for
from notices.letters import letter_of, stop_address
from notices.models import Mail, MailState, MailWhen, NoticeChoice, NoticeCopy
from notices.rules import mail_wait
from notices.services.choosing import DIGEST
from notices.services.reminding import once
from notices.services.telling import MAILS, language_of

log = logging.getLogger(__name__)

#: The daily digest goes out after this hour of the house's own clock.
DIGEST_HOUR = 8


def send_due(*, now: Callable[[], datetime]) -> int:
    """Send every due mail, one by one; safe beside itself and after a crash.

    No transaction is open while the server is talked to. Returns how many were sent.
    """
    sent = 0
    while (mail := _claim(now())) is not None:
        if not _is_wanted(mail):
            _settle(mail, state=MailState.DROPPED)
            continue
        message = _message(mail)
        try:
            message.send()
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused) as error:
            log.warning("mail %s was refused: %s", mail.message_id, error)
            _settle(mail, state=MailState.FAILED, last_error=str(error)[:2000])
        except (smtplib.SMTPException, OSError) as error:
            log.warning("mail %s could not be sent: %s", mail.message_id, error)
            _put_back(mail, error, now())
        else:
            sent += _settle(mail, state=MailState.SENT, sent_at=now(), last_error="")
    return sent


@transaction.atomic
def _claim(now: datetime) -> Mail | None:
    """The next due mail, with a lease; one that was tried too often waits for a person."""
    due = Q(state=MailState.QUEUED, due_at__lte=now) | Q(
        state=MailState.SENDING, leased_until__lt=now
    )
    rows = Mail.objects.select_for_update(skip_locked=True, of=("self",)).filter(due)
    mail: Mail | None = (
        rows.select_related("membership__user", "membership__company")
        .order_by("due_at", "pk")
        .first()
    )
    if mail is None:
        return None
    mail.state, mail.attempts = MailState.SENDING, mail.attempts + 1
    mail.leased_until = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
    if mail.attempts > settings.BONDPOOL_MAX_ATTEMPTS:
        mail.state, mail.leased_until = MailState.FAILED, None
    mail.save(update_fields=["state", "attempts", "leased_until"])
    return mail


def _settle(mail: Mail, **changes: object) -> int:
    """Compare-and-set: a mail whose lease was lost belongs to another worker."""
    mine = Mail.objects.filter(pk=mail.pk, state=MailState.SENDING, leased_until=mail.leased_until)
    return int(mine.update(leased_until=None, **changes))


def _put_back(mail: Mail, error: Exception, now: datetime) -> None:
    final = mail.attempts >= settings.BONDPOOL_MAX_ATTEMPTS
    _settle(
        mail,
        state=MailState.FAILED if final else MailState.QUEUED,
        due_at=now + mail_wait(mail.attempts),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def _is_wanted(mail: Mail) -> bool:
    """Whoever left, has another role now or has changed its mind since, is not written to."""
    reader = mail.membership
    if mail.state == MailState.FAILED or not reader.user.is_active:
        return False
    if reader.ended_at is not None:
        return False
    if not mail.event:
        return _carried(mail).exists()
    if mail.event not in codes_for(reader.role):
        return False
    choice = NoticeChoice.objects.filter(membership=mail.membership_id, event=mail.event).first()
    return choice is None or choice.mail == MailWhen.NOW


def _carried(mail: Mail) -> QuerySet[NoticeCopy]:
    """What stands in it; of a daily mail, without what is not wanted any more since it was made
    and what its reader's present role does not hear of."""
    copies: QuerySet[NoticeCopy] = mail.copies.all()
    if mail.event:
        return copies
    return copies.filter(in_digest=True, notice__event__in=codes_for(mail.membership.role))


def _message(mail: Mail) -> EmailMultiAlternatives:
    copies = _carried(mail).select_related("notice").order_by("pk")
    letter = letter_of(mail, [copy.notice for copy in copies])
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[mail.membership.user.email],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe": f"<{stop_address(mail)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )
    message.attach_alternative(letter.html, "text/html")
    return message


@transaction.atomic
def gather_digests(*, now: datetime) -> int:
    """Once a day, after eight: one mail for each person with something to be told daily."""
    local = timezone.localtime(now, timezone.get_default_timezone())
    if local.hour < DIGEST_HOUR or not once(DIGEST, f"{local:%Y-%m-%d}", now=now):
        return 0
    waiting = NoticeCopy.objects.filter(in_digest=True, mail__isnull=True)
    heard = Q()
    for role in Role.values:
        heard |= Q(membership__role=role, notice__event__in=codes_for(role))
    waiting.exclude(heard).update(in_digest=False)
    found = list(
        Membership.objects.filter(
            pk__in=waiting.values("membership_id"), user__is_active=True
        ).select_related("user")
    )
    # A platform-wide notice is no company's, and neither is the mail that carries it.
    company = dict(waiting.order_by("pk").values_list("membership_id", "company_id"))
    host = urlsplit(settings.BONDPOOL_PUBLIC_URL).hostname or "localhost"
    mails = Mail.objects.bulk_create(
        (
            Mail(
                message_id=f"<{uuid4()}@{host}>",
                membership=reader,
                company_id=company[reader.pk],
                language=language_of(reader.user),
                queued_at=now,
                due_at=now,
            )
            for reader in found
        ),
        batch_size=2_000,
    )
    table = connection.ops.quote_name(NoticeCopy._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS copy SET mail_id = mail.id "  # noqa: S608 - our own table name
            "FROM unnest(%s::bigint[], %s::bigint[]) AS mail (membership_id, id) "
            "WHERE copy.membership_id = mail.membership_id "
            "AND copy.in_digest AND copy.mail_id IS NULL",
            [[mail.membership_id for mail in mails], [mail.pk for mail in mails]],
        )
    if mails:
        ring(MAILS)
    return len(mails)
