"""Pages of the hand-over: carriers, manifests, and what carriers tell of parcels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError, InputError
from core.sheets import MAX_BYTES
from warehouse import services
from warehouse.carriers import ADAPTERS
from warehouse.forms_handing import CarrierForm, EventsForm, HandOverForm, TrackingForm
from warehouse.models import HandOver
from warehouse.queries import handing
from warehouse.queries.serving import houses_of
from warehouse.rules import handing as rules
from warehouse.tables_handing import HAND_OVERS
from web.forms import posted, tried
from web.lists import show_list

#: Who took a manifest last, of so many.
SHOWN = 10
_OF_A_CARRIER: dict[type[DomainError], str] = {
    rules.CarrierCodeWrong: "code",
    rules.CarrierThere: "code",
    rules.CarrierNameWrong: "name",
}
_OF_PARCELS: dict[type[DomainError], str] = {
    rules.ParcelNotWaiting: "parcels",
    rules.OrderInParts: "parcels",
    rules.TooManyParcels: "parcels",
}


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def carriers(request: MemberRequest) -> HttpResponse:
    keeper, form = request.membership.company, CarrierForm(posted(request))
    if request.method == "POST" and form.is_valid():
        enter = partial(services.enter_carrier, keeper=keeper, **form.cleaned_data)
        if tried(form, enter, beside=_OF_A_CARRIER) is not None:
            messages.success(request, _("The carrier is entered; parcels can be handed to it."))
            return redirect("warehouse_carriers")
    context = {"form": form, "carriers": handing.carriers_of(keeper)}
    status = 422 if form.errors else 200
    return render(request, "warehouse/carriers.html", context, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def hand_overs(request: MemberRequest) -> HttpResponse:
    keeper = request.membership.company
    houses, known = list(houses_of(keeper)), list(handing.carriers_of(keeper))
    form = HandOverForm(posted(request), houses=houses, carriers=known)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        give = partial(
            services.hand_over,
            carrier=told["carrier"],
            house=told["house"],
            parcels=told["parcels"],
            handed_by=request.user,
            now=now(),
        )
        made = tried(form, give, beside=_OF_PARCELS)
        if made is not None:
            messages.success(request, _("Handed over; the goods have left the warehouse."))
            return redirect("warehouse_hand_over", number=made.number)
    waiting = handing.waiting_parcels(houses)
    context = {
        "form": form,
        "may_hand": bool(houses and known),
        "houses": [(house, waiting[house.pk]) for house in houses],
    }
    status = 422 if form.errors else 200
    return show_list(request, HAND_OVERS, "warehouse/hand_overs.html", context, status=status)


def _hand_over(request: MemberRequest, number: str) -> HandOver:
    return handing.hand_over_of(request.membership.company, number)


@require_GET
@role_required(Role.WAREHOUSE)
def hand_over(request: MemberRequest, number: str) -> HttpResponse:
    return _shown(request, _hand_over(request, number))


def _shown(request: MemberRequest, found: HandOver, **told: Any) -> HttpResponse:
    context = {
        "hand_over": found,
        "lines": handing.lines_of(found),
        "accesses": found.accesses.select_related("taken_by").order_by("-pk")[:SHOWN],
        "tracking": told.get("tracking") or TrackingForm(),
        "events": told.get("events") or EventsForm(),
        "refusal": told.get("refusal"),
        "wrong": told.get("wrong", []),
    }
    status = 422 if told else 200
    return render(request, "warehouse/hand_over.html", context, status=status)


@require_GET
@role_required(Role.WAREHOUSE)
def manifest(request: MemberRequest, number: str, kind: str) -> HttpResponse:
    """The manifest for its carrier, with to whom each parcel goes: a table, or JSON. That it was
    taken is kept."""
    found = _hand_over(request, number)
    if kind not in {"csv", "json"}:
        raise Http404
    told = services.take_manifest(hand_over=found, kind=kind, taken_by=request.user, now=now())
    adapter = ADAPTERS[found.carrier.kind]
    if kind == "csv":
        content, media_type = adapter.manifest_csv(told), "text/csv; charset=utf-8"
    else:
        content, media_type = adapter.manifest_json(told), "application/json"
    headers = {"Content-Disposition": f'attachment; filename="{number}.{kind}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)


@require_POST
@role_required(Role.WAREHOUSE)
def track(request: MemberRequest, number: str) -> HttpResponse:
    """Tracking numbers from a file: all of it is taken, or every wrong cell named."""
    found, form = _hand_over(request, number), TrackingForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, found, tracking=form)
    read = partial(services.read_tracking_file, hand_over=found)
    return _taken(request, found, form, read, "tracking")


@require_POST
@role_required(Role.WAREHOUSE)
def tell(request: MemberRequest, number: str) -> HttpResponse:
    """Events from a file, of any parcels of the manifest's carrier."""
    found, form = _hand_over(request, number), EventsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(request, found, events=form)
    read = partial(services.read_events_file, carrier=found.carrier, now=now())
    return _taken(request, found, form, read, "events")


def _taken(
    request: MemberRequest,
    found: HandOver,
    form: TrackingForm | EventsForm,
    read: Callable[..., int],
    name: str,
) -> HttpResponse:
    sent = form.cleaned_data["file"]
    try:
        new = read(name=sent.name, content=sent.read(MAX_BYTES + 1))
    except InputError as refusal:
        wrong = refusal.facts.get("rows", [])
        return _shown(request, found, refusal=_(refusal.rule()), wrong=wrong, **{name: form})
    messages.success(
        request, ngettext("%(n)d row is new.", "%(n)d rows are new.", new) % {"n": new}
    )
    return redirect("warehouse_hand_over", number=found.number)
