"""When a house may be given its first operator from the command line."""

from __future__ import annotations

from core.errors import DomainError


class OperatorIsThere(DomainError):
    """Somebody is the platform's operator already, and invites the others in the portal."""

    code = "accounts.operator_is_there"
