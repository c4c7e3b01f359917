"""Passes of trucks, on their declaration's page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries
from customs.forms_passing import PassForm
from customs.models import NO_LONGER, Declaration, TruckPass
from customs.queries.passing import left_of, passes_of, through_gate
from customs.queries.zone_lists import ListAtZone
from customs.rules.goods import NetOverGross, kilograms
from customs.rules.passing import LoadWrong, MoreThanListed, TruckWrong
from customs.services.passing import queue_pass
from web.forms import tried

#: Lines of the list that the page shows.
SHOWN = 50
#: Which field a refusal is about.
_BESIDE = {
    MoreThanListed: "lines",
    LoadWrong: "lines",
    NetOverGross: "gross_kg",
    TruckWrong: "vehicle_kg",
}


def shown(found: Declaration, listed: ListAtZone | None, *, may_act: bool) -> dict[str, Any]:
    """What the declaration's page says of its trucks; ``listed`` is its bonded list."""
    has_list = listed is not None and listed.is_in_force
    left = left_of(found) if has_list and found.state not in NO_LONGER else []
    return {
        "passes": weighed(passes_of(found)),
        "through": _through(found),
        "left": left,
        "may_pass": may_act and bool(left),
        "pass_form": PassForm(auto_id="pass_%s"),
    }


def weighed(passes: Sequence[TruckPass]) -> list[TruckPass]:
    """With their weights in kilograms, for the page."""
    found: list[Any] = list(passes)
    for one in found:
        one.gross_kg, one.net_kg = kilograms(one.gross_weight_g), kilograms(one.net_weight_g)
        passage = getattr(one, "passage", None)
        one.weighed_kg = kilograms(passage.weighed_g) if passage and passage.weighed_g else ""
    return found


def _through(found: Declaration) -> list[tuple[int, int, int]]:
    """By line of the list what trucks brought through the gate, and what stands on it; nothing
    before the first."""
    there = through_gate(found)
    if not there:
        return []
    lines = found.lines.order_by("position").values_list("position", "quantity")
    return [(position, there.get(position, 0), wanted) for position, wanted in lines[:SHOWN]]


@require_POST
@role_required(Role.IMPORTER)
def send_pass(request: MemberRequest, reference: str) -> HttpResponse:
    """Put a truck's pass into the queue."""
    found, form = queries.declaration_of(reference), PassForm(request.POST)

    def queue() -> TruckPass:
        return queue_pass(
            declaration=found,
            truck=form.truck,
            wanted=form.wanted,
            packages=form.cleaned_data["packages"],
            gross=form.gross,
            by=request.membership.user,
            now=now(),
        )

    if form.is_valid():
        made = tried(form, queue, beside=_BESIDE)
        if made is not None:
            text = _("The pass %(number)s is in the queue.") % {"number": made.element.key}
            messages.success(request, text)
            return redirect("declaration_bonded-list", reference=reference)
    where = reverse("declaration", args=[found.our_reference])
    title = _("Send the pass")
    context = {"declaration": found, "where": where, "form": form, "title": title}
    return render(request, "customs/decision.html", context, status=422)


#: What is done with a declaration, by the end of the address.
OF_DECLARATIONS = (("pass", send_pass),)
