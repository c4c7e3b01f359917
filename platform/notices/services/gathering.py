"""News of the stages below, which know of no notices: their rows are looked at instead.

Each row is told of once, and which ones were is remembered: however long nobody looked, what
happened meanwhile is told. Only what is older than a month is left to the history.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import override

from accounts.models import Invitation, Membership
from core.faults import each_of
from jobs.models import Job, JobKind, JobState
from notices.models import Reminder
from notices.services.reminding import once
from notices.services.telling import tell
from rest.models import ApiToken
from web.tables import tables

M = TypeVar("M", bound=Model)

_LOOKS_BACK = timedelta(days=30)
#: Rows of one kind in one look; the next look is a moment later.
_AT_ONCE = 200
#: One that cannot be told lets those behind it go first, and is tried again after so long.
STEPS_ASIDE = timedelta(minutes=10)
#: So long before its end a token that lived longer is pointed out.
EXPIRING = timedelta(days=7)


def gather(*, now: datetime) -> int:
    """Tell of new tokens, of tokens that end soon, of invitations and of jobs that ended; how
    many. One that cannot be told holds up no other, and is raised at the end."""
    kinds = (_new_tokens, _ending_tokens, _invitations, _jobs)
    return each_of(kinds, lambda kind: kind(now))


def _new_tokens(now: datetime) -> int:
    made = ApiToken.objects.filter(created_at__gte=now - _LOOKS_BACK).select_related("created_by")
    return _each("token.created", made, _tell_new_token, now)


def _tell_new_token(token: ApiToken, now: datetime) -> None:
    tell(
        "token.created",
        subject=f"token {token.pk}",
        facts={"name": token.name, "by": token.created_by.name},
        companies=[token.company_id],
        people=_admins(token.company_id),
        now=now,
    )


def _ending_tokens(now: datetime) -> int:
    # One that never lives longer than this needs no warning on its first day.
    ending = ApiToken.objects.filter(
        revoked_at__isnull=True,
        expires_at__gt=now,
        expires_at__lte=now + EXPIRING,
        created_at__lt=F("expires_at") - EXPIRING,
    )
    return _each("token.expiring", ending, _tell_ending_token, now)


def _tell_ending_token(token: ApiToken, now: datetime) -> None:
    tell(
        "token.expiring",
        subject=f"token {token.pk}",
        facts={"name": token.name, "expires_at": token.expires_at},
        companies=[token.company_id],
        people=_admins(token.company_id),
        now=now,
    )


def _invitations(now: datetime) -> int:
    asked = Invitation.objects.filter(invited_at__gte=now - _LOOKS_BACK)
    return _each("member.invited", asked.select_related("invited_by"), _tell_invitation, now)


def _tell_invitation(one: Invitation, now: datetime) -> None:
    if one.invited_by is None:
        # Of the first operator: nobody is there yet to be told.
        return
    tell(
        "member.invited",
        subject=f"invitation {one.pk}",
        facts={"email": one.email, "by": one.invited_by.name, "role": one.role},
        companies=[one.company_id],
        people=_admins(one.company_id),
        now=now,
    )


def _admins(company_id: int) -> list[int]:
    """People and keys are the business of a company's administrators alone."""
    members = Membership.objects.filter(company_id=company_id, is_admin=True)
    return list(members.values_list("user_id", flat=True))


def _jobs(now: datetime) -> int:
    """Whoever asked for a job hears how it ended, and nobody else of the company. Who stopped it
    knows."""
    ready = Q(state=JobState.DONE, expires_at__gt=now) & ~Q(result_name="")
    acted = Q(state=JobState.DONE, kind=JobKind.ACT)
    ended = Job.objects.filter(
        ready | acted | Q(state=JobState.FAILED), finished_at__gte=now - _LOOKS_BACK
    )
    return _each("job", ended, _tell_job, now)


def _tell_job(job: Job, now: datetime) -> None:
    facts: dict[str, object] = {"job": job.public_id}
    if job.state == JobState.FAILED:
        event, facts["list"] = "job.failed", _list_of(job)
    elif job.result_name:
        event, facts["name"] = "export.ready", job.result_name
    else:
        event, facts["list"] = "job.ended", _list_of(job)
        facts |= {"done": job.done - job.refused, "refused": job.refused}
    tell(
        event,
        subject=f"job {job.public_id}",
        facts=facts,
        companies=[job.owner_id],
        people=[job.user_id],
        now=now,
    )


def _list_of(job: Job) -> str:
    """The list's name as whoever asked reads it."""
    table = tables().get(job.table)
    with override(job.language):
        return str(table.title) if table else job.table


def _each(name: str, rows: QuerySet[M], told: Callable[[M, datetime], None], now: datetime) -> int:
    """Tell of the rows that nobody was told of yet; how many.

    However many cannot be told, they hold up those behind them for one look only.
    """
    failing = f"{name} failed"
    taken = Reminder.objects.filter(name=name, key=OuterRef("look_key"))
    aside = Reminder.objects.filter(
        name=failing, key=OuterRef("look_key"), taken_at__gt=now - STEPS_ASIDE
    )
    looked: QuerySet[Any] = rows.annotate(look_key=Cast("pk", CharField()))

    def tell_of(row: M) -> int:
        try:
            with transaction.atomic():
                if not once(name, str(row.pk), now=now):
                    return 0
                told(row, now)
                return 1
        except Exception:
            Reminder.objects.update_or_create(
                name=failing, key=str(row.pk), defaults={"taken_at": now}
            )
            raise

    waiting = looked.filter(~Exists(taken), ~Exists(aside)).order_by("pk")
    return each_of(waiting[:_AT_ONCE], tell_of)
