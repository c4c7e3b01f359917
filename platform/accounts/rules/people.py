"""Who may belong to a company, in which role, and how somebody is asked in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.rules.roles import roles_of
from core.errors import DomainError, InputError

INVITATION_LASTS = timedelta(days=7)
#: Letters to strangers go out in our name: nobody sends them by the thousand.
MOST_OPEN = 50
MOST_A_DAY = 30
MOST_LETTERS = 5


class RoleDoesNotFit(InputError):
    """A company of this kind has no such role."""

    code = "accounts.role_does_not_fit"


class BelongsAlready(DomainError):
    """This person has that role in the company already."""

    code = "accounts.belongs_already"


class InvitedAlready(DomainError):
    """This person is invited already; send the invitation again instead."""

    code = "accounts.invited_already"


class InvitationsWait(DomainError):
    """A company asks people in once it is admitted."""

    code = "accounts.invitations_wait"


class TooManyInvitations(DomainError):
    """A company has at most 50 open invitations, and makes at most 30 within a day. Take some
    back, or wait until tomorrow."""

    code = "accounts.too_many_invitations"


class SentOftenEnough(DomainError):
    """An invitation is sent at most five times. Ask the person by other means whether the letters
    arrive; take this one back to make a new one."""

    code = "accounts.sent_often_enough"


class NameIsAnAddress(InputError):
    """A name holds no web address."""

    code = "accounts.name_is_an_address"


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


def check_invitations(*, status: str, standing: int, lately: int) -> None:
    """``standing`` are open, ``lately`` were made within a day. Raises InvitationsWait,
    TooManyInvitations."""
    if status == "applicant":
        raise InvitationsWait
    if standing >= MOST_OPEN or lately >= MOST_A_DAY:
        raise TooManyInvitations


def check_letters(*, status: str, sent: int) -> None:
    """Raises InvitationsWait, SentOftenEnough."""
    if status == "applicant":
        raise InvitationsWait
    if sent >= MOST_LETTERS:
        raise SentOftenEnough


def check_name(name: str) -> None:
    """It stands in letters, where a mailbox would make a link of it. Raises NameIsAnAddress."""
    told = name.lower()
    if "://" in told or "www." in told:
        raise NameIsAnAddress


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
