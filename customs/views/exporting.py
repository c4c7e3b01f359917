"""Export lists: what waits for one, each of them, and its truck out of the zone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs.forms_passing import TruckForm
from customs.models import ExportList, TruckPass
from customs.queries import stories
from customs.queries.exporting import export_list_of, goods_and_parcels_of, numbers_waiting
from customs.queries.passing import passes_out_of
from customs.queries.zone_lists import is_refused, list_for_export
from customs.rules.goods import kilograms
from customs.rules.passing import TruckWrong
from customs.rules.zone_lists import Stage
from customs.services.exporting import gather_anew, gather_exports, queue_out_pass
from customs.services.zone_lists import delete_export_list
from customs.stages import STAGES
from customs.tables_exports import EXPORT_LISTS, state_word
from customs.views.passing import weighed
from customs.views.zone import deletion_queued
from web.forms import tried
from web.lists import show_list

#: Parcels that the page shows; the others stand in the API.
SHOWN = 200


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    is_importer = request.membership.role == Role.IMPORTER
    context = {
        "may_gather": is_importer,
        "waiting": numbers_waiting(request.membership.company_id) if is_importer else None,
    }
    return show_list(request, EXPORT_LISTS, "customs/export_lists.html", context)


@require_POST
@role_required(Role.IMPORTER)
def gather(request: MemberRequest) -> HttpResponse:
    """All that is released and on no list yet, at once."""
    made = gather_exports(
        importer=request.membership.company, by=request.membership.user, now=now()
    )
    return _gathered(request, made)


def _gathered(request: MemberRequest, made: list[ExportList]) -> HttpResponse:
    messages.success(
        request,
        ngettext(
            "%(n)s export list is in the queue.", "%(n)s export lists are in the queue.", len(made)
        )
        % {"n": len(made)},
    )
    return (
        redirect("export_list", number=made[0].number)
        if len(made) == 1
        else redirect("export_lists")
    )


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def export_list(request: MemberRequest, number: str) -> HttpResponse:
    return _shown(request, export_list_of(number), None)


def _shown(request: MemberRequest, found: ExportList, form: TruckForm | None) -> HttpResponse:
    at_zone = list_for_export(found)
    refused = at_zone.stage == Stage.REFUSED
    may_act = request.membership.role == Role.IMPORTER
    passes = weighed(passes_out_of(found))
    goods, lines = goods_and_parcels_of(found, most=SHOWN)
    is_free = all(one.is_freed for one in lines)
    has_no_truck = all(is_refused(one.element) for one in passes)
    context = {
        "list": found,
        "state_word": state_word(found),
        "at_zone": at_zone,
        "stage_word": STAGES[at_zone.stage],
        "ledger": found.ledger,
        "goods": goods,
        "gross": kilograms(sum(one.gross for one in goods)),
        "net": kilograms(sum(one.net for one in goods)),
        "parcels": lines,
        "void": sum(1 for one in lines if one.is_void),
        "passes": passes,
        "story": stories.of_export(found, now=now()),
        "may_anew": may_act and refused and not is_free,
        "may_pass": may_act and at_zone.is_in_force and has_no_truck,
        "may_delete": may_act
        and at_zone.stage == Stage.APPROVED
        and bool(at_zone.customs_number)
        and has_no_truck,
        "form": form or TruckForm(),
    }
    return render(request, "customs/export_list.html", context, status=422 if form else 200)


@require_POST
@role_required(Role.IMPORTER)
def anew(request: MemberRequest, number: str) -> HttpResponse:
    """After customs refused it: its parcels on a new list, with what is waiting."""
    made = gather_anew(listed=export_list_of(number), by=request.membership.user, now=now())
    return _gathered(request, made)


@require_POST
@role_required(Role.IMPORTER)
def send_pass(request: MemberRequest, number: str) -> HttpResponse:
    """The truck that takes the list's parcels out of the zone."""
    found, form = export_list_of(number), TruckForm(request.POST)

    def queue() -> TruckPass:
        return queue_out_pass(listed=found, truck=form.truck, by=request.membership.user, now=now())

    if form.is_valid():
        made = tried(form, queue, beside={TruckWrong: "vehicle_kg"})
        if made is not None:
            text = _("The pass %(number)s is in the queue.") % {"number": made.element.key}
            messages.success(request, text)
            return redirect("export_list", number=number)
    return _shown(request, found, form)


@require_POST
@role_required(Role.IMPORTER)
def delete(request: MemberRequest, number: str) -> HttpResponse:
    """A list that customs approved and that should not be; its parcels may stand on another once
    customs has taken that."""
    queued = delete_export_list(listed=export_list_of(number), now=now())
    messages.success(request, deletion_queued(queued))
    return redirect("export_list", number=number)


PAGES = (
    ("exports/", listed, "export_lists"),
    ("exports/gather/", gather, "export_gather"),
    ("exports/<str:number>/", export_list, "export_list"),
    ("exports/<str:number>/anew/", anew, "export_anew"),
    ("exports/<str:number>/deletion/", delete, "export_deletion"),
    ("exports/<str:number>/pass/", send_pass, "export_pass"),
)
