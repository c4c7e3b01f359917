"""A seller tells waybills and payments: of one parcel, or of many in a file."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.sheets import MAX_BYTES, SheetRefused
from customs.forms_parcels import ParcelFileForm, ParcelForm
from customs.queries import parcel_papers as queries
from customs.rules import parcel_file as rules
from customs.rules.parties import WaybillTaken
from customs.services.parcel_files import tell_papers_of_file
from customs.services.parties import tell_papers
from warehouse.forms import fen
from warehouse.queries.retail import orders_of
from web.files import template_file
from web.forms import beside_fields, posted, posted_files


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def parcel(request: MemberRequest, number: str) -> HttpResponse:
    """Waybill and payment of one order, until it is told to customs."""
    order = get_object_or_404(orders_of(request.membership.company), number=number)
    told = queries.papers_of_order(order)
    names = ("waybill", "payment", "platform")
    begin: dict[str, object] = {name: getattr(told, name) for name in names} if told else {}
    for name, minor in (("paid", order.paid_minor), ("collected_tax", order.collected_tax_minor)):
        if minor is not None:
            begin[name] = Decimal(minor).scaleb(-2)
    known = queries.platforms_for(order)
    form = ParcelForm(posted(request), initial=begin, platforms=known)
    if request.method == "POST" and form.is_valid():
        numbers = {name: form.cleaned_data[name] for name in names}
        act = partial(
            tell_papers,
            order=order,
            **numbers,
            paid_minor=fen(form.cleaned_data["paid"]),
            collected_tax_minor=fen(form.cleaned_data["collected_tax"]),
            now=now(),
        )
        if beside_fields(form, act, beside={WaybillTaken: "waybill"}) is not None:
            messages.success(request, _("Kept. What was missing is looked at again."))
            return redirect("parcel_numbers", number=number)
    context = {
        "form": form,
        "order": order,
        "told": told,
        "list": queries.list_of_order(order),
        "is_told": queries.is_with_customs(order),
        "platform": queries.platform_for(order, told),
    }
    status = 422 if form.errors else 200
    return render(request, "customs/parcel_numbers.html", context, status=status)


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def upload(request: MemberRequest) -> HttpResponse:
    """A file of them: all of its parcels are told, or every wrong cell is named."""
    form = ParcelFileForm(posted(request), posted_files(request))
    context = {"form": form, "columns": _columns()}
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            count = tell_papers_of_file(
                seller=request.membership.company,
                file_name=sent.name,
                content=sent.read(MAX_BYTES + 1),
                now=now(),
            )
        except (rules.ParcelFileWrong, SheetRefused) as refusal:
            # Not the page of refusals: beside the form the file can be sent again at once.
            form.add_error(None, _(refusal.rule()))
            context |= {"faults": refusal.facts.get("rows", []), "refusal": refusal}
        else:
            told = ngettext(
                "The numbers of %(count)d parcel are kept.",
                "The numbers of %(count)d parcels are kept.",
                count,
            )
            messages.success(request, told % {"count": count})
            return redirect("retail_lists")
    status = 422 if form.errors else 200
    return render(request, "customs/parcel_file.html", context, status=status)


@require_GET
@role_required(Role.SELLER)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """An empty table with the right first row."""
    return template_file("parcels", kind, [*rules.COLUMNS, *rules.OPTIONAL], [])


def _columns() -> list[tuple[str, str, str]]:
    """Name, meaning and an example of each column."""
    return [
        ("order", _("The order: our number, or the shop's; as text"), "2026080100017"),
        ("channel", _("The shop; where several shops have this number"), "TMALL-GLOBAL"),
        ("waybill", _("The carrier's number; empty leaves what was told"), "SF1000000000001"),
        (
            "payment",
            _("Serial number of the payment; empty leaves what was told"),
            "2026080122001",
        ),
        ("paid", _("Paid in all, in CNY; empty leaves what was told"), "426.22"),
        (
            "collected_tax",
            _("Tax the shop took of it, in CNY; empty leaves what was told"),
            "36.22",
        ),
        (
            "platform",
            _("Customs code of the platform, if it is not that of the channel"),
            "3702961AB4",
        ),
    ]


PAGES = (
    ("parcels/", upload, "parcel_file"),
    ("parcels/template.<str:kind>", template, "parcel_template"),
    ("parcels/<str:number>/", parcel, "parcel_numbers"),
)
