from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.models import Membership, Role
from core import walls
from core.acting import acting
from core.clients import address_of

#: These work for the platform and see across companies; sellers and importers see their own.
PLATFORM_WIDE = frozenset({Role.OPERATOR, Role.FINANCE, Role.WAREHOUSE})
SESSION_KEY = "membership"


class MembershipMiddleware:
    """Finds for which company the person acts, and puts up the walls for this request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = _membership(request)
        request.membership = membership  # type: ignore[attr-defined]
        if membership is None:
            return self.get_response(request)
        if membership.role in PLATFORM_WIDE:
            with walls.platform_wide():
                return self.get_response(request)
        with walls.inside(membership.company_id):
            return self.get_response(request)


class ActingMiddleware:
    """Says once who acts in this request, for the history of whatever it changes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated and request.method in {"GET", "HEAD", "OPTIONS"}:
            # A visitor who only looks; the public pages stay as light as they are.
            return self.get_response(request)
        membership = getattr(request, "membership", None)
        with acting(
            address=address_of(request),
            method=request.method,
            path=request.path[:200],
            **(who(membership) if membership else {"person": request.user.pk}),
        ):
            return self.get_response(request)


def who(membership: Membership, token: str = "") -> dict[str, Any]:
    """The facts of a person who acts for a company, by an API token or in the portal."""
    return {
        "person": membership.user_id,
        "email": membership.user.email,
        "company": membership.company_id,
        "company_code": membership.company.code,
        "role": membership.role,
        "token": token,
    }


def _membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    mine = list(
        Membership.objects.filter(user_id=request.user.pk)
        .select_related("company", "user")
        .order_by("pk")
    )
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in mine if m.pk == chosen), mine[0] if mine else None)
