from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import came_from
from accounts.models import Membership, Role
from accounts.second_factor import (
    NEEDS_SECOND_FACTOR,
    SecondFactorMissing,
    SecondFactorNotShown,
    has_one,
    lacks_one,
    was_shown,
)
from core import walls
from core.acting import acting
from core.clients import address_of
from core.errors import DomainError
from core.middleware import refusal
from core.prepared import Planned
from web.templatetags.acting import FIELD, HEADER

#: These work for the platform and see across companies; all others see their own.
PLATFORM_WIDE = frozenset({Role.OPERATOR, Role.FINANCE})
SESSION_KEY = "membership"

#: What opens before a second factor is set up: how to set it up, and what anybody may see.
_OPEN = (
    *("login/", "logout/", "signup/", "password/", "account/", "invitation/", "language/"),
    *("act-for/", "verify/", "01/", "voc/", "mail/stop/"),
)


_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def walls_of(
    role: str, company_id: int, *, facts: Mapping[str, object] | None = None
) -> AbstractContextManager[None]:
    """Behind which walls somebody works who acts for a company in this role; ``facts`` are said of
    its changes, where nothing is said of them yet."""
    if role in PLATFORM_WIDE:
        return walls.platform_wide(facts=facts)
    return walls.inside(company_id, keeper=role == Role.WAREHOUSE, facts=facts)


class MembershipOver(DomainError):
    """You act no more for the company you chose; nothing was written. Choose another one."""

    code = "accounts.membership_over"
    status = 409


class PageOfAnotherCompany(DomainError):
    """This page was opened for another company than the one you act for now; nothing was written.
    Open it again, or first act for that company again."""

    code = "accounts.page_of_another_company"
    status = 409


class MembershipMiddleware:
    """Finds for which company the person acts, and puts up the walls for this request.

    Whoever must have a second factor and has none acts for nobody until it is set up. The
    session keeps the company from the first request on: only the person changes it. A form names
    the company that its page was opened for, and is taken for no other.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mine = _memberships(request)
        request.memberships = mine  # type: ignore[attr-defined]
        chosen = request.session.get(SESSION_KEY) if mine else None
        # Who has chosen nothing begins where nothing is missing, and not at a closed door.
        ready = next((m for m in mine if not lacks_one(m) and _has_shown(request, m)), None)
        ready = ready or (mine[0] if mine else None)
        membership = next((m for m in mine if m.pk == chosen), ready)
        lacks = membership is not None and lacks_one(membership)
        hides = membership is not None and not lacks and not _has_shown(request, membership)
        request.lacks_second_factor = lacks  # type: ignore[attr-defined]
        request.hides_second_factor = hides  # type: ignore[attr-defined]
        request.membership = None if lacks or hides else membership  # type: ignore[attr-defined]
        if membership is None or lacks or hides:
            return self.get_response(request)
        if chosen != membership.pk:
            request.lost_membership = chosen is not None  # type: ignore[attr-defined]
            request.session[SESSION_KEY] = membership.pk
        facts = asked_by(request) | who(membership)
        with walls_of(membership.role, membership.company_id, facts=facts):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        match = request.resolver_match
        lacks = getattr(request, "lacks_second_factor", False)
        if match is None or match.route.startswith(_OPEN):
            return None
        if trouble := _of_another_company(request):
            return refusal(request, trouble)
        if not _is_at_a_door(request):
            _tell_of_the_change(request)
            return None
        if getattr(request, "is_for_programs", False) or not request.accepts("text/html"):
            return refusal(request, SecondFactorMissing() if lacks else SecondFactorNotShown())
        door = reverse("second_factor_wanted" if lacks else "account_reauthenticate")
        return _lead(request, f"{door}?{_asked(next=came_from(request))}")


class SignedOutMiddleware:
    """Who is signed out is led to the sign-in page as a whole page, with a sentence, and from
    there back to where it was: never into a list, and never to an address that only takes forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != 302:
            return answer
        if answer["Location"] != redirect_to_login(request.get_full_path()).url:
            return answer
        # A session that is still there is of somebody who is half way in.
        was_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.is_empty()
        is_form = request.method not in {"GET", "HEAD"}
        if not (was_in or is_form or "HX-Request" in request.headers):
            return answer
        was = "sent" if is_form else "open"
        door = resolve_url(settings.LOGIN_URL)
        return _lead(request, f"{door}?{_asked(next=came_from(request), was=was)}")


