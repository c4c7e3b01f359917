"""Tokens as pages and the API read them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Company, Membership
from core.filters import Choices, Days
from core.listing import Listing, Search, Sort
from core.prepared import Planned
from rest import rules
from rest.models import ApiToken

_TOKEN = Planned(
    lambda digest: ApiToken._base_manager.filter(digest=digest).select_related(
        "membership__company", "membership__user"
    ),
    "its digest",
)


def token_like(text: str) -> ApiToken | None:
    """The token of this text, revoked and expired ones too, with all that :func:`membership_of`
    asks. Call platform-wide."""
    return _TOKEN.ask(rules.digest(text)).first()


def membership_of(token: ApiToken) -> Membership | None:
    """The membership whose powers a token has; None when the person has it no more."""
    found = token.membership
    if not (
        found.ended_at is None
        and (found.stint, found.role) == (token.stint, token.role)
        and found.user.is_active
    ):
        return None
    return found


def held() -> Q:
    """Tokens whose membership still stands as it was when they were made."""
    return Q(
        membership__ended_at__isnull=True,
        membership__stint=F("stint"),
        created_by__is_active=True,
    )


def member_for(company: Company, role: str, email: str = "") -> Membership | None:
    """Whoever acts for a company in a role: the one of this address, or the first."""
    found = Membership.objects.filter(company=company, role=role, user__is_active=True)
    if email:
        found = found.filter(user__email__iexact=email)
    return found.select_related("user").order_by("pk").first()


def tokens_of(company: Company) -> QuerySet[ApiToken]:
    """A company's tokens."""
    return ApiToken.objects.filter(company=company).select_related(
        "created_by", "membership", "revoked_by"
    )


def listing(now: datetime) -> Listing:
    """The list of tokens; which of them still open something depends on the moment."""
    kept = Q(revoked_at__isnull=True)
    states = {
        "usable": kept & held() & Q(expires_at__gt=now),
        "left": kept & ~held() & Q(expires_at__gt=now),
        "expired": kept & Q(expires_at__lte=now),
        "revoked": ~kept,
    }
    return Listing(
        name="tokens",
        sorts={
            "newest": "pk",
            "name": "name",
            "expires_at": "expires_at",
            "last_used_at": Sort("last_used_at", nullable=True),
        },
        default="-newest",
        search=Search(
            more=lambda words: Q(name__icontains=words) | Q(hint__startswith=words),
            hint=_("Name or beginning"),
        ),
        filters=(
            Choices(
                name="state",
                label=_("State"),
                choices=(
                    ("usable", _("usable")),
                    ("left", _("holder left")),
                    ("expired", _("expired")),
                    ("revoked", _("revoked")),
                ),
                when=lambda state: states[state],
            ),
            Days(name="expires", path="expires_at", label=_("Expires")),
        ),
    )
