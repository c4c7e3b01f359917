"""Products are filed with account books before they come: asked for, and answered."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from catalog.models import Product
from core.clock import now
from customs import queries, services
from customs.rules.filing import LARGEST_ITEM, LONGEST
from warehouse.days import day_of
from warehouse.models import BondedWarehouse
from web.forms import tried

#: Of these the ones that wait for their answer come first.
SHOWN = 200
#: Products in one request.
MOST = 200


class FilingForm(forms.Form):
    """Which products, with which warehouse's book."""

    product = forms.CharField(
        label=_("SKU"),
        max_length=64 * MOST,
        help_text=_("Several with commas, or each on a line of its own."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    warehouse = forms.ChoiceField(label=_("Bonded warehouse"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.code} · {one.name}") for one in queries.warehouses()
        ]

    def clean_product(self) -> list[Product]:
        """All of them, in the order in which they were told."""
        told = [one.strip() for one in re.split(r"[,，;；\s]+", self.cleaned_data["product"])]
        skus = list(dict.fromkeys(filter(None, told)))[: MOST + 1]
        if len(skus) > MOST:
            raise forms.ValidationError(gettext("At most %(most)s at once.") % {"most": MOST})
        found = Product.objects.in_bulk(skus, field_name="sku")
        if unknown := [one for one in skus if one not in found]:
            raise forms.ValidationError(
                gettext("The catalogue has no %(skus)s.") % {"skus": ", ".join(unknown[:10])}
            )
        return [found[one] for one in skus]


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
    form = _asking(request) if is_importer else None
    if form is not None and request.method == "POST" and form.is_valid():
        ask = partial(
            services.ask_filings,
            products=form.cleaned_data["product"],
            warehouse=get_object_or_404(BondedWarehouse, code=form.cleaned_data["warehouse"]),
            importer=request.membership.company,
            asked_by=request.membership.user,
            now=now(),
        )
        if tried(form, ask) is not None:
            return redirect("book_filings")
    return _page(request, form)


def _asking(request: MemberRequest) -> FilingForm:
    """With all that the to-do list has for its filing and that nobody asked for yet."""
    if request.method == "POST":
        return FilingForm(request.POST)
    importer, day = request.membership.company, day_of(now())
    waiting = {one.product.sku for one in queries.filings_of().filter(answer__isnull=True)}
    lacking = [
        one.product.sku for one in queries.to_do(importer, day=day) if "filing" in one.fields
    ]
    skus = [one for one in lacking if one not in waiting][:MOST]
    return FilingForm(initial={"product": "\n".join(skus)})


@require_POST
@role_required(Role.WAREHOUSE)
def answer(request: MemberRequest, number: str) -> HttpResponse:
    """Record what customs said of a filing."""
    found = queries.filing_of(number, keeper=request.membership.company)
    form = AnswerForm(request.POST)
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
