from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Membership
from core.walls import platform_wide
from notices.catalogue import Event, Group, codes_for, events_for
from notices.models import MailWhen, Notice, NoticeChoice, NoticeCopy, Reminder
from notices.wording import Worded, worded

#: The bell counts no further.
MOST_UNREAD = 100


@dataclass(frozen=True, slots=True)
class Shown:
    """A copy and what it says."""

    copy: NoticeCopy
    says: Worded


@dataclass(frozen=True, slots=True)
class Setting:
    """How a person hears of an event now."""

    event: Event
    in_portal: bool
    mail: str


def told_at(event: str, subject: str) -> datetime | None:
    """When the platform's people were told that this happened to ``subject``, if they were."""
    with platform_wide():
        held = Notice.objects.filter(event=event, subject=subject, company__isnull=True)
        return held.values_list("told_at", flat=True).first()


def last_look(name: str) -> datetime | None:
    """When somebody last looked at the clock for this, if anybody did."""
    taken = Reminder.objects.filter(name=name).order_by("-taken_at")
    return taken.values_list("taken_at", flat=True).first()


def unread(membership: Membership) -> int:
    """How many wait to be seen, a hundred at most; one look at one index."""
    return int(waiting(membership).count())


def waiting(membership: Membership) -> QuerySet[NoticeCopy]:
    """Those that wait to be seen, as far as the bell counts."""
    return _copies(membership).filter(read_at__isnull=True).order_by()[:MOST_UNREAD]


def copies(membership: Membership) -> QuerySet[NoticeCopy]:
    """A person's own copies of what its role hears of; those of a role before are no longer its."""
    return _copies(membership).select_related("notice")


def _copies(membership: Membership) -> QuerySet[NoticeCopy]:
    found: QuerySet[NoticeCopy] = NoticeCopy.objects.filter(
        membership=membership, in_portal=True, notice__event__in=codes_for(membership.role)
    )
    return found


def copy_of(membership: Membership, pk: int) -> NoticeCopy | None:
    return copies(membership).filter(pk=pk).first()


def shown(rows: Iterable[NoticeCopy], *, role: str) -> list[Shown]:
    """In the reader's language."""
    return [Shown(copy, worded(copy.notice, role=role)) for copy in rows]


def settings_of(membership: Membership) -> list[tuple[str, list[Setting]]]:
    """What this role may hear of, by group, and how it does now."""
    chosen = {choice.event: choice for choice in NoticeChoice.objects.filter(membership=membership)}
    grouped: dict[str, list[Setting]] = {}
    for event in events_for(membership.role):
        choice = chosen.get(event.code)
        in_portal = event.is_mandatory or choice is None or choice.in_portal
        mail = choice.mail if choice else event.mail
        grouped.setdefault(str(Group(event.group).label), []).append(
            Setting(event, in_portal, MailWhen(mail).value)
        )
    return list(grouped.items())
