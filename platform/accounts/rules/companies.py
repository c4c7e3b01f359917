"""Of which kinds a company may be."""

from __future__ import annotations

from collections.abc import Collection

from accounts.rules.admitting import ThePlatformStays
from accounts.rules.roles import roles_of
from core.errors import DomainError, InputError


class NoKindLeft(InputError):
    """A company is of one kind at least."""

    code = "accounts.no_kind_left"


class RoleInUse(DomainError):
    """People of the company act in a role that only the kind to be taken away gives. End their
    memberships first."""

    code = "accounts.role_in_use"


def check_kinds(*, before: Collection[str], after: Collection[str], roles: Collection[str]) -> None:
    """``roles``: those in which people act now.

    Raises NoKindLeft, ThePlatformStays, RoleInUse.
    """
    if not after:
        raise NoKindLeft
    if ("platform" in before) != ("platform" in after):
        raise ThePlatformStays
    lost = {role for role in roles if role in roles_of(before) - roles_of(after)}
    if lost:
        raise RoleInUse(roles=sorted(lost))
