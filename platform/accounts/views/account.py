"""A person's own account: name, language, password, second factor, sessions."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, role_required
from accounts.forms import ProfileForm
from accounts.models import Role, User
from accounts.queries.people import newest_events_of
from accounts.rules.seen import stamp
from accounts.services.accounts import change_profile
from accounts.tables import ACCOUNT_EVENTS
from web.forms import posted
from web.lists import show_list


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    shown = {"name": user.name, "language": user.language}
    form = ProfileForm(posted(request), initial={**shown, "seen": stamp(*shown.values())})
    if request.method == "POST" and form.is_valid():
        change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Your account is changed."))
        answer = redirect("account")
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            form.cleaned_data["language"],
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
        return answer
    context = {
        "form": form,
        "sessions": _sessions(user),
        "events": newest_events_of(user),
        **_factors(user),
    }
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    end_other_sessions(request, request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("account")


@require_safe
@role_required(Role.OPERATOR)
def account_events(request: MemberRequest) -> HttpResponse:
    """Who came in or tried to, and whose keys changed: everybody's, for the operator."""
    return show_list(request, ACCOUNT_EVENTS, "accounts/account_events.html")


def _sessions(user: User) -> list[UserSession]:
    sessions: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(sessions, key=lambda one: (not one.is_current(), -one.created_at.timestamp()))


def _factors(user: User) -> dict[str, Any]:
    mine = list(Authenticator.objects.filter(user=user).order_by("pk"))
    kind = Authenticator.Type
    codes = next((one for one in mine if one.type == kind.RECOVERY_CODES), None)
    return {
        "app": next((one for one in mine if one.type == kind.TOTP), None),
        "passkeys": [one for one in mine if one.type == kind.WEBAUTHN],
        "has_factor": any(one.type != kind.RECOVERY_CODES for one in mine),
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
    }
