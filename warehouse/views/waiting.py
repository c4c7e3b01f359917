"""Orders that wait: a seller confirms a payment; seller and warehouse hold orders and free them."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from warehouse import services
from warehouse.forms_waiting import HoldForm, HouseHoldForm
from warehouse.models import HoldAct, RetailHold, RetailOrder
from warehouse.queries.holds import held_by, is_held_by
from warehouse.queries.retail import orders_of
from warehouse.rules.waiting import UNDER_WAY, OrderNotInHouse
from web.forms import beside_fields, posted

#: Acts of a hold that a page shows, the newest first.
SHOWN = 20


def waiting_of(order: RetailOrder) -> dict[str, Any]:
    """What the page of a seller's order shows of its waiting."""
    acts = RetailHold.objects.filter(order=order).select_related("company")
    holds = is_held_by(order, order.seller_id)
    return {
        "may_confirm": order.state == "allocated" and order.unpaid_until is not None,
        "hold_acts": acts.order_by("-pk")[:SHOWN],
        "may_free": holds,
        "hold_form": None if holds or order.state not in UNDER_WAY else HoldForm(),
    }


def waits_of(order: RetailOrder) -> list[dict[str, Any]]:
    """What an order waits for, or that it is paid, as steps of its way."""
    steps: list[dict[str, Any]] = []
    if order.paid_at:
        steps.append({"label": _("Paid"), "at": order.paid_at, "state": "done"})
    elif order.unpaid_until:
        label = _("Waits for its payment, until")
        steps.append({"label": label, "at": order.unpaid_until, "state": "now"})
    if order.holds:
        steps.append({"label": _("On hold"), "state": "bad"})
    return steps


@require_POST
@role_required(Role.SELLER)
def confirm(request: MemberRequest, number: str) -> HttpResponse:
    found = get_object_or_404(orders_of(request.membership.company), number=number)
    services.confirm_payment(order=found, now=now())
    messages.success(request, _("The payment is noted; the retail list follows."))
    return redirect("retail_order", number=number)


@require_POST
@role_required(Role.SELLER)
def hold(request: MemberRequest, number: str) -> HttpResponse:
    """Put one's own order on hold."""
    found = get_object_or_404(orders_of(request.membership.company), number=number)
    services.hold_order(
        number=found.number,
        company=request.membership.company,
        reason=request.POST.get("reason", ""),
        acted_by=request.user,
        now=now(),
    )
    messages.success(request, _("The order is on hold."))
    return redirect("retail_order", number=number)


@require_POST
@role_required(Role.SELLER)
def free(request: MemberRequest, number: str) -> HttpResponse:
    """Let one's own order go on."""
    found = get_object_or_404(orders_of(request.membership.company), number=number)
    services.free_order(
        number=found.number,
        company=request.membership.company,
        acted_by=request.user,
        now=now(),
    )
    messages.success(request, _("The order goes on."))
    return redirect("retail_order", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.WAREHOUSE)
def holds(request: MemberRequest) -> HttpResponse:
    """What a warehouse holds back, and one order more."""
    keeper = request.membership.company
    form = HouseHoldForm(posted(request))
    if form.is_valid():
        act = partial(
            services.hold_order,
            **form.cleaned_data,
            company=keeper,
            acted_by=request.user,
            now=now(),
        )
        if beside_fields(form, act, beside={OrderNotInHouse: "number"}) is not None:
            messages.success(request, _("The order is on hold."))
            return redirect("warehouse_holds")
    context = {"form": form, "held": held_by(keeper)}
    return render(request, "warehouse/holds.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(Role.WAREHOUSE)
def let_go(request: MemberRequest, number: str) -> HttpResponse:
    """A warehouse lets an order go on."""
    keeper = request.membership.company
    # It may have held it several times.
    mine = RetailHold.objects.filter(company=keeper, number=number, act=HoldAct.HELD)
    get_object_or_404(mine[:1])
    services.free_order(number=number, company=keeper, acted_by=request.user, now=now())
    messages.success(request, _("The order goes on."))
    return redirect("warehouse_holds")


#: What a seller does with its own order that waits, by the end of the address.
STEPS = (("confirm", confirm), ("hold", hold), ("free", free))
