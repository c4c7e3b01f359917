"""Who may open a page. What another company owns is 404, not 403."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.adapters import signed_lately
from accounts.models import CompanyStatus, Membership, Role, User
from accounts.rules import check_standing
from core.errors import DomainError

View = Callable[..., HttpResponseBase]
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class MemberRequest(HttpRequest):
    """A request of a signed-in person acting for a company."""

    user: User
    membership: Membership


def role_required(
    *roles: Role,
    any_standing: bool = False,
    applicants_too: bool = False,
    admins_only: bool = False,
) -> Callable[[Callable[..., HttpResponseBase]], View]:
    """Only for members in one of ``roles`` (any role when none is named).

    And only for companies that are admitted; one that is suspended may read. ``any_standing``
    opens a page to applicants and lets a suspended company write: one's own account, one's own
    application. ``applicants_too``: a suspended company still only reads. ``admins_only``: for
    who may say who belongs to the company and make its keys; to its other people the page is not
    there. Raises CompanyNotAdmitted, CompanySuspended.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None or (roles and membership.role not in roles):
                raise Http404
            if admins_only and not membership.is_admin:
                raise Http404
            demand_standing(
                membership,
                method=request.method or "GET",
                any_standing=any_standing,
                applicants_too=applicants_too,
            )
            return view(cast(MemberRequest, request), *args, **kwargs)

        # Said beside the page, so that the API can be held to the same.
        guarded.opens_to = opens_to(any_standing, applicants_too)  # type: ignore[attr-defined]
        return cast(View, login_required(guarded))

    return decorate


class NotConfirmedLately(DomainError):
    """This step needs your password or second factor once more, not older than ten minutes."""

    code = "accounts.not_confirmed_lately"
    status = 403


def demand_recent_confirmation(request: HttpRequest) -> None:
    """For sessions that ask by API; raises NotConfirmedLately."""
    if not signed_lately(request):
        raise NotConfirmedLately


def recently_confirmed(view: Callable[..., HttpResponseBase]) -> View:
    """Before a step that moves money or opens the account: who is there has shown it lately.

    A page leads to the form that asks for it and then back to the page the person came from,
    where the button is pressed again: what was sent before is never sent twice.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return to_confirm_first(request) or view(request, *args, **kwargs)

    return guarded


def to_confirm_first(request: HttpRequest) -> HttpResponseBase | None:
    """The way to the form that asks for it, or None where it was shown lately."""
    if not request.user.is_authenticated or signed_lately(request):
        return None
    if not request.accepts("text/html"):
        raise NotConfirmedLately
    return redirect_to_login(came_from(request), reverse("account_reauthenticate"))


def came_from(request: HttpRequest) -> str:
    """The page a person was on: what it asked for, or where it pressed the button."""
    is_part = "HX-Request" in request.headers
    if request.method in {"GET", "HEAD"} and not is_part:
        return request.get_full_path()
    came = request.headers.get("HX-Current-URL" if is_part else "Referer", "")
    if not url_has_allowed_host_and_scheme(came, allowed_hosts={request.get_host()}):
        return "/"
    parts = urlsplit(came)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def opens_to(any_standing: bool, applicants_too: bool) -> str:
    """For whom a page or an operation is beside the companies that are admitted."""
    return "anybody" if any_standing else "applicants" if applicants_too else ""


def demand_standing(
    membership: Membership,
    *,
    method: str,
    any_standing: bool = False,
    applicants_too: bool = False,
) -> None:
    """What pages and the API ask before the trade begins, with the meaning of ``role_required``.

    Raises CompanyNotAdmitted, CompanySuspended.
    """
    is_applicant = membership.company.status == CompanyStatus.APPLICANT
    if any_standing or (applicants_too and is_applicant):
        return
    check_standing(membership.company.status, writes=method not in _READING)
