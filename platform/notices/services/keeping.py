"""What was told is not kept for ever: old copies, mails, webhook messages and looks at the clock
go.

The notice itself stays, a fact of a few bytes: by it the same thing is never told twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from notices.models import (
    DeliveryState,
    Mail,
    MailState,
    NoticeCopy,
    Reminder,
    WebhookDelivery,
)
from notices.services.admissions import LOOK
from notices.services.reminding import once

#: Deleted in one go, so that no lock lasts; what is left waits for the next look.
_STEP = 5_000
_OVER = (MailState.SENT, MailState.FAILED, MailState.DROPPED)


def forget(*, now: datetime) -> int:
    """Delete what is older than BONDPOOL_NOTICES_KEPT_DAYS; returns how many rows.

    Messages that wait are kept, however old. Looks once a day, and again at once while there is
    more than one go can delete. Call platform-wide.
    """
    before = now - timedelta(days=settings.BONDPOOL_NOTICES_KEPT_DAYS)
    deleted = 0
    with transaction.atomic():
        if not once("notices.forget", localdate(now).isoformat(), now=now):
            return 0
    while went := _forget(before):
        deleted += went
    return deleted


@transaction.atomic
def _forget(before: datetime) -> int:
    """One go. Copies first: a mail stays while a copy names it."""
    copies = NoticeCopy.objects.filter(notice__told_at__lt=before)
    mails = Mail.objects.filter(queued_at__lt=before, state__in=_OVER, copies__isnull=True)
    sent = WebhookDelivery.objects.filter(
        created_at__lt=before, state__in=[DeliveryState.DELIVERED, DeliveryState.FAILED]
    )
    looks = Reminder.objects.filter(taken_at__lt=before).exclude(name=LOOK)
    return _delete(copies) + _delete(mails) + _delete(sent) + _delete(looks)


def _delete(found: QuerySet[Any]) -> int:
    keys = list(found.order_by("pk").values_list("pk", flat=True)[:_STEP])
    deleted, _by = found.model._default_manager.filter(pk__in=keys).delete()
    return int(deleted)
