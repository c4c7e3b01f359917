"""An operator closes an account, reopens it, or helps somebody who lost the second factor.

Each says why; the person is written to, and it stays in the trail. What was open ends at once and
stays ended: a session or an API token from before opens nothing when the account is open again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F

from accounts.models import AccountEvent, AccountEventKind, CompanyKind, Membership, Role, User
from accounts.queries import name_at
from accounts.rules import closing as rules
from accounts.rules.admitting import check_reason
from accounts.services.letters import post_letter
from core.acting import because
from core.taking import take_turns


@dataclass(frozen=True, slots=True)
class Operator:
    """Who does it, from where."""

    user: User
    address: str
    agent: str = ""


@transaction.atomic
def close_account(*, person: User, by: Operator, reason: str, now: datetime) -> None:
    """Nobody signs in with it any more, and nothing that was made with it opens anything.

    Raises OwnAccount, PersonOfThePlatform, ReasonMissing, ClosedAlready; then nothing has been
    written.
    """
    held, told = _held(person, by), check_reason(reason)
    if not held.is_active:
        raise rules.ClosedAlready
    with because(told):
        User.objects.filter(pk=held.pk).update(is_active=False)
    # A token is of one stint of a membership.
    Membership.objects.filter(user=held).update(stint=F("stint") + 1)
    _end_sessions(held)
    _tell(held, AccountEventKind.CLOSED, told, by, now)


@transaction.atomic
def reopen_account(*, person: User, by: Operator, reason: str, now: datetime) -> None:
    """It can be signed in with again, with the password and the factor it had.

    Raises OwnAccount, PersonOfThePlatform, ReasonMissing, OpenAlready; then nothing has been
    written.
    """
    held, told = _held(person, by), check_reason(reason)
    if held.is_active:
        raise rules.OpenAlready
    with because(told):
        User.objects.filter(pk=held.pk).update(is_active=True)
    _tell(held, AccountEventKind.REOPENED, told, by, now)


@transaction.atomic
def reset_second_factor(*, person: User, by: Operator, reason: str, now: datetime) -> None:
    """App, passkeys and recovery codes are gone; who must have a factor sets one up anew.

    Raises OwnAccount, PersonOfThePlatform, ReasonMissing, NoFactorThere; then nothing has been
    written.
    """
    held, told = _held(person, by), check_reason(reason)
    if not Authenticator.objects.filter(user=held).delete()[0]:
        raise rules.NoFactorThere
    _end_sessions(held)
    _tell(held, AccountEventKind.FACTOR_RESET, told, by, now)


def _held(person: User, by: Operator) -> User:
    # Two who close each other's account wait for each other: one of them is left.
    take_turns("company", "platform")
    held = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    platform = Membership.objects.filter(company__kinds__contains=[CompanyKind.PLATFORM])
    rules.check_who(
        is_oneself=held.pk == by.user.pk,
        is_of_platform=held.is_staff or platform.filter(user=held).exists(),
        manages_platform=platform.filter(
            user=by.user, user__is_active=True, role=Role.OPERATOR, is_admin=True
        ).exists(),
    )
    return held


def _end_sessions(person: User) -> None:
    User.objects.filter(pk=person.pk).update(stint=F("stint") + 1)
    # An address that was asked for and not confirmed yet: its link would take the account over.
    EmailAddress.objects.filter(user=person, verified=False).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()


def _tell(person: User, kind: AccountEventKind, reason: str, by: Operator, now: datetime) -> None:
    AccountEvent.objects.create(
        kind=kind,
        user=person,
        email=person.email,
        address=by.address,
        agent=by.agent,
        by=by.user,
        reason=reason,
        happened_at=now,
    )
    post_letter(
        to=person.email,
        kind=kind.value,
        language=person.language,
        facts={"name": name_at(person.email), "reason": reason},
        now=now,
    )
