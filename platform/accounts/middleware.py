from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.models import Membership, Role
from core import walls

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


def _membership(request: HttpRequest) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    mine = list(
        Membership.objects.filter(user_id=request.user.pk).select_related("company").order_by("pk")
    )
    chosen = request.session.get(SESSION_KEY)
    return next((m for m in mine if m.pk == chosen), mine[0] if mine else None)
