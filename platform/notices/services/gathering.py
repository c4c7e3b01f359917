"""News of the stages below, which know of no notices: their rows are looked at instead.

Each look is safe to take any number of times: what was told is left out, and told twice it
would be written once. What is older than a day was told, or happened before there were notices.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Invitation, Membership
from jobs.models import Job, JobState
from notices.models import Notice
from notices.services.telling import tell
from rest.models import ApiToken
from rest.queries import held

_LOOKS_BACK = timedelta(days=1)
#: So long before its end a token that lived longer is pointed out.
EXPIRING = timedelta(days=7)


@transaction.atomic
def gather(*, now: datetime) -> int:
    """Tell of new tokens, of tokens that end soon, of invitations, of files that are ready; how
    many."""
    return _new_tokens(now) + _ending_tokens(now) + _invitations(now) + _files(now)


def _new_tokens(now: datetime) -> int:
    made = ApiToken.objects.filter(created_at__gte=now - _LOOKS_BACK)
    rows = {f"token {one.pk}": one for one in made.select_related("created_by").order_by("pk")}
    untold = _untold("token.created", rows)
    for subject in untold:
        token = rows[subject]
        tell(
            "token.created",
            subject=subject,
            facts={"name": token.name, "by": token.created_by.name},
            companies=[token.company_id],
            people=_admins(token.company_id),
            now=now,
        )
    return len(untold)


def _ending_tokens(now: datetime) -> int:
    ending = ApiToken.objects.filter(
        held(), revoked_at__isnull=True, expires_at__gt=now, expires_at__lte=now + EXPIRING
    ).order_by("pk")
    # One that never lives longer than this needs no warning on its first day.
    rows = {f"token {one.pk}": one for one in ending if one.expires_at - one.created_at > EXPIRING}
    untold = _untold("token.expiring", rows)
    for subject in untold:
        token = rows[subject]
        tell(
            "token.expiring",
            subject=subject,
            facts={"name": token.name, "expires_at": token.expires_at},
            companies=[token.company_id],
            people=_admins(token.company_id),
            now=now,
        )
    return len(untold)


def _invitations(now: datetime) -> int:
    asked = Invitation.objects.filter(invited_at__gte=now - _LOOKS_BACK).order_by("pk")
    rows = {f"invitation {one.pk}": one for one in asked.select_related("invited_by")}
    untold = _untold("member.invited", rows)
    for subject in untold:
        one = rows[subject]
        tell(
            "member.invited",
            subject=subject,
            facts={"email": one.email, "by": one.invited_by.name, "role": one.role},
            companies=[one.company_id],
            people=_admins(one.company_id),
            now=now,
        )
    return len(untold)


def _admins(company_id: int) -> list[int]:
    """People and keys are the business of a company's administrators alone."""
    members = Membership.objects.filter(company_id=company_id, is_admin=True)
    return list(members.values_list("user_id", flat=True))


def _files(now: datetime) -> int:
    """Whoever asked for a file hears of it, and nobody else of the company."""
    done = Job.objects.filter(
        state=JobState.DONE, finished_at__gte=now - _LOOKS_BACK, expires_at__gt=now
    ).exclude(result_name="")
    rows = {f"job {one.public_id}": one for one in done.order_by("pk")}
    untold = _untold("export.ready", rows)
    for subject in untold:
        job = rows[subject]
        tell(
            "export.ready",
            subject=subject,
            facts={"name": job.result_name, "job": job.public_id},
            companies=[job.owner_id],
            people=[job.user_id],
            now=now,
        )
    return len(untold)


def _untold(event: str, subjects: Iterable[str]) -> list[str]:
    wanted = list(subjects)
    told = set(
        Notice.objects.filter(event=event, subject__in=wanted).values_list("subject", flat=True)
    )
    return [subject for subject in wanted if subject not in told]
