"""What the house decides about companies and people; no Django, no clock, no database."""

from accounts.rules.admitting import CompanyNotAdmitted, CompanySuspended, check_standing
from accounts.rules.roles import roles_of

__all__ = ["CompanyNotAdmitted", "CompanySuspended", "check_standing", "roles_of"]
