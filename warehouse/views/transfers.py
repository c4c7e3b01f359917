"""Pages of what sellers offer each other in bond: the list, one offer, the form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from warehouse import services
from warehouse.days import day_of
from warehouse.models import StockTransfer, TransferStep
from warehouse.queries import transfers
from warehouse.queries.fees import fee_of_transfer
from warehouse.rules import transferring as rules
from warehouse.transfer_forms import OfferForm
from warehouse.transfer_tables import KEPT_TRANSFERS, TRANSFERS
from web.forms import beside_fields, posted
from web.lists import show_list

#: What stands in the form first.
_USUAL_DAYS = 7
_BESIDE = {
    rules.OfferedToOneself: "taker",
    rules.NotAnAdmittedSeller: "taker",
    rules.AccountBookChanges: "book",
    rules.NotThatMuchToOffer: "units",
    rules.ExpiredGoodsOffered: "lot",
}


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    return show_list(request, TRANSFERS, "warehouse/transfers.html")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def kept(request: MemberRequest) -> HttpResponse:
    return show_list(request, KEPT_TRANSFERS, "warehouse/transfers.html")


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def new(request: MemberRequest) -> HttpResponse:
    seller, at, told = request.membership.company, now(), posted(request)
    lots = transfers.lots_to_offer(seller)
    form = OfferForm(told, lots=lots, last=day_of(at) + timedelta(days=_USUAL_DAYS))
    if told is not None and form.is_valid():
        made = beside_fields(
            form,
            lambda: services.offer_stock(
                giver=seller,
                taker=form.cleaned_data["taker"],
                lot=form.cleaned_data["lot"],
                offer=form.offer(),
                offered_by=request.membership.user,
                now=at,
            ),
            beside=_BESIDE,
        )
        if made is not None:
            messages.success(request, _("The offer stands; its units are set aside."))
            return redirect("transfer", number=made.number)
    is_cut = len(lots) == transfers.MOST_LOTS
    context = {"form": form, "has_stock": bool(lots), "is_cut": is_cut}
    status = 200 if told is None else 422
    return render(request, "warehouse/transfer_new.html", context, status=status)


def _own(request: MemberRequest, number: str) -> StockTransfer:
    mine = transfers.of_seller(request.membership.company)
    found: StockTransfer = get_object_or_404(mine, number=number)
    return found


@require_GET
@role_required(Role.SELLER)
def transfer(request: MemberRequest, number: str) -> HttpResponse:
    found, company = _own(request, number), request.membership.company
    is_open = found.state == TransferStep.OFFERED and found.valid_until >= day_of(now())
    context = {
        "transfer": found,
        "may_answer": is_open and found.taker_id == company.pk,
        "may_withdraw": is_open and found.giver_id == company.pk,
        "steps": _steps(found),
        "fee": fee_of_transfer(found, today=day_of(now())),
    }
    return render(request, "warehouse/transfer.html", context)


def _steps(found: StockTransfer) -> list[dict[str, Any]]:
    labels = dict(TransferStep.choices)
    steps: list[dict[str, Any]] = [
        {
            "label": labels[one.step],
            "at": one.at,
            "state": "done" if one.step in (TransferStep.OFFERED, TransferStep.ACCEPTED) else "bad",
            "note": one.company,
        }
        for one in transfers.said_of(found)
    ]
    if found.state == TransferStep.OFFERED:
        steps.append({"label": _("To be accepted"), "state": "now"})
    return steps


@require_POST
@role_required(Role.SELLER)
def answer(request: MemberRequest, number: str) -> HttpResponse:
    """Accept, refuse or withdraw, as the button says."""
    found, who, at = _own(request, number), request.membership, now()
    step = request.POST.get("step")
    told: dict[str, Any] = {"transfer": found, "company": who.company, "now": at}
    if step == "accept":
        services.accept_offer(accepted_by=who.user, **told)
        messages.success(request, _("The units are yours; the price stands on your balance."))
    elif step == "refuse":
        services.refuse_offer(refused_by=who.user, **told)
        messages.success(request, _("The offer is refused."))
    elif step == "withdraw":
        services.withdraw_offer(withdrawn_by=who.user, **told)
        messages.success(request, _("The offer is withdrawn; the units are yours to sell."))
    else:
        raise rules.NotYoursToAnswer
    return redirect("transfer", number=number)
