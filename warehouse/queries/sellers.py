"""Which of some companies are sellers: to the platform nobody tells what became of its stock."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import Company, CompanyKind


def sellers_among(companies: Iterable[int]) -> list[int]:
    """Of some companies (ids) those that are sellers, by key."""
    found = Company.objects.filter(pk__in=set(companies), kinds__contains=[CompanyKind.SELLER])
    return list(found.order_by("pk").values_list("pk", flat=True))
