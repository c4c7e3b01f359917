"""Act for a company, and the start page."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.clock import now
from web.forms import ActForForm
from web.pages import BuildHome

#: Where the session keeps the membership in use; the membership middleware reads it.
MEMBERSHIP_KEY = "membership"


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
