"""The page on which a warehouse puts serial numbers of a lot right."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from warehouse import services
from warehouse.forms_serials import SerialChangeForm
from warehouse.queries import stock
from warehouse.queries.serials import changes_of, serials_of
from warehouse.rules.renumbering import Act, FewerUnitsGone, SerialNotGone, SerialNotInHouse
from warehouse.tables import operator_of
from web.forms import beside_fields, posted
from web.lists import viewer_of

_BESIDE = {SerialNotInHouse: "serial", SerialNotGone: "serial", FewerUnitsGone: "act"}


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def serials(request: MemberRequest, number: str) -> HttpResponse:
    """The serial numbers of a lot, and what was put right of them; its warehouse does that."""
    found = get_object_or_404(
        stock.lots(operator_of(viewer_of(request))).select_related("product", "warehouse"),
        number=number,
    )
    may_change = request.membership.role == Role.WAREHOUSE
    if request.method == "POST" and not may_change:
        raise Http404
    form = SerialChangeForm(posted(request))
    if form.is_valid():
        told = form.cleaned_data
        act = partial(
            services.change_serial,
            lot=found,
            serial=told["serial"],
            act=Act(told["act"]),
            right=told["right"],
            reason=told["reason"],
            changed_by=request.user,
            now=now(),
        )
        if beside_fields(form, act, beside=_BESIDE) is not None:
            messages.success(request, _("The serial number is put right."))
            return redirect("warehouse_serials", number=number)
    context = {
        "lot": found,
        "serials": serials_of(found),
        "changes": changes_of(found),
        "form": form if may_change else None,
    }
    return render(request, "warehouse/serials.html", context, status=422 if form.errors else 200)
