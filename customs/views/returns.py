"""Returns: a seller announces them, the warehouse takes them in or refuses them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import services
from warehouse import services as warehouse
from warehouse.forms_returns import ArrivalForm, RefusalForm, ReturnForm
from warehouse.models import RetailReturn, ReturnState
from warehouse.queries.retail import orders_of
from warehouse.queries.returning import lots_to_count, returns_of
from warehouse.rules.serials import SerialDidNotLeave, SerialsMissing, read_serials
from warehouse.tables_returns import HOUSE_RETURNS, MY_RETURNS
from web.forms import beside_fields, posted
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    return show_list(request, MY_RETURNS, "warehouse/my_returns.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SELLER)
def announce(request: MemberRequest, number: str) -> HttpResponse:
    """Which units of an order its buyer sends back."""
    order = get_object_or_404(orders_of(request.membership.company), number=number)
    lines = list(order.lines.select_related("product").order_by("position"))
    form = ReturnForm(posted(request), lines=lines)
    if form.is_valid():
        back = beside_fields(
            form,
            lambda: services.announce_return(
                order=order,
                units=form.units(),
                reason=form.cleaned_data["reason"],
                announced_by=request.user,
                now=now(),
            ),
        )
        if back is not None:
            told = _("The return %(number)s is announced; it must arrive by %(day)s.")
            messages.success(request, told % {"number": back.number, "day": back.comes_until})
            return redirect("my_returns")
    context = {"order": order, "form": form}
    status = 422 if form.errors else 200
    return render(request, "warehouse/return_new.html", context, status=status)


@require_GET
@role_required(Role.WAREHOUSE)
def at_gate(request: MemberRequest) -> HttpResponse:
    return show_list(request, HOUSE_RETURNS, "warehouse/house_returns.html")


def _here(request: MemberRequest, number: str) -> RetailReturn:
    mine = returns_of(keeper=request.membership.company)
    found: RetailReturn = get_object_or_404(mine, number=number)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def arrival(request: MemberRequest, number: str) -> HttpResponse:
    """Count what came back, lot by lot."""
    back = _here(request, number)
    lots = lots_to_count(back)
    form = ArrivalForm(posted(request), lots=lots)
    if form.is_valid():
        found = beside_fields(
            form,
            lambda: services.receive_return(
                back=back,
                keeper=request.membership.company,
                counted=form.counted(),
                serials=read_serials(form.cleaned_data["serials"]),
                received_by=request.user,
                now=now(),
            ),
            beside={SerialDidNotLeave: "serials", SerialsMissing: "serials"},
        )
        if found is not None:
            if found.state == ReturnState.ARRIVED:
                messages.success(request, _("The return is taken in; it lies in quarantine."))
            else:
                messages.warning(request, _(found.refusal["rule"]))
            return redirect("warehouse_return", number)
    context = {
        "back": back,
        "lines": back.lines.select_related("product").order_by("position"),
        "form": form,
        "rows": [(lot, form[f"lot_{lot.reservation}"]) for lot in lots],
        "refusal_form": RefusalForm(),
        "is_open": back.state == ReturnState.ANNOUNCED,
        "came_units": back.returned.select_related("lot__product").order_by("position", "pk"),
    }
    status = 422 if form.errors else 200
    return render(request, "warehouse/return.html", context, status=status)


@require_POST
@role_required(Role.WAREHOUSE)
def refuse(request: MemberRequest, number: str) -> HttpResponse:
    """What came does not belong to the order, or is not as it left."""
    warehouse.refuse_return(
        back=_here(request, number),
        keeper=request.membership.company,
        reason=request.POST.get("reason", ""),
        refused_by=request.user,
        now=now(),
    )
    messages.success(request, _("The return is refused; its seller hears why."))
    return redirect("warehouse_return", number)
