"""Which categories are pooled: an operator looks at the evidence, picks, and announces."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from procurement import services
from procurement.forms import RoundsForm
from procurement.tables import CATEGORIES
from procurement.views.operating import BESIDE
from web.forms import posted, tried
from web.lists import show_list

#: The categories stand in the list and not in the form.
_BESIDE = {kind: name for kind, name in BESIDE.items() if name != "category"}


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def categories(request: MemberRequest) -> HttpResponse:
    """The ranked list, and the form that announces a round for each category picked."""
    form = RoundsForm(posted(request))
    if request.method == "POST" and form.is_valid():
        announce = partial(services.open_rounds, **form.announced_for())
        if made := tried(form, announce, beside=_BESIDE):
            messages.success(
                request,
                _("Announced: %(rounds)s.") % {"rounds": ", ".join(one.code for one in made)},
            )
            return redirect("rounds")
    picked = request.POST.getlist("categories") if request.method == "POST" else []
    context = {"form": form, "picked": picked, "now": now()}
    status = 422 if form.errors else 200
    return show_list(request, CATEGORIES, "procurement/categories.html", context, status=status)
