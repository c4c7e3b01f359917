"""What an operator does to somebody else's account, and to whose it does not."""

from __future__ import annotations

from core.errors import DomainError


class OwnAccount(DomainError):
    """Nobody closes or resets his own account; ask another operator."""

    code = "accounts.own_account"


class PersonOfThePlatform(DomainError):
    """Who works for the platform is seen to by somebody who manages the platform's people."""

    code = "accounts.person_of_the_platform"


class ClosedAlready(DomainError):
    """This account is closed already."""

    code = "accounts.closed_already"


class OpenAlready(DomainError):
    """This account is open."""

    code = "accounts.open_already"


class NoFactorThere(DomainError):
    """This account has no second factor to reset."""

    code = "accounts.no_factor_there"


def check_who(*, is_oneself: bool, is_of_platform: bool, manages_platform: bool) -> None:
    """Raises OwnAccount, PersonOfThePlatform."""
    if is_oneself:
        raise OwnAccount
    if is_of_platform and not manages_platform:
        raise PersonOfThePlatform
