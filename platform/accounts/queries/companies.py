"""Companies as the operator's pages show them, and the one that runs the house."""

from __future__ import annotations

from django.db.models import Count

from accounts.models import Company, CompanyKind


def people(company: Company) -> int:
    """How many persons act for it."""
    told = company.memberships.aggregate(people=Count("user", distinct=True))
    return int(told["people"])


def platform() -> Company | None:
    """The company that runs the house; None before it is founded. There is one at most."""
    houses = Company.objects.filter(kinds__contains=[CompanyKind.PLATFORM])
    return houses.order_by("pk").first()


def the_platform() -> Company:
    """The same, where it must be there. Raises Company.DoesNotExist."""
    found = platform()
    if found is None:
        raise Company.DoesNotExist("the house is not founded yet")
    return found
