"""Who acts for a company: asked in, taken in, given another role, taken out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.models import Company, CompanyStatus, Invitation, Membership, Role, User
from accounts.queries import name_at
from accounts.rules import people as rules
from accounts.rules.admitting import CompanySuspended, tidy_line
from accounts.rules.seen import check_unchanged
from accounts.services.letters import forget_letters, post_letter
from core.taking import take_turns
from core.walls import inside

_SALT = "accounts.invitation"


@dataclass(frozen=True, slots=True)
class Asked:
    """An open invitation, as the person who holds its link sees it."""

    invitation: Invitation
    company: Company
    person: User | None


@transaction.atomic
def invite(
    *, company: Company, email: str, role: Role, is_admin: bool, by: User, now: datetime
) -> Invitation:
    """Ask somebody by e-mail to act for the company.

    Raises OwnRole, RoleDoesNotFit, BelongsAlready, InvitedAlready, InvitationsWait or
    TooManyInvitations; then nothing has been written.
    """
    company = _locked(company)
    email = email.strip().lower()
    rules.check_role(role=role, kinds=company.kinds)
    if email == by.email.lower():
        raise rules.OwnRole
    if Membership.objects.filter(company=company, user__email=email, role=role).exists():
        raise rules.BelongsAlready
    with inside(company.pk):
        standing = Invitation.objects.filter(
            email=email, role=role, accepted_at=None, revoked_at=None
        )
        if standing.filter(expires_at__gt=now).exists():
            raise rules.InvitedAlready
        every = Invitation.objects.filter(company=company)
        unanswered = every.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)
        rules.check_invitations(
            status=company.status,
            standing=unanswered.count(),
            lately=every.filter(invited_at__gt=now - timedelta(days=1)).count(),
        )
        # One that ran out makes room for the new one.
        standing.update(revoked_at=now)
        invitation: Invitation = Invitation.objects.create(
            company=company,
            email=email,
            role=role,
            is_admin=is_admin,
            invited_by=by,
            invited_at=now,
            expires_at=now + rules.INVITATION_LASTS,
        )
    _post(invitation, company=company, by=by, now=now)
    return invitation


@transaction.atomic
def send_again(*, company: Company, invitation: Invitation, by: User, now: datetime) -> None:
    """A new link, and a new week; the links before it are worthless.

    Raises InvitationsWait, SentOftenEnough; then nothing has been written.
    """
    invitation = _standing(company, invitation)
    rules.check_letters(status=invitation.company.status, sent=invitation.issue)
    invitation.issue += 1
    invitation.expires_at = now + rules.INVITATION_LASTS
    with inside(company.pk):
        invitation.save(update_fields=["issue", "expires_at"])
    forget_letters(about=str(invitation.uid))
    _post(invitation, company=company, by=by, now=now)


@transaction.atomic
def revoke(*, company: Company, invitation: Invitation, now: datetime) -> None:
    """Take an open invitation back."""
    invitation = _standing(company, invitation)
    invitation.revoked_at = now
    with inside(company.pk):
        invitation.save(update_fields=["revoked_at"])
    forget_letters(about=str(invitation.uid))


def look_at(*, token: str, now: datetime) -> Asked:
    """The open invitation a link names; raises why there is none."""
    company, invitation = _named(token)
    rules.check_open(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
        now=now,
    )
    person = User.objects.filter(email=invitation.email).first()
    return Asked(invitation=invitation, company=company, person=person)


@transaction.atomic
def accept(
    *,
    token: str,
    user: User | None,
    name: str = "",
    password: str = "",
    language: str = settings.LANGUAGE_CODE,
    now: datetime,
) -> Membership:
    """Take an invitation up, once; a person new to the house gets its account by this.

    The link came to the address, so the address is proved. ``user`` is who is signed in; an
    account that exists is used by its owner only; a new one is written to in ``language``.
    Raises why it cannot be; then nothing has been written.
    """
    company, invitation = _named(token)
    company = _locked(company)
    with inside(company.pk):
        invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    rules.check_open(
        expires_at=invitation.expires_at,
        accepted_at=invitation.accepted_at,
        revoked_at=invitation.revoked_at,
        now=now,
    )
    rules.check_role(role=invitation.role, kinds=company.kinds)
    if company.status == CompanyStatus.SUSPENDED:
        raise CompanySuspended
    # Two companies ask one person who is new: the second acceptance finds the account of the first.
    take_turns("email", invitation.email)
    owner = User.objects.filter(email=invitation.email).first()
    if owner is not None and (user is None or user.pk != owner.pk):
        raise rules.InvitationForAnother
    if owner is None and user is not None:
        raise rules.InvitationForAnother
    if owner is None:
        rules.check_name(name)
        owner = User.objects.create_user(
            invitation.email, password, name=tidy_line(name), language=language
        )
    if not owner.is_active:
        raise rules.AccountClosed
    # Whoever takes another address later is still the one who invited it.
    if owner.pk == invitation.invited_by_id:
        raise rules.OwnRole
    if Membership.objects.filter(user=owner, company=company, role=invitation.role).exists():
        raise rules.BelongsAlready
    with inside(company.pk):
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    return Membership.objects.create(
        user=owner, company=company, role=invitation.role, is_admin=invitation.is_admin
    )


@transaction.atomic
def change_role(
    *, company: Company, member: Membership, role: Role, is_admin: bool, by: User, seen: str = ""
) -> None:
    """Raises OwnRole, RoleDoesNotFit, BelongsAlready, LastAdmin, or ChangedMeanwhile for a page
    that showed another role; then nothing was written."""
    company = _locked(company)
    member = Membership.objects.select_for_update().get(pk=member.pk, company=company)
    check_unchanged(seen, role=member.role, is_admin=member.is_admin)
    rules.check_role(role=role, kinds=company.kinds)
    if member.user_id == by.pk and member.role != role:
        raise rules.OwnRole
    same = Membership.objects.filter(user=member.user_id, company=company, role=role)
    if same.exclude(pk=member.pk).exists():
        raise rules.BelongsAlready
    if member.is_admin and not is_admin:
        rules.check_admin_stays(admins=_admins(company), without=member.pk)
    if role != member.role:
        member.stint += 1
    member.role, member.is_admin = role, is_admin
    member.save(update_fields=["role", "is_admin", "stint"])


@transaction.atomic
def remove(*, company: Company, member: Membership, now: datetime) -> None:
    """The person acts for the company no more, from its next request on.

    What it did stays under its name. Raises LastAdmin; then nothing has been written.
    """
    company = _locked(company)
    member = Membership.objects.select_for_update().get(pk=member.pk, company=company)
    if member.is_admin:
        rules.check_admin_stays(admins=_admins(company), without=member.pk)
    member.ended_at = now
    member.save(update_fields=["ended_at"])


def _admins(company: Company) -> list[int]:
    """Who can: whoever's account is closed manages nobody."""
    found = Membership.objects.filter(company=company, is_admin=True, user__is_active=True)
    return list(found.values_list("pk", flat=True))


