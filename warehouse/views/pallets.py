"""Pages of a warehouse's pallets: the list, a new one, one pallet, its label."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError, InputError
from warehouse import papers_pallets, services
from warehouse.forms_pallets import MovePalletForm, PalletForm
from warehouse.models import Pallet
from warehouse.queries import pallets as queries
from warehouse.queries.putting import waiting
from warehouse.rules.pallets import sscc_of
from warehouse.tables import operator_of
from warehouse.tables_pallets import PALLETS
from warehouse.views.moving import AT_ONCE, chosen_house, houses_of
from web.forms import beside_fields, posted, tried
from web.lists import show_list, viewer_of


def _pallet(request: MemberRequest, sscc: str) -> Pallet:
    found: Pallet = get_object_or_404(queries.pallets(operator_of(viewer_of(request))), sscc=sscc)
    return found


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    """The pallets; whoever scans the label of one comes to its page."""
    try:
        scanned = sscc_of(request.GET.get("q", ""))
    except InputError:
        scanned = ""
    mine = queries.pallets(operator_of(viewer_of(request)))
    if scanned and mine.filter(sscc=scanned).exists():
        return redirect("warehouse_pallet", sscc=scanned)
    context = {"may_make": request.membership.role == Role.WAREHOUSE}
    return show_list(request, PALLETS, "warehouse/pallets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def new(request: MemberRequest) -> HttpResponse:
    """What waits to be put away goes onto a pallet."""
    houses = houses_of(request)
    house = chosen_house(request, houses)
    form = PalletForm(posted(request), waiting=waiting(house, most=AT_ONCE, shelves=()))
    if form.is_valid():
        act = partial(
            services.make_pallet,
            house=house,
            place=form.place,
            goods=form.goods(),
            made_by=request.user,
            now=now(),
        )
        made = tried(form, act, beside={DomainError: "__all__"})
        if made is not None:
            messages.success(request, _("The pallet is made; print its label."))
            return redirect("warehouse_pallet", sscc=made.sscc)
    context = {"form": form, "rows": list(form.rows()), "house": house, "houses": houses}
    status = 422 if form.errors else 200
    return render(request, "warehouse/pallet_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def pallet(request: MemberRequest, sscc: str) -> HttpResponse:
    """What lies on it and where it went; its warehouse moves it and closes it when it is empty."""
    found = _pallet(request, sscc)
    may_move = request.membership.role == Role.WAREHOUSE and found.location.closed_at is None
    if request.method == "POST" and not may_move:
        raise Http404
    if "close" in request.POST:
        services.close_place(place=found.location, now=now())
        messages.success(request, _("The pallet is closed; its number is not given out again."))
        return redirect("warehouse_pallet", sscc=sscc)
    form = MovePalletForm(posted(request), initial={"place": request.GET.get("to", "")[:40]})
    if form.is_valid():
        act = partial(
            services.move_pallet,
            house=found.location.warehouse,
            sscc=sscc,
            place=form.cleaned_data["place"],
            moved_by=request.user,
            now=now(),
        )
        number = beside_fields(form, act, beside={DomainError: "place"})
        if number is not None:
            messages.success(request, _("Moved: %(number)s.") % {"number": number})
            return redirect("warehouse_pallet", sscc=sscc)
    context = {
        "pallet": found,
        "lying": queries.lying_on(found)[:200],
        "moves": queries.moves_of(found)[:50],
        "form": form if may_move else None,
    }
    status = 422 if form.errors else 200
    return render(request, "warehouse/pallet.html", context, status=status)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def label(request: MemberRequest, sscc: str) -> HttpResponse:
    found = _pallet(request, sscc)
    made = papers_pallets.pallet_label(found, list(queries.lying_on(found)))
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{found.sscc}.pdf"'
    return answer
