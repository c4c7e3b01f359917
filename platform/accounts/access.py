"""Who may open a page. What another company owns is 404, not 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.models import Membership, Role, User

View = Callable[..., HttpResponseBase]


class MemberRequest(HttpRequest):
    """A request of a signed-in person acting for a company."""

    user: User
    membership: Membership


def role_required(*roles: Role) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Only for members in one of ``roles`` (any role when none is named)."""

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None or (roles and membership.role not in roles):
                raise Http404
            return view(cast(MemberRequest, request), *args, **kwargs)

        return cast(View, login_required(guarded))

    return decorate
