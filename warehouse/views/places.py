"""Pages of a warehouse's places: the list, new ones, a file of them, one place."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from accounts.rules.seen import stamp
from core.clock import now
from core.sheets import MAX_BYTES, SheetRefused
from warehouse import services
from warehouse.forms_places import CapacityForm, NewPlacesForm, PlacesFileForm
from warehouse.models import Location, Pallet
from warehouse.queries import places as queries
from warehouse.queries.pallets import pallets
from warehouse.rules import places as rules
from warehouse.tables import operator_of
from warehouse.tables_places import PLACES
from warehouse.views.moving import empty, houses_of
from web.files import template_file
from web.forms import beside_fields, posted, posted_files
from web.lists import show_list, viewer_of


def _made(request: MemberRequest, made: list[Location]) -> HttpResponse:
    told = ngettext("%(count)d place is made.", "%(count)d places are made.", len(made))
    messages.success(request, told % {"count": len(made)})
    return redirect("warehouse_places")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def places(request: MemberRequest) -> HttpResponse:
    context = {"may_make": request.membership.role == Role.WAREHOUSE}
    return show_list(request, PLACES, "warehouse/places.html", context)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def new(request: MemberRequest) -> HttpResponse:
    form = NewPlacesForm(posted(request), houses=houses_of(request))
    if form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "warehouse"}
        made = beside_fields(form, partial(services.make_places, house=form.house, **told))
        if made is not None:
            return _made(request, made)
    status = 422 if form.errors else 200
    return render(request, "warehouse/places_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def upload(request: MemberRequest) -> HttpResponse:
    """A file of places: all of them are made, or every wrong cell is named."""
    form = PlacesFileForm(posted(request), posted_files(request), houses=houses_of(request))
    context = {"form": form, "columns": _columns()}
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            made = services.import_places(
                house=form.house, file_name=sent.name, content=sent.read(MAX_BYTES + 1)
            )
        except (rules.PlaceFileWrong, SheetRefused) as refusal:
            # Not the page of refusals: beside the form the file can be sent again at once.
            form.add_error(None, _(refusal.rule()))
            context |= {"faults": refusal.facts.get("rows", []), "refusal": refusal}
        else:
            return _made(request, made)
    status = 422 if form.errors else 200
    return render(request, "warehouse/places_upload.html", context, status=status)


@require_GET
@role_required(Role.WAREHOUSE)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """An empty table with the right first row."""
    return template_file("places", kind, [*rules.COLUMNS, *rules.OPTIONAL], [])


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def place(request: MemberRequest, pk: int) -> HttpResponse:
    """What lies there, and what the place bears; a pallet has a page of its own."""
    standing = pallets(operator_of(viewer_of(request))).filter(location=pk).first()
    if standing is not None:
        return redirect("warehouse_pallet", sscc=standing.sscc)
    found = get_object_or_404(queries.places(operator_of(viewer_of(request))), pk=pk)
    shown = {"volume_m3": found.volume_m3, "load_kg": found.load_kg}
    may_change = request.membership.role == Role.WAREHOUSE and found.closed_at is None
    form = CapacityForm(
        posted(request) if may_change else None,
        initial={**shown, "seen": stamp(*shown.values())},
    )
    if request.method == "POST" and not may_change:
        raise Http404
    if "close" in request.POST:
        return _close(request, found)
    if "destination" in request.POST:
        return empty(request, found)
    if form.is_valid():
        act = partial(services.change_capacity, place=found, **form.cleaned_data)
        if beside_fields(form, act) is not None:
            messages.success(request, _("The place is changed."))
            return redirect("warehouse_place", pk=pk)
    context = {
        "place": found,
        "lying": queries.lying_at(found)[:200],
        "pallets": Pallet.objects.filter(
            location__stands_at=found, location__closed_at__isnull=True
        ).order_by("sscc")[:200],
        "form": form if may_change else None,
    }
    status = 422 if form.errors else 200
    return render(request, "warehouse/place.html", context, status=status)


def _close(request: MemberRequest, found: Location) -> HttpResponse:
    services.close_place(place=found, now=now())
    messages.success(request, _("The place is closed."))
    return redirect("warehouse_place", pk=found.pk)


def _columns() -> list[tuple[str, str, str]]:
    """Name, meaning and an example of each column."""
    return [
        ("code", _("The place; capital letters, digits, hyphens and dots"), "A-01-01"),
        ("zone", _("One of gate, storage, picking and quarantine"), "storage"),
        ("volume_m3", _("What it holds in m³; may be left out"), "1.2"),
        ("load_kg", _("What it bears in kg; may be left out"), "800"),
    ]
