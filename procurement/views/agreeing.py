"""What is agreed about an order: approvals, confirmations, cancellations, and the limits."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from procurement import services
from procurement.models import OrderConfirmation, OrderState, PurchaseOrder
from procurement.order_forms import (
    CancelForm,
    CancelLineForm,
    ConfirmForm,
    ConfirmLineForm,
    DecideForm,
    LimitForm,
)
from procurement.queries import approvals, orders, standing
from web.forms import beside_fields, posted, tried


@require_POST
@role_required(Role.OPERATOR, Role.FINANCE)
def approve(request: MemberRequest, number: str) -> HttpResponse:
    order = get_object_or_404(PurchaseOrder, number=number)
    services.approve_order(order=order, by=request.user, now=now())
    messages.success(request, _("You have approved the order."))
    return redirect("order", number=number)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def confirm(request: MemberRequest, number: str) -> HttpResponse:
    """What the supplier says to the order, line by line."""
    order = get_object_or_404(orders.orders(), number=number)
    told = posted(request)
    form = ConfirmForm(told)
    lines = [
        ConfirmLineForm(told, standing=one, currency=order.currency)
        for one in (standing.standings(order) if order.state == OrderState.PLACED else ())
    ]
    if told is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        take = partial(
            services.confirm_order,
            order=order,
            lines={line.line.pk: line.confirmed() for line in lines},
            reference=form.cleaned_data["reference"],
            by=request.user,
            now=now(),
        )
        if confirmation := tried(form, take):
            said = (
                _("The supplier asks for a change; accept or refuse it.")
                if confirmation.is_change
                else _("The supplier confirms the order as it stands.")
            )
            messages.success(request, said)
            return redirect("order", number=number)
    wrong = form.errors or any(line.errors for line in lines)
    context = {"order": order, "form": form, "lines": lines}
    return render(request, "procurement/confirm.html", context, status=422 if wrong else 200)


@require_POST
@role_required(Role.OPERATOR)
def decide(request: MemberRequest, number: str, position: int) -> HttpResponse:
    """Yes or no to a change that the supplier asked for."""
    confirmation = get_object_or_404(OrderConfirmation, order__number=number, position=position)
    form = DecideForm(request.POST)
    is_accepted = "accept" in request.POST
    services.decide_confirmation(
        confirmation=confirmation,
        is_accepted=is_accepted,
        reason=form.cleaned_data["reason"] if form.is_valid() else "",
        by=request.user,
        now=now(),
    )
    messages.success(
        request, _("The change is accepted.") if is_accepted else _("The change is refused.")
    )
    return redirect("order", number=number)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def cancel(request: MemberRequest, number: str) -> HttpResponse:
    """What is open is cancelled, by a document of its own."""
    order = get_object_or_404(orders.orders(), number=number)
    told = posted(request)
    form = CancelForm(told)
    stands = standing.standings(order) if order.state == OrderState.PLACED else []
    lines = [CancelLineForm(told, standing=one) for one in stands if one.open]
    if told is not None and all([form.is_valid(), *(line.is_valid() for line in lines)]):
        take = partial(
            services.cancel_open,
            order=order,
            lines=[(line.line.pk, line.cleaned_data["quantity"] or 0) for line in lines],
            reason=form.cleaned_data["reason"],
            by=request.user,
            now=now(),
        )
        if cancellation := tried(form, take):
            messages.success(
                request,
                _("%(number)s is written; its paper is being made.")
                % {"number": cancellation.number},
            )
            return redirect("order", number=number)
    wrong = form.errors or any(line.errors for line in lines)
    context = {"order": order, "form": form, "lines": lines}
    return render(request, "procurement/cancel.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def limits(request: MemberRequest) -> HttpResponse:
    """Up to which amount one person approves an order."""
    form = LimitForm(posted(request))
    if request.method == "POST" and form.is_valid():
        form_is_kept = []

        def keep() -> bool:
            form_is_kept.append(services.set_approval_limit(**form.limit()))
            return True

        if beside_fields(form, keep):
            messages.success(request, _("The limit is kept."))
            return redirect("approval_limits")
    context = {"form": form, "limits": approvals.limits()}
    status = 422 if form.errors else 200
    return render(request, "procurement/limits.html", context, status=status)
