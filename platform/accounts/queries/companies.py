"""Companies as the operator's pages show them."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from accounts.models import Company, CompanyKind, CompanyStatus
from accounts.queries.admissions import companies_named


def companies(*, search: str = "", kind: str = "", status: str = "") -> QuerySet[Company]:
    found = Company.objects.order_by("code")
    if words := search.strip()[:100]:
        found = found.filter(pk__in=companies_named(words))
    if kind in CompanyKind.values:
        found = found.filter(kinds__contains=[kind])
    if status in CompanyStatus.values:
        found = found.filter(status=status)
    return found


def people(company: Company) -> int:
    """How many persons act for it."""
    told = company.memberships.aggregate(people=Count("user", distinct=True))
    return int(told["people"])
