from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from accounts.models import Membership, Role
from accounts.second_factor import SecondFactorMissing, has_one, lacks_one
from core import walls
from core.acting import acting
from core.clients import address_of
from core.middleware import refusal

#: These work for the platform and see across companies; sellers and importers see their own.
PLATFORM_WIDE = frozenset({Role.OPERATOR, Role.FINANCE, Role.WAREHOUSE})
SESSION_KEY = "membership"

#: What opens before a second factor is set up: how to set it up, and what anybody may see.
_OPEN = (
    *("login/", "logout/", "signup/", "password/", "account/", "invitation/", "language/"),
    *("act-for/", "verify/", "01/", "voc/", "mail/stop/"),
)


class MembershipMiddleware:
    """Finds for which company the person acts, and puts up the walls for this request.

    Whoever must have a second factor and has none acts for nobody until it is set up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership = _membership(request)
        lacks = membership is not None and lacks_one(membership)
        request.lacks_second_factor = lacks  # type: ignore[attr-defined]
        request.membership = None if lacks else membership  # type: ignore[attr-defined]
        if membership is None or lacks:
            return self.get_response(request)
        if membership.role in PLATFORM_WIDE:
            with walls.platform_wide():
                return self.get_response(request)
        with walls.inside(membership.company_id):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        match = request.resolver_match
        if (
            not getattr(request, "lacks_second_factor", False)
            or match is None
            or match.route.startswith(_OPEN)
        ):
            return None
        if match.route.startswith("api/") or not request.accepts("text/html"):
            return refusal(request, SecondFactorMissing())
        wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect_to_login(wanted, reverse("second_factor_wanted"))


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
        .annotate(has_second_factor=has_one("user"))
        .order_by("pk")
    )
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in mine if m.pk == chosen), mine[0] if mine else None)
