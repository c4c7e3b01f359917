"""What a person reads, and how it wants to hear of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import Q

from accounts.models import Membership
from core.walls import platform_wide
from notices.catalogue import EVENTS, events_for
from notices.models import MailState, MailWhen, NoticeChoice, NoticeCopy
from notices.rules import EventIsMandatory, LinkNotGood

_SALT = "notices.stop-mail"
#: An unsubscribing link works this long.
LINK_LASTS = timedelta(days=90)
#: Stands for every event that comes with the daily digest.
DIGEST = "digest"


@transaction.atomic
def mark_read(
    *, membership: Membership, now: datetime, ids: Iterable[int] = (), up_to: int | None = None
) -> int:
    """Note that a person has seen these copies, or all up to the newest it was shown."""
    unread = NoticeCopy.objects.filter(membership=membership, read_at__isnull=True)
    unread = unread.filter(pk__lte=up_to) if up_to is not None else unread.filter(pk__in=list(ids))
    return int(unread.update(read_at=now))


@transaction.atomic
def choose(*, membership: Membership, choices: Mapping[str, tuple[bool, str]]) -> None:
    """Keep how a person wants to hear of events: by event, in the portal or not, and which mail.

    Events that its role never hears of are left out. Raises EventIsMandatory; then nothing has
    been written. What waits for the daily mail is left out of it where no mail is wanted any
    more, and so is what a daily mail carries that has not gone out yet.
    """
    mine = {event.code: event for event in events_for(membership.role)}
    rows = []
    for code, (in_portal, mail) in choices.items():
        if code not in mine:
            continue
        if mine[code].is_mandatory and not in_portal:
            raise EventIsMandatory(event=code)
        rows.append(
            NoticeChoice(
                membership=membership,
                company_id=membership.company_id,
                event=code,
                in_portal=in_portal,
                mail=MailWhen(mail),
            )
        )
    NoticeChoice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["membership", "event"],
        update_fields=["in_portal", "mail"],
    )
    unwanted = [row.event for row in rows if row.mail == MailWhen.NEVER]
    if unwanted:
        waiting = NoticeCopy.objects.filter(
            membership=membership, in_digest=True, notice__event__in=unwanted
        )
        unsent = Q(mail__isnull=True) | Q(mail__state__in=[MailState.QUEUED, MailState.SENDING])
        waiting.filter(unsent).update(in_digest=False)


def stop_token(membership_id: int, event: str) -> str:
    """What an unsubscribing link carries; ``event`` is a code or :data:`DIGEST`."""
    return signing.dumps([membership_id, event], salt=_SALT)


def read_stop_token(token: str) -> tuple[Membership, str]:
    """Whose link it is, and for what. Raises LinkNotGood."""
    try:
        membership_id, event = signing.loads(token, salt=_SALT, max_age=LINK_LASTS)
    except signing.BadSignature as error:
        raise LinkNotGood() from error
    found = Membership.objects.select_related("user").filter(pk=membership_id).first()
    if found is None or (event != DIGEST and event not in EVENTS):
        raise LinkNotGood()
    return found, event


@transaction.atomic
def stop_mail(*, token: str) -> tuple[Membership, str]:
    """Send no more of these mails: the link from a mail is enough, nobody need sign in.

    The portal goes on showing what it showed. Raises LinkNotGood; then nothing has been written.
    """
    # Whoever holds the link is signed out: there is no company to stand inside.
    with platform_wide():
        membership, event = read_stop_token(token)
        mine = {one.code: one for one in events_for(membership.role)}
        chosen = {
            choice.event: choice for choice in NoticeChoice.objects.filter(membership=membership)
        }
        stopped = {}
        for code, one in mine.items():
            choice = chosen.get(code)
            when = choice.mail if choice else one.mail
            if code == event or (event == DIGEST and when == MailWhen.DAILY):
                stopped[code] = (choice.in_portal if choice else True, MailWhen.NEVER.value)
        choose(membership=membership, choices=stopped)
    return membership, event
