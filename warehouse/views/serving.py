"""Pages of what leaves a warehouse: waves and their lists, packing."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from warehouse import services
from warehouse.forms_serving import FoundForm, PackForm, WaveForm
from warehouse.models import BondedWarehouse, PickWave, WaveState
from warehouse.papers import pick_paper
from warehouse.queries import serving
from warehouse.rules import packing, picking, serials
from warehouse.tables_serving import PARCELS, WAVES
from web.forms import posted, tried
from web.lists import show_list

#: Picked orders that the page of packing shows; the rest come up as these are packed.
PACKED_SHOWN = 50
_OF_A_WAVE: dict[type[DomainError], str] = {
    picking.OrderNotToPick: "numbers",
    picking.WaveTooLarge: "numbers",
}
_OF_PACKING: dict[type[DomainError], str] = {
    packing.OrderNotPicked: "order",
    packing.ParcelsOutOfRange: "weights",
    packing.ParcelWeightOutOfRange: "weights",
    packing.ParcelsTooLight: "weights",
    packing.ParcelsTooHeavy: "weights",
    serials.SerialNotHere: "serials",
    serials.SerialSeenTwice: "serials",
    serials.SerialsMissing: "serials",
}


def _houses(request: MemberRequest) -> list[BondedWarehouse]:
    return list(serving.houses_of(request.membership.company))


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def waves(request: MemberRequest) -> HttpResponse:
    houses = _houses(request)
    form = WaveForm(posted(request), houses=houses)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        make = partial(
            services.make_wave,
            house=told["house"],
            most=told["most"],
            numbers=told["numbers"],
            made_by=request.user,
            now=now(),
        )
        made = tried(form, make, beside=_OF_A_WAVE)
        if made is not None:
            messages.success(request, _("The wave is made; its list can be picked."))
            return redirect("warehouse_wave", number=made.number)
    waiting = serving.waiting_in(houses)
    context = {
        "form": form,
        "houses": [(house, *waiting[house.pk]) for house in houses],
        "aside": serving.aside_in(request.membership.company),
    }
    status = 422 if form.errors else 200
    return show_list(request, WAVES, "warehouse/waves.html", context, status=status)


def _wave(request: MemberRequest, number: str) -> PickWave:
    return serving.wave_of(request.membership.company, number)


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def wave(request: MemberRequest, number: str) -> HttpResponse:
    """The list of a wave, and what was found; nothing is written before it is confirmed."""
    found = _wave(request, number)
    lines = serving.list_of_wave(found)
    form = FoundForm(posted(request), lines=lines)
    if request.method == "POST" and form.is_valid():
        picked = services.confirm_wave(
            wave=found, found=form.found(), confirmed_by=request.user, now=now()
        )
        whole = len(picked.whole)
        messages.success(
            request,
            ngettext("%(n)d order is picked.", "%(n)d orders are picked.", whole) % {"n": whole},
        )
        return redirect("warehouse_wave", number=number)
    context: dict[str, Any] = {
        "wave": found,
        "form": form,
        "lines": form.rows(),
        "parts": serving.parts_of_wave(found),
        "is_open": found.state == WaveState.OPEN,
    }
    return render(request, "warehouse/wave.html", context, status=422 if form.errors else 200)


@require_GET
@role_required(Role.WAREHOUSE)
def wave_paper(request: MemberRequest, number: str) -> HttpResponse:
    found = _wave(request, number)
    made = pick_paper(found, serving.list_of_wave(found), get_language() or "zh-hans")
    headers = {
        "Content-Disposition": f'attachment; filename="{number}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(made.content, content_type="application/pdf", headers=headers)


@require_POST
@role_required(Role.WAREHOUSE)
def pick_again(request: MemberRequest, number: str) -> HttpResponse:
    services.pick_again(keeper=request.membership.company, order=number, now=now())
    messages.success(request, _("The order waits for the next wave."))
    return redirect("warehouse_waves")


@require_http_methods(["GET", "POST"])
@role_required(Role.WAREHOUSE)
def pack(request: MemberRequest) -> HttpResponse:
    houses = _houses(request)
    form = PackForm(posted(request), houses=houses)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        make = partial(
            services.pack_order,
            house=told["house"],
            order=told["order"],
            parcels=form.parcels(),
            packed_by=request.user,
            now=now(),
        )
        made = tried(form, make, beside=_OF_PACKING)
        if made is not None:
            numbers = ", ".join(one.number for one in made)
            messages.success(request, _("Packed: %(parcels)s.") % {"parcels": numbers})
            return redirect("warehouse_packing")
    waiting = serving.packing_in(houses, most=PACKED_SHOWN)
    context = {
        "form": form,
        "waiting": [(house, waiting[house.pk]) for house in houses if waiting[house.pk]],
    }
    status = 422 if form.errors else 200
    return show_list(request, PARCELS, "warehouse/packing.html", context, status=status)