def _asked(**told: str) -> str:
    return urlencode(told, safe="/")


def _lead(request: HttpRequest, url: str) -> HttpResponse:
    """The whole page goes there, also where only a part of it was asked for."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


class ActingMiddleware:
    """Says who acts in a request of nobody's company, for the history of whatever it changes; of
    the others it is said with the walls.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated and request.method in {"GET", "HEAD", "OPTIONS"}:
            # A visitor who only looks; the public pages stay as light as they are.
            return self.get_response(request)
        if getattr(request, "has_token", False):
            # Who asks is known when the token is; the facts are said then (``rest.calling``).
            return self.get_response(request)
        if getattr(request, "membership", None) is not None:
            return self.get_response(request)
        with acting(**asked_by(request), **_alone(request)):
            return self.get_response(request)


def asked_by(request: HttpRequest) -> dict[str, Any]:
    """The facts of a request, whoever acts in it."""
    return {
        "address": address_of(request),
        "method": request.method,
        "path": request.path[:200],
    }


def _alone(request: HttpRequest) -> dict[str, Any]:
    """The facts of a person who acts for no company yet, and of somebody not signed in."""
    if not request.user.is_authenticated:
        return {}
    return {"person": request.user.pk, "email": request.user.email}


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


# Each request asks it.
_OF_THE_PERSON: Planned[Any] = Planned(
    lambda user: (
        Membership.objects.filter(user_id=user)
        .select_related("company", "user")
        .annotate(has_second_factor=has_one("user"))
        .order_by("pk")
    ),
    -1,
)


def _memberships(request: HttpRequest) -> list[Membership]:
    """For whom the person may act."""
    if not request.user.is_authenticated:
        return []
    return _OF_THE_PERSON.ask(request.user.pk).all()


def _of_another_company(request: HttpRequest) -> DomainError | None:
    """What was written for one company must not land at another, nor a part of its pages stand
    among another's."""
    writes = request.method not in _READING
    if writes and getattr(request, "lost_membership", False):
        return MembershipOver()
    # A form is read for nobody who has not said who it is.
    if not request.user.is_authenticated or _is_at_a_door(request):
        return None
    told = request.headers.get(HEADER) or (request.POST.get(FIELD) if writes else None)
    if not told:
        return None
    membership: Membership | None = getattr(request, "membership", None)
    if membership is not None and told == str(membership.pk):
        return None
    mine: list[Membership] = getattr(request, "memberships", [])
    meant = next((one for one in mine if str(one.pk) == told), None)
    if membership is None or meant is None:
        return MembershipOver()
    return PageOfAnotherCompany(opened_for=meant.company.name, acting_for=membership.company.name)


def _tell_of_the_change(request: HttpRequest) -> None:
    """Who looks at a page of another company than the one chosen is told so above it."""
    is_page = request.accepts("text/html") and "HX-Request" not in request.headers
    if not getattr(request, "lost_membership", False) or not is_page:
        return
    company = request.membership.company.name  # type: ignore[attr-defined]
    told = _("You act no more for the company you chose, and act for %(company)s from now on.")
    messages.warning(request, told % {"company": company})


def _is_at_a_door(request: HttpRequest) -> bool:
    """Has to show or set up a second factor before anything else."""
    return bool(
        getattr(request, "lacks_second_factor", False)
        or getattr(request, "hides_second_factor", False)
    )


def _has_shown(request: HttpRequest, membership: Membership) -> bool:
    return membership.role not in NEEDS_SECOND_FACTOR or was_shown(request)
