"""Who may belong to a company, in which role, and how somebody is asked in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.rules.roles import roles_of
from core.errors import DomainError, InputError

INVITATION_LASTS = timedelta(days=7)


class RoleDoesNotFit(InputError):
    """A company of this kind has no such role."""

    code = "accounts.role_does_not_fit"


class BelongsAlready(DomainError):
    """This person has that role in the company already."""

    code = "accounts.belongs_already"


class InvitedAlready(DomainError):
    """This person is invited already; send the invitation again instead."""

    code = "accounts.invited_already"


class LastAdmin(DomainError):
    """A company keeps at least one person who may manage its people; name another one first."""

    code = "accounts.last_admin"


class OwnRole(DomainError):
    """Nobody gives himself another role; ask another person who manages the company's people."""

    code = "accounts.own_role"


class InvitationTooOld(DomainError):
    """The invitation is too old. Ask whoever invited you to send it again."""

    code = "accounts.invitation_too_old"


class InvitationUsed(DomainError):
    """The invitation was accepted before. Sign in."""

    code = "accounts.invitation_used"


class InvitationRevoked(DomainError):
    """The invitation was taken back."""

    code = "accounts.invitation_revoked"


class InvitationUnknown(DomainError):
    """This link belongs to no invitation; a newer mail may hold a newer link."""

    code = "accounts.invitation_unknown"
    status = 404


class InvitationForAnother(DomainError):
    """The invitation is for another e-mail address than the one you are signed in with."""

    code = "accounts.invitation_for_another"


class AccountClosed(DomainError):
    """The account with this e-mail address is closed. Ask the platform's operator."""

    code = "accounts.account_closed"


def check_role(*, role: str, kinds: Iterable[str]) -> None:
    """Raises RoleDoesNotFit."""
    if role not in roles_of(kinds):
        raise RoleDoesNotFit(role=role)


def check_admin_stays(*, admins: Iterable[int], without: int) -> None:
    """Raises LastAdmin when ``without`` is the only membership that is an admin's."""
    others = set(admins) - {without}
    if not others:
        raise LastAdmin


def check_open(
    *,
    expires_at: datetime,
    accepted_at: datetime | None,
    revoked_at: datetime | None,
    now: datetime,
) -> None:
    """Raises why an invitation cannot be accepted any more."""
    if accepted_at is not None:
        raise InvitationUsed
    if revoked_at is not None:
        raise InvitationRevoked
    if now >= expires_at:
        raise InvitationTooOld
