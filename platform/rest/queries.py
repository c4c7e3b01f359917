"""Tokens as pages and the API read them."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Company, Membership
from accounts.second_factor import has_one
from rest import rules
from rest.models import ApiToken


def token_like(text: str) -> ApiToken | None:
    """The token of this text, revoked and expired ones too. Call platform-wide."""
    return (
        ApiToken.objects.filter(digest=rules.digest(text))
        .select_related("company", "created_by")
        .first()
    )


def membership_of(token: ApiToken) -> Membership | None:
    """The membership whose powers a token has; None when the person has it no more."""
    return (
        Membership.objects.filter(
            user_id=token.created_by_id,
            company_id=token.company_id,
            role=token.role,
            user__is_active=True,
        )
        .select_related("company", "user")
        .annotate(has_second_factor=has_one("user"))
        .first()
    )


def member_for(company: Company, role: str, email: str = "") -> Membership | None:
    """Whoever acts for a company in a role: the one of this address, or the first."""
    found = Membership.objects.filter(company=company, role=role, user__is_active=True)
    if email:
        found = found.filter(user__email__iexact=email)
    return found.select_related("user").order_by("pk").first()


def tokens_of(company: Company) -> QuerySet[ApiToken]:
    """A company's tokens, the newest first."""
    return (
        ApiToken.objects.filter(company=company)
        .select_related("created_by", "revoked_by")
        .order_by("-pk")
    )
