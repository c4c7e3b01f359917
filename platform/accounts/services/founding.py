"""The first step of a new house: its own company, and the link by which its operator comes in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.models import CompanyKind, Invitation, Membership, Role
from accounts.queries.companies import platform
from accounts.rules import founding as rules
from accounts.rules import people
from accounts.services.companies import enter_company
from accounts.services.people import invitation_token
from core.taking import take_turns
from core.walls import inside


@transaction.atomic
def found(*, email: str, said: Mapping[str, str], code: str, now: datetime) -> str:
    """Make the platform's own company, where there is none yet, and invite its first operator.

    Returns the token of the invitation's link, which is told to whoever asked and sent to nobody.
    Asked again before somebody accepted, the link before is worthless. Raises OperatorIsThere, or
    what is wrong with the company; then nothing has been written.
    """
    take_turns("company", "platform")
    if Membership.objects.filter(role=Role.OPERATOR, user__is_active=True).exists():
        raise rules.OperatorIsThere
    company = platform()
    if company is None:
        company = enter_company(said=said, kinds=[CompanyKind.PLATFORM], code=code, now=now)
    with inside(company.pk):
        Invitation.objects.filter(accepted_at=None, revoked_at=None).update(revoked_at=now)
        invitation: Invitation = Invitation.objects.create(
            company=company,
            email=email.strip().lower(),
            role=Role.OPERATOR,
            is_admin=True,
            invited_at=now,
            expires_at=now + people.INVITATION_LASTS,
        )
    return invitation_token(invitation)
