"""Products are filed with account books before they come: asked for, and answered."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from catalog.models import Product
from core.clock import now
from customs import queries, services
from customs.rules.filing import LARGEST_ITEM, LONGEST
from warehouse.models import BondedWarehouse
from web.forms import posted, tried

#: The newest.
SHOWN = 200


class FilingForm(forms.Form):
    """Which product, with which warehouse's book."""

    product = forms.CharField(label=_("SKU"), max_length=64)
    warehouse = forms.CharField(label=_("Bonded warehouse"), max_length=16)


class AnswerForm(forms.Form):
    """The item in the book where it is filed, else the reason."""

    item = forms.IntegerField(
        label=_("Item in the book"), required=False, min_value=1, max_value=LARGEST_ITEM
    )
    reason = forms.CharField(label=_("Reason if refused"), required=False, max_length=LONGEST)


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER, Role.WAREHOUSE, Role.OPERATOR)
def filings(request: MemberRequest) -> HttpResponse:
    """What is pending, filed and refused; an importer asks for more here."""
    is_importer = request.membership.role == Role.IMPORTER
    if request.method == "POST" and not is_importer:
        raise Http404
    form = FilingForm(posted(request)) if is_importer else None
    if form is not None and request.method == "POST" and form.is_valid():
        ask = partial(
            services.ask_filing,
            product=get_object_or_404(Product, sku=form.cleaned_data["product"]),
            warehouse=get_object_or_404(BondedWarehouse, code=form.cleaned_data["warehouse"]),
            importer=request.membership.company,
            asked_by=request.membership.user,
            now=now(),
        )
        if tried(form, ask) is not None:
            return redirect("book_filings")
    return _page(request, form)


@require_POST
@role_required(Role.WAREHOUSE)
def answer(request: MemberRequest, number: str) -> HttpResponse:
    """Record what customs said of a filing."""
    found, form = queries.filing_of(number), AnswerForm(request.POST)
    if form.is_valid():
        item = form.cleaned_data["item"]
        act = partial(
            services.answer_filing,
            filing=found,
            filed=item is not None,
            item=item,
            reason=form.cleaned_data["reason"],
            recorded_by=request.membership.user,
            now=now(),
        )
        if tried(form, act) is not None:
            return redirect("book_filings")
    return _page(request, form)


def _page(request: MemberRequest, form: forms.Form | None) -> HttpResponse:
    context = {
        "rows": queries.filings_of()[:SHOWN],
        "form": form,
        "answer_form": AnswerForm(auto_id=False),
        "may_answer": request.membership.role == Role.WAREHOUSE,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "customs/filings.html", context, status=status)


#: Address, view and name.
PAGES = (
    ("filings/", filings, "book_filings"),
    ("filings/<str:number>/answer/", answer, "book_filing_answer"),
)
