"""Companies as the operator's pages show them."""

from __future__ import annotations

from django.db.models import Count

from accounts.models import Company


def people(company: Company) -> int:
    """How many persons act for it."""
    told = company.memberships.aggregate(people=Count("user", distinct=True))
    return int(told["people"])
