"""On which way a shipment is declared: its steps, the choice, and that it went in first."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from core.errors import DomainError
from customs import queries, services
from customs.forms_ways import EntryForm, WayForm
from customs.models import DeclaredWay
from customs.queries.ways import OnWay, shipment_on_way
from customs.rules import ways as rules
from customs.rules.deadlines import Route
from customs.rules.ways import Step
from customs.words import ROUTES, STEPS
from warehouse.days import day_of
from web.forms import posted, tried

_BESIDE: dict[type[DomainError], str] = {
    rules.WayNotOpen: "way",
    rules.WayTaken: "way",
    rules.ArrivalWrong: "arrived_on",
    rules.PassNumberWrong: "pass_number",
    rules.EnteredElsewhere: "warehouse",
}


def _scope(request: MemberRequest) -> Company | None:
    return None if request.membership.role == Role.OPERATOR else request.membership.company


def may_enter(one: OnWay) -> bool:
    """Whether the next step is that the goods go in before customs released them."""
    return one.next == Step.ENTER


def shown(one: OnWay) -> dict[str, Any]:
    """A shipment with its steps in words, and the address where the next one is done."""
    following = one.next
    return {
        "on_way": one,
        "way": ROUTES[one.way.value],
        "steps": [
            {
                "label": STEPS[it.step.value],
                "done_on": it.done_on,
                "is_next": it.step == following and it.done_on is None,
            }
            for it in one.taken
        ],
        "next": STEPS[following.value] if following else "",
        "where": _where(one, following),
    }


def _where(one: OnWay, step: Step | None) -> str:
    if step in (Step.ENTER, None):
        return reverse("shipment_way", args=[one.shipment.number])
    if step == Step.COLLECT:
        return reverse("collectives")
    if step == Step.COMPLETE:
        return reverse("customs_deadlines")
    if step == Step.RECEIVE:
        return ""
    if one.declaration is None:
        return reverse("declare", args=[one.shipment.number])
    if step == Step.PAPERS:
        return reverse("papers", args=[one.declaration.our_reference])
    return reverse("declaration", args=[one.declaration.our_reference])


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def way(request: MemberRequest, number: str) -> HttpResponse:
    """The steps of a shipment's way; sent to, another way or its arrival is kept."""
    moment = now()
    if request.method == "POST" and request.membership.role != Role.IMPORTER:
        raise Http404
    one = shipment_on_way(number, _scope(request), day=day_of(moment))
    form = _way_form(one, posted(request))
    if request.method == "POST" and form.is_valid():
        keep = partial(
            services.choose_way,
            shipment=one.shipment,
            way=DeclaredWay(form.cleaned_data["way"]),
            arrived_on=form.cleaned_data["arrived_on"],
            told_by=request.membership.user,
            now=moment,
        )
        if tried(form, keep, beside=_BESIDE) is not None:
            messages.success(request, _("The way of the shipment is kept."))
            return redirect("shipment_way", number=number)
    return _page(request, one, form=form)


@require_POST
@role_required(Role.IMPORTER)
def enter(request: MemberRequest, number: str) -> HttpResponse:
    """Record that a shipment went in on a pass before customs released it."""
    moment = now()
    one = shipment_on_way(number, request.membership.company, day=day_of(moment))
    houses = queries.warehouses()
    form = EntryForm(request.POST, warehouses=houses)
    if form.is_valid():
        keep = partial(
            services.enter_first,
            shipment=one.shipment,
            warehouse=next(it for it in houses if it.pk == form.cleaned_data["warehouse"]),
            pass_number=form.cleaned_data["pass_number"],
            recorded_by=request.membership.user,
            now=moment,
        )
        if tried(form, keep, beside=_BESIDE) is not None:
            messages.success(request, _("It went in; the warehouse can count it in now."))
            return redirect("shipment_way", number=number)
    return _page(request, one, entry_form=form)


def _way_form(one: OnWay, data: QueryDict | None = None) -> WayForm:
    """With the way that it is on, also where that is open no more."""
    return WayForm(
        data,
        ways=[*dict.fromkeys((*one.open_ways, one.way))],
        initial={"way": one.way.value, "arrived_on": one.arrives_on if one.has_arrived else None},
    )


def _page(
    request: MemberRequest,
    one: OnWay,
    *,
    form: WayForm | None = None,
    entry_form: EntryForm | None = None,
) -> HttpResponse:
    is_importer = request.membership.role == Role.IMPORTER
    bad = [it for it in (form, entry_form) if it is not None and it.errors]
    if form is None:
        form = _way_form(one)
    if entry_form is None:
        entry_form = EntryForm(warehouses=queries.warehouses())
    context = {
        **shown(one),
        "open_ways": [ROUTES[it.value] for it in one.open_ways],
        "may_act": is_importer,
        "may_enter": is_importer and may_enter(one),
        "is_first_in": one.way == Route.FIRST_IN,
        "form": form,
        "entry_form": entry_form,
    }
    return render(request, "customs/shipment_way.html", context, status=422 if bad else 200)


#: Address, view and name.
PAGES = (
    ("shipments/<str:number>/way/", way, "shipment_way"),
    ("shipments/<str:number>/enter/", enter, "shipment_enter"),
)
