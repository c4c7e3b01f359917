"""Letters about somebody's own account: rows that the worker sends and then deletes."""

from __future__ import annotations

import json
import logging
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from accounts.letters import account_letter
from accounts.models import AccountLetter
from core.queue import ring

log = logging.getLogger(__name__)

LETTERS = "accounts.letters"
#: Where nothing else is said, a link is worth nothing after that; neither is its letter.
_KEPT = timedelta(days=3)


@transaction.atomic
def post_letter(
    *,
    to: str,
    kind: str,
    language: str,
    facts: Mapping[str, str],
    about: str = "",
    keep_until: datetime | None = None,
    now: datetime,
) -> AccountLetter:
    """Queue one letter; the worker writes and sends it, and tries until ``keep_until``.

    ``about`` names what it is about, for who must know whether it went out.
    """
    known = {code for code, _name in settings.LANGUAGES}
    host = urlsplit(settings.BONDPOOL_PUBLIC_URL).hostname or "localhost"
    letter = AccountLetter.objects.create(
        to=to,
        kind=kind,
        language=language if language in known else settings.LANGUAGE_CODE,
        facts=json.dumps(dict(facts)),
        message_id=f"<{uuid4()}@{host}>",
        about=about,
        queued_at=now,
        keep_until=keep_until or now + _KEPT,
        due_at=now,
    )
    ring(LETTERS)
    return letter


def forget_letters(*, about: str) -> None:
    """What these say is true no more; one that is just being sent may still go out."""
    AccountLetter.objects.filter(about=about).delete()


def send_due_letters(*, now: Callable[[], datetime]) -> int:
    """Send every due letter; safe beside itself and after a crash. Returns how many were sent.

    No transaction is open while the mail server is talked to.
    """
    sent = 0
    while (letter := _claim(now())) is not None:
        mine = AccountLetter.objects.filter(pk=letter.pk, leased_until=letter.leased_until)
        told = account_letter(letter.kind, json.loads(letter.facts), language=letter.language)
        message = EmailMultiAlternatives(
            subject=told.subject,
            body=told.text,
            to=[letter.to],
            headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(told.html, "text/html")
        try:
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            log.warning("letter %s could not be sent: %s", letter.message_id, error)
            wait = timedelta(seconds=min(15 * 2**letter.attempts, 3600))
            mine.update(
                leased_until=None,
                due_at=now() + wait,
                last_error=f"{type(error).__name__}: {error}"[:2000],
            )
            continue
        sent += mine.delete()[0]
    return sent


@transaction.atomic
def _claim(now: datetime) -> AccountLetter | None:
    AccountLetter.objects.filter(keep_until__lte=now).delete()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=now)
    letter = (
        AccountLetter.objects.select_for_update(skip_locked=True)
        .filter(free, due_at__lte=now)
        .order_by("due_at", "pk")
        .first()
    )
    if letter is not None:
        letter.attempts += 1
        letter.leased_until = now + timedelta(seconds=settings.BONDPOOL_LEASE_SECONDS)
        letter.save(update_fields=["attempts", "leased_until"])
    return letter
