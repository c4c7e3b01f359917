"""Reading about people."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import Company, Invitation, Membership
from accounts.second_factor import has_one
from core.walls import inside


def members_of(company: Company) -> QuerySet[Membership]:
    """Everybody who acts for the company, with ``has_second_factor``."""
    return (
        Membership.objects.filter(company=company)
        .select_related("user")
        .annotate(has_second_factor=has_one("user"))
        .order_by("user__name", "pk")
    )


def open_invitations_of(company: Company) -> list[Invitation]:
    """Neither accepted nor taken back; some may be too old."""
    with inside(company.pk):
        return list(
            Invitation.objects.filter(accepted_at=None, revoked_at=None)
            .select_related("invited_by")
            .order_by("-invited_at", "-pk")
        )


def invitation_of(company: Company, uid: object) -> Invitation | None:
    with inside(company.pk):
        found: Invitation | None = Invitation.objects.filter(uid=uid).first()
        return found


def is_too_old(invitation: Invitation, *, now: datetime) -> bool:
    return now >= invitation.expires_at