def _locked(company: Company) -> Company:
    """Changes of one company's people wait for each other: two admins cannot remove each other."""
    return Company.objects.select_for_update().get(pk=company.pk)


def _standing(company: Company, invitation: Invitation) -> Invitation:
    with inside(company.pk):
        rows = Invitation.objects.select_related("company").select_for_update(of=("self",))
        found: Invitation = rows.get(pk=invitation.pk)
    if found.accepted_at is not None:
        raise rules.InvitationUsed
    if found.revoked_at is not None:
        raise rules.InvitationRevoked
    return found


def _named(token: str) -> tuple[Company, Invitation]:
    try:
        company_id, uid, issue = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise rules.InvitationUnknown from None
    with inside(company_id):
        invitation = (
            Invitation.objects.filter(uid=uid, issue=issue).select_related("company").first()
        )
    if invitation is None:
        raise rules.InvitationUnknown
    return invitation.company, invitation


def invitation_token(invitation: Invitation) -> str:
    return signing.dumps([invitation.company_id, str(invitation.uid), invitation.issue], salt=_SALT)


def _post(invitation: Invitation, *, company: Company, by: User, now: datetime) -> None:
    person = User.objects.filter(email=invitation.email).first()
    path = reverse("invitation", args=[invitation_token(invitation)])
    post_letter(
        to=invitation.email,
        kind="invitation",
        language=person.language if person else by.language,
        facts={
            "url": settings.BONDPOOL_PUBLIC_URL + path,
            "name": name_at(invitation.email),
            "company_zh": company.name_zh,
            "company_en": company.name_en,
            "inviter": by.name,
            "role": invitation.role,
        },
        about=str(invitation.uid),
        keep_until=invitation.expires_at,
        now=now,
    )
