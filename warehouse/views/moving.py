"""Pages by which goods are put away from the gate and moved between places."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from warehouse import services
from warehouse.forms_moving import EmptyPlaceForm, MoveForm, PutAwayForm
from warehouse.models import BondedWarehouse, Location
from warehouse.queries.pallets import waiting_pallets
from warehouse.queries.putting import shelves_of, waiting
from warehouse.rules.pallets import place_code
from warehouse.rules.putting import Reason
from web.forms import beside_fields, posted, tried

#: What one person puts away before it looks again.
AT_ONCE = 50

REASONS = {
    Reason.SAME_LOT: gettext_lazy("the same lot lies there"),
    Reason.NEARBY: gettext_lazy("the nearest to the same product"),
    Reason.EMPTY: gettext_lazy("the first empty place"),
    Reason.ROOM: gettext_lazy("the first place with room"),
}


def houses_of(request: MemberRequest) -> list[BondedWarehouse]:
    """The company's own warehouses. Raises Http404 without any."""
    found = list(
        BondedWarehouse.objects.filter(operator=request.membership.company).order_by("code")
    )
    if not found:
        raise Http404
    return found


def chosen_house(request: MemberRequest, houses: list[BondedWarehouse]) -> BondedWarehouse:
    """The one that the address names, or the first. Raises Http404 for another's."""
    code = request.GET.get("warehouse")
    for house in houses:
        if not code or house.code == code:
            return house
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def put_away(request: MemberRequest) -> HttpResponse:
    """What waits at the gate or lies in a zone where it may not, each with a place for it."""
    houses = houses_of(request)
    house = chosen_house(request, houses)
    # Loose goods and pallets are not told the same room.
    shelves = shelves_of(house)
    rows = waiting(house, most=AT_ONCE, shelves=shelves)
    form = PutAwayForm(posted(request), waiting=rows)
    if form.is_valid():
        act = partial(
            services.move_stock,
            house=house,
            moves=form.moves(),
            moved_by=request.user,
            now=now(),
        )
        number = tried(form, act, beside={DomainError: "__all__"})
        if number is not None:
            messages.success(request, _("Moved: %(number)s.") % {"number": number})
            return redirect(request.get_full_path())
    context = {
        "form": form,
        "rows": [
            (*row, REASONS[row[0].suggestion.reason] if row[0].suggestion else "")
            for row in form.rows()
        ],
        "pallets": waiting_pallets(house, most=AT_ONCE, shelves=shelves),
        "house": house,
        "houses": houses,
    }
    return render(request, "warehouse/put_away.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def move(request: MemberRequest) -> HttpResponse:
    """One move, by scan or by hand; the page comes back empty for the next."""
    form = MoveForm(posted(request), houses=houses_of(request))
    if form.is_valid():
        act = partial(
            services.move_stock,
            house=form.house,
            moves=[form.move()],
            moved_by=request.user,
            now=now(),
        )
        number = beside_fields(form, act, beside={DomainError: "__all__"})
        if number is not None:
            messages.success(request, _("Moved: %(number)s.") % {"number": number})
            return redirect("warehouse_move")
    return render(
        request, "warehouse/move.html", {"form": form}, status=422 if form.errors else 200
    )


def empty(request: MemberRequest, found: Location) -> HttpResponse:
    """All that lies at a place goes to another one; asked on the page of the place."""
    form = EmptyPlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say to which place."))
        return redirect("warehouse_place", pk=found.pk)
    number = services.empty_place(
        house=found.warehouse,
        origin=found,
        destination=place_code(form.cleaned_data["destination"]),
        moved_by=request.user,
        now=now(),
    )
    messages.success(request, _("Moved: %(number)s.") % {"number": number})
    return redirect("warehouse_place", pk=found.pk)
