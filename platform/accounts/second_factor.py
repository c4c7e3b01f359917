"""Who must have a second factor, and whether somebody has one."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from accounts.models import Membership, Role
from core.errors import DomainError

#: They see or move everybody's money.
NEEDS_SECOND_FACTOR = frozenset({Role.FINANCE.value, Role.OPERATOR.value})
#: Recovery codes stand in for a factor and are none by themselves.
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorMissing(DomainError):
    """Finance and operators need a second factor before anything opens."""

    code = "accounts.second_factor_missing"
    status = 403


class SecondFactorNotShown(DomainError):
    """You have not shown your second factor since you signed in; do it once and go on."""

    code = "accounts.second_factor_not_shown"
    status = 403


def has_one(user_path: str) -> Exists:
    """For a query: whether the person at ``user_path`` has an authenticator."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user_path), type__in=_FACTORS))


def lacks_one(membership: Membership) -> bool:
    """Whether this role may do nothing yet; asked for unless the row came with ``has_one``."""
    if membership.role not in NEEDS_SECOND_FACTOR:
        return False
    has_it: bool | None = getattr(membership, "has_second_factor", None)
    if has_it is None:
        mine = Authenticator.objects.filter(user_id=membership.user_id, type__in=_FACTORS)
        has_it = mine.exists()
    return not has_it


def was_shown(request: HttpRequest) -> bool:
    """Whether it was shown, or set up, in this session.

    To have one is not enough: a session may be older than the factor, and somebody else's.
    """
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)
