"""Reading about people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import (
    AccountEvent,
    AccountLetter,
    Company,
    CompanyKind,
    Invitation,
    Membership,
    Role,
    User,
)
from accounts.second_factor import has_one
from core.walls import inside

PLATFORM = CompanyKind.PLATFORM.value


def managed_company(user: User, company: Company, role: str, code: str) -> Company | None:
    """Whose people somebody sees to: one's own as its admin, others' as an operator.

    The platform gives the roles that see and move everybody's money, so an operator is not
    enough there.
    """
    if company.code == code:
        return company if is_administrator(user, company, role) else None
    if role != Role.OPERATOR:
        return None
    return Company.objects.filter(code=code).exclude(kinds__contains=[PLATFORM]).first()


def is_administrator(user: User, company: Company, role: str) -> bool:
    """Who says who belongs to the company, and makes its keys."""
    mine = Membership.objects.filter(user=user, company=company, role=role, is_admin=True)
    return mine.exists()


def members_of(company: Company) -> QuerySet[Membership]:
    """Everybody who acts for the company, with ``has_second_factor``."""
    return (
        Membership.objects.filter(company=company)
        .select_related("user")
        .annotate(has_second_factor=has_one("user"))
        .order_by("user__name", "pk")
    )


def persons_there() -> QuerySet[User]:
    """Everybody with an account, with ``has_second_factor`` and ``has_company``."""
    theirs = Membership.objects.filter(user=OuterRef("pk"))
    return User.objects.annotate(has_second_factor=has_one("pk"), has_company=Exists(theirs))


def companies_of(person: User) -> QuerySet[Membership]:
    """For whom a person acts, and as what."""
    return (
        Membership.objects.filter(user=person)
        .select_related("company")
        .order_by("company__code", "role")
    )


def newest_events_of(user: User) -> list[AccountEvent]:
    """What happened to a person's account of late, for the person."""
    return list(AccountEvent.objects.filter(user=user).select_related("by").order_by("-pk")[:20])


def open_invitations_of(company: Company) -> list[Invitation]:
    """Neither accepted nor taken back; some may be too old."""
    with inside(company.pk):
        return list(open_invitations().order_by("-invited_at", "-pk"))


def open_invitations() -> QuerySet[Invitation]:
    """The same of the company whose walls are up, to be searched, narrowed and paged."""
    found: QuerySet[Invitation] = Invitation.objects.filter(
        accepted_at=None, revoked_at=None
    ).select_related("invited_by")
    return found


def unsent_of(invitations: Iterable[Invitation]) -> set[str]:
    """The uids of those whose letter could not be sent so far."""
    uids = [str(one.uid) for one in invitations]
    failed = AccountLetter.objects.filter(about__in=uids).exclude(last_error="")
    return set(failed.values_list("about", flat=True))


def name_at(email: str) -> str:
    """What a letter to this address may call its reader: the name of who proved that it is its own.

    Anybody can sign up with somebody else's address, and type anything as a name.
    """
    proved = EmailAddress.objects.filter(email=email.lower(), verified=True)
    held = proved.select_related("user").first()
    return str(held.user.name) if held else ""


def invitation_of(company: Company, uid: object) -> Invitation | None:
    with inside(company.pk):
        found: Invitation | None = Invitation.objects.filter(uid=uid).first()
        return found


def is_too_old(invitation: Invitation, *, now: datetime) -> bool:
    return now >= invitation.expires_at
