"""The days by which something must be done with customs, and what customs grants importers."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Company, CompanyKind, Role
from core.clock import now
from customs import queries, services
from customs.forms_preparing import FacilitationForm
from customs.models import CreditTier
from customs.rules.deadlines import BY_HAND, Flags, routes
from customs.words import ROUTES
from warehouse.days import day_of
from web.forms import posted, tried

#: The soonest; the rest come up when these are done.
SHOWN = 200
_BY_HAND = frozenset(kind.value for kind in BY_HAND)


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def deadlines(request: MemberRequest) -> HttpResponse:
    """What is open, the soonest first, with what is overdue."""
    today = day_of(now())
    is_importer = request.membership.role == Role.IMPORTER
    waiting = queries.open_deadlines().select_related("shipment", "declaration", "importer")
    rows = [
        {
            "deadline": one,
            "days": (one.due_on - today).days,
            "by_hand": is_importer and one.kind in _BY_HAND,
        }
        for one in waiting.order_by("due_on", "pk")[:SHOWN]
    ]
    grants = queries.grants_on(request.membership.company_id, today) if is_importer else None
    importers = Company.objects.filter(kinds__contains=[CompanyKind.IMPORTER.value])
    context = {
        "rows": rows,
        "is_importer": is_importer,
        "importers": [] if is_importer else importers.order_by("code")[:SHOWN],
        "tier": CreditTier(grants.tier.value).label if grants else "",
        "routes": [ROUTES[route.value] for route in routes(grants)] if grants else [],
    }
    return render(request, "customs/deadlines.html", context)


@require_POST
@role_required(Role.IMPORTER)
def done(request: MemberRequest, pk: int) -> HttpResponse:
    """Record that something was done that nobody here sees."""
    found = queries.deadline_of(pk)
    if found is None:
        raise Http404
    services.meet_deadline(deadline=found, now=now())
    messages.success(request, _("Recorded as done."))
    return redirect("customs_deadlines")


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def facilitation(request: MemberRequest, code: str) -> HttpResponse:
    """What customs grants an importer: what holds, and what held before."""
    importer = get_object_or_404(Company, code=code, kinds__contains=[CompanyKind.IMPORTER.value])
    form = FacilitationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        keep = partial(
            services.grant,
            importer=importer,
            valid_from=told["valid_from"],
            tier=CreditTier(told["tier"]),
            flags=Flags(
                in_advance=told["in_advance"],
                two_step=told["two_step"],
                first_in=told["first_in"],
                collective=told["collective"],
                summary_tax=told["summary_tax"],
            ),
            evidence=told["evidence"],
            set_by=request.membership.user,
            now=now(),
        )
        if tried(form, keep) is not None:
            messages.success(request, _("What customs grants is kept."))
            return redirect("customs_facilitation", code=code)
    context = {
        "company": importer,
        "form": form,
        "rows": [(one, _ways(one)) for one in queries.facilitations_of(importer.pk)],
    }
    status = 422 if form.errors else 200
    return render(request, "customs/facilitation.html", context, status=status)


def _ways(one: object) -> list[object]:
    return [word for name, word in ROUTES.items() if getattr(one, name, False)]


#: Address, view and name.
PAGES = (
    ("deadlines/", deadlines, "customs_deadlines"),
    ("deadlines/<int:pk>/done/", done, "customs_deadline_done"),
    ("facilitation/<str:code>/", facilitation, "customs_facilitation"),
)
