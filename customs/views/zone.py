"""The zone's messages of one declaration: its bonded list, put into the queue by a button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import queries
from customs.models import Declaration
from customs.queries.zone import at_zone
from customs.services.zone import queue_bonded_list
from customs.words import FIELDS


def shown(found: Declaration) -> dict[str, Any]:
    """What the declaration's page says of the zone."""
    zone = at_zone(found)
    return {
        "zone": zone,
        "zone_missing": [(FIELDS[one.field], one.of) for one in zone.absent],
    }


@require_POST
@role_required(Role.IMPORTER)
def send_list(request: MemberRequest, reference: str) -> HttpResponse:
    """Put the bonded list into the queue; it leaves by the importer's gateway."""
    queued = queue_bonded_list(declaration=queries.declaration_of(reference), now=now())
    messages.success(
        request, _("The bonded list %(number)s is in the queue.") % {"number": queued.key}
    )
    return redirect("declaration", reference=reference)


#: What is done with a declaration, by the end of the address.
OF_DECLARATIONS = (("bonded-list", send_list),)
