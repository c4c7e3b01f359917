"""Sign in, sign out, act for a company, and the start page."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.clock import now
from web.forms import ActForForm, SignInForm
from web.pages import BuildHome

#: Where the session keeps the membership in use; the membership middleware reads it.
MEMBERSHIP_KEY = "membership"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password; then to the page that was asked for, if it is one of ours."""
    then = _wanted_page(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(then)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request,
            username=form.cleaned_data["email"].lower(),
            password=form.cleaned_data["password"],
        )
        if user is not None:
            login(request, user)
            return HttpResponseRedirect(then)
        # One sentence for an unknown address and a wrong password: it must not tell who is here.
        form.add_error(None, _("E-mail and password do not belong together."))
    status = 422 if form.errors else 200
    return render(request, "web/login.html", {"form": form, "next": then}, status=status)


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("login")


@login_required
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """From now on act in another of one's own memberships; anything else is not there."""
    form = ActForForm(request.POST)
    if not form.is_valid():
        raise Http404
    mine = request.user.memberships.select_related("company")  # type: ignore[union-attr]
    membership = mine.filter(pk=form.cleaned_data["membership"]).first()
    if membership is None:
        raise Http404
    request.session[MEMBERSHIP_KEY] = membership.pk
    messages.success(
        request, _("You now act for %(company)s.") % {"company": membership.company.name}
    )
    # Not back to where one was: that page may belong to the company one has just left.
    return redirect("home")


@login_required
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """What to do next, for the role in use."""
    at, membership = now(), getattr(request, "membership", None)
    page = None
    if membership is not None:
        build = cast(BuildHome, import_string(settings.BONDPOOL_HOME))
        page = build(membership, now=at)
    return render(request, "web/home.html", {"page": page, "now": at})


def _wanted_page(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)
