"""What the house decides about companies and people; no Django, no clock, no database."""

from accounts.rules.roles import roles_of

__all__ = ["roles_of"]
