"""What is made ready before goods are declared: the to-do list, and elements of products."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.clock import now
from customs import queries, services
from customs.forms_preparing import ElementsForm
from customs.queries.to_do import AllToDo, ToDo, all_to_do
from customs.views.ways import shown
from customs.words import FIELDS
from warehouse.days import day_of
from web.forms import posted, tried

#: The soonest come first; the rest come up when these are done.
SHOWN = 100
#: Who may fill in what a product lacks, and where; the catalogue and the tariff are the operators'.
_ELEMENTS = frozenset({"elements", "legal_unit", "second_unit"})
_OF_THE_TARIFF = frozenset({"tariff_rate"})
_OF_THE_LIST = frozenset({"positive_list"})


def _scope(request: MemberRequest) -> Company | None:
    return None if request.membership.role == Role.OPERATOR else request.membership.company


@require_GET
@role_required(Role.IMPORTER, Role.OPERATOR)
def to_do(request: MemberRequest) -> HttpResponse:
    """Which products cannot be declared yet, what they lack, and who can fill it in where."""
    day = day_of(now())
    found = all_to_do(_scope(request), day=day, most_unstated=SHOWN)
    is_operator = request.membership.role == Role.OPERATOR
    context = {
        "rows": [_row(one, is_operator) for one in found.rows[:SHOWN]],
        "hidden": max(0, len(found.rows) - SHOWN),
        "today": day,
        "unstated": _unstated(request, found),
        "ways": [shown(one) for one in found.ways if one.next],
        "is_importer": not is_operator,
    }
    return render(request, "customs/to_do.html", context)


def _unstated(request: MemberRequest, found: AllToDo) -> list[dict[str, object]]:
    """Shipments whose statement nobody made, with the day by which they are declared."""
    is_importer = request.membership.role == Role.IMPORTER
    return [
        {
            "shipment": one,
            "due_on": due_on,
            "where": reverse("customs_statement", args=[one.number]) if is_importer else "",
        }
        for one, due_on in found.unstated
    ]


def _row(one: ToDo, is_operator: bool) -> dict[str, object]:
    """The fields in words, each with who fills it in and the address where, empty for others'."""
    fields = []
    for name in one.fields:
        who, where = _("Operator"), ""
        if name == "filing":
            who, where = _("Importer"), "" if is_operator else reverse("book_filings")
        elif name in _ELEMENTS:
            who = _("Importer or operator")
            where = reverse("product_elements", args=[one.product.sku])
        elif name == "remark":
            who = _("Importer or operator")
            where = reverse("product_remark", args=[one.product.sku])
        elif name == "permits":
            who, where = _("Importer"), reverse("shipment_permits", args=[one.permits_of])
        elif is_operator:
            page = "products_import"
            if name in _OF_THE_TARIFF | _OF_THE_LIST:
                page = "reference_proposals"
            where = reverse(page)
        fields.append((FIELDS[name], who, where))
    return {
        "product": one.product,
        "fields": fields,
        "shipments": one.shipments,
        "due_on": one.due_on,
        "supervision": " ".join(one.supervision),
    }


@require_http_methods(["GET", "POST"])
@role_required(Role.IMPORTER, Role.OPERATOR)
def elements(request: MemberRequest, sku: str) -> HttpResponse:
    """The declaration elements of a product, one field for each that its code asks for."""
    product = queries.product_of(sku, bought_by=_scope(request))
    moment = now()
    law = queries.asked_of(product, day_of(moment))
    own = queries.elements_of([product]).get(product.pk)
    names = law.elements if law else []
    stands = dict(zip(own.names, own.values, strict=True)) if own else {}
    initial: dict[str, object] = {
        f"element_{place}": stands.get(name, "") for place, name in enumerate(names, 1)
    }
    initial["content_ml"] = own.content_ml if own else None
    form = ElementsForm(posted(request), names=names, initial=initial)
    if request.method == "POST" and form.is_valid():
        keep = partial(
            services.keep_elements,
            product=product,
            values=form.values,
            content_ml=form.cleaned_data["content_ml"],
            made_by=request.membership.user,
            now=moment,
        )
        if tried(form, keep) is not None:
            messages.success(request, _("The declaration elements are kept."))
            return redirect("customs_to_do")
    context = {"product": product, "form": form, "law": law, "own": own}
    status = 422 if form.errors else 200
    return render(request, "customs/elements.html", context, status=status)


#: Address, view and name.
PAGES = (
    ("to-do/", to_do, "customs_to_do"),
    ("products/<str:sku>/elements/", elements, "product_elements"),
)
