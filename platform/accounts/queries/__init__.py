"""What pages and the apps above ask about companies and people; by subject."""

from accounts.queries.people import (
    invitation_of,
    is_administrator,
    is_too_old,
    managed_company,
    members_of,
    name_at,
    open_invitations,
    open_invitations_of,
    unsent_of,
)

__all__ = [
    "invitation_of",
    "is_administrator",
    "is_too_old",
    "managed_company",
    "members_of",
    "name_at",
    "open_invitations",
    "open_invitations_of",
    "unsent_of",
]
