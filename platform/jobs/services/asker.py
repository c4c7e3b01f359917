"""Who asked for a job, and whether that person may still have it done."""

from __future__ import annotations

from datetime import datetime

from accounts.access import demand_standing
from accounts.models import Membership
from accounts.second_factor import SecondFactorMissing, has_one, lacks_one
from jobs.models import Job
from jobs.refusals import NoLongerMember, TokenOver
from rest.models import ApiToken


def demand_asker(job: Job, now: datetime) -> Membership:
    """Whoever asked may still have it done. Asked at every step, for all of it may end meanwhile.

    Raises NoLongerMember, SecondFactorMissing, TokenOver, CompanyNotAdmitted, CompanySuspended: a
    suspended company reads its pages, but nothing is done for it and nothing is handed out.
    """
    known = Membership.objects.filter(user=job.user_id, company=job.owner_id)
    # Jobs that were queued before this was kept have none.
    if job.membership_id is not None:
        known = known.filter(pk=job.membership_id, stint=job.stint)
    member = (
        known.filter(role=job.role, user__is_active=True)
        .select_related("company", "user")
        .annotate(has_second_factor=has_one("user"))
        .first()
    )
    if member is None:
        raise NoLongerMember()
    if lacks_one(member):
        raise SecondFactorMissing()
    if job.token_id is not None:
        token = ApiToken.objects.select_related("membership", "created_by").get(pk=job.token_id)
        if not token.is_usable(now):
            raise TokenOver()
    demand_standing(member, method="POST")
    return member
