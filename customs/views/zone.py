"""The zone's messages of one declaration: its bonded list, put into the queue by a button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries
from customs.models import Declaration, OutgoingElement
from customs.queries.posted import posted_of
from customs.queries.zone import at_zone, entry_numbers
from customs.services.zone import queue_bonded_list
from customs.services.zone_lists import change_list, delete_list
from customs.stages import STAGES
from customs.views import passing
from customs.words import FIELDS


def shown(found: Declaration, *, may_act: bool) -> dict[str, Any]:
    """What the declaration's page says of the zone."""
    stands = at_zone(found)
    return {
        "zone": stands,
        "stage_word": STAGES[stands.listed.stage] if stands.listed else "",
        "posted": posted_of(stands.listed.posted_by.pk) if stands.listed else [],
        "entry_numbers": entry_numbers(found),
        "zone_missing": [(FIELDS[one.field], one.of) for one in stands.absent],
        **passing.shown(found, stands.listed, may_act=may_act),
    }


@never_cache
@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER)
def zone(request: MemberRequest, reference: str) -> HttpResponse:
    """How a declaration stands with the zone; sent to, its bonded list is put into the queue."""
    found = queries.declaration_of(reference)
    if request.method == "GET":
        context = {"declaration": found, "may_act": True, **shown(found, may_act=True)}
        return render(request, "customs/zone.html", context)
    queued = queue_bonded_list(declaration=found, now=now())
    messages.success(
        request, _("The bonded list %(number)s is in the queue.") % {"number": queued.key}
    )
    return redirect("declaration_bonded-list", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def change(request: MemberRequest, reference: str) -> HttpResponse:
    """Put the change of the bonded list into the queue."""
    queued = change_list(declaration=queries.declaration_of(reference), now=now())
    text = _("The change of the bonded list %(number)s is in the queue.")
    messages.success(request, text % {"number": queued.their_number})
    return redirect("declaration_bonded-list", reference=reference)


@require_POST
@role_required(Role.IMPORTER)
def delete(request: MemberRequest, reference: str) -> HttpResponse:
    """Put the deletion of the bonded list into the queue."""
    queued = delete_list(declaration=queries.declaration_of(reference), now=now())
    messages.success(request, deletion_queued(queued))
    return redirect("declaration_bonded-list", reference=reference)


def deletion_queued(queued: OutgoingElement) -> str:
    text = _("The deletion of the bonded list %(number)s is in the queue.")
    return text % {"number": queued.their_number}


#: What is done with a declaration, by the end of the address.
OF_DECLARATIONS = (
    ("bonded-list", zone),
    ("list-change", change),
    ("list-deletion", delete),
    *passing.OF_DECLARATIONS,
)
