"""The page on which a seller says how its consumers' orders are taken."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from warehouse import services
from warehouse.forms_waiting import TermsForm
from warehouse.queries.parting import terms_of, terms_rows
from warehouse.rules.parting import Shortage, Terms
from web.forms import beside_fields, posted

#: Terms of before that the page shows.
SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.SELLER)
def terms(request: MemberRequest) -> HttpResponse:
    seller = request.membership.company
    stand = terms_of(seller)
    form = TermsForm(
        posted(request),
        initial={
            "shortage": stand.shortage.value,
            "back_order_days": stand.back_order_days or None,
            "may_split": stand.may_split,
        },
    )
    if form.is_valid():
        told = form.cleaned_data
        act = partial(
            services.set_terms,
            seller=seller,
            terms=Terms(
                Shortage(told["shortage"]), told["back_order_days"] or 0, told["may_split"]
            ),
            set_by=request.user,
            now=now(),
        )
        if beside_fields(form, act) is not None:
            messages.success(request, _("Your terms count for orders from now on."))
            return redirect("retail_terms")
    context = {"form": form, "before": terms_rows(seller).select_related("set_by")[:SHOWN]}
    status = 422 if form.errors else 200
    return render(request, "warehouse/retail_terms.html", context, status=status)
