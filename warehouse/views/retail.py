"""Pages of a seller's retail orders: the list, one order, the form, the file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.listed import Listed
from core.sheets import MAX_BYTES
from warehouse import services
from warehouse.days import day_of
from warehouse.forms import LINES_OFFERED, LineForm, OrderForm, UploadForm, incoming_order
from warehouse.models import RetailOrder, RetailOrderState, RetailUpload
from warehouse.queries import stock, uploads
from warehouse.queries.handing import parcels_told
from warehouse.queries.merged import into_numbers, merged_from
from warehouse.queries.merging import has_company
from warehouse.queries.parting import missing_of, parts_of
from warehouse.queries.retail import buyer_of, orders_of, reserved_for
from warehouse.rules import retail_file
from warehouse.rules.merging import MERGEABLE
from warehouse.rules.order_way import FOLLOWS, Stage
from warehouse.rules.retail import Outcome
from warehouse.views.waiting import waiting_of, waits_of
from warehouse.within import UPLOAD_FAULTS, UPLOAD_OUTCOMES, became, faults_of, foreseen
from web.files import template_file
from web.forms import posted, posted_files
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def order(request: MemberRequest, number: str) -> HttpResponse:
    found = _own_order(request, number)
    lines = list(found.lines.select_related("product").order_by("position"))
    goods = sum(line.quantity * line.unit_price_minor for line in lines)
    context = {
        "order": found,
        "lines": [(line, line.quantity * line.unit_price_minor) for line in lines],
        "picks": reserved_for(found),
        "parcels": parcels_told(found),
        "goods_minor": goods,
        "total_minor": goods + found.freight_minor + found.insurance_minor - found.discount_minor,
        "buyer": buyer_of(found),
        "may_cancel": Stage.CANCELLED in FOLLOWS[Stage(found.state)],
        "may_return": Stage.RETURNED in FOLLOWS[Stage(found.state)],
        "steps": _steps(found),
        "parts": list(parts_of(found)),
        "missing": list(missing_of(found)),
        **_merging(found),
        **waiting_of(found),
    }
    return render(request, "warehouse/retail_order.html", context)


def _merging(found: RetailOrder) -> dict[str, Any]:
    """What took its place or whose place it took, and whether it has company to go with."""
    return {
        "into": into_numbers([found]).get(found.pk, ""),
        "merged_from": merged_from(found),
        "may_merge": Stage(found.state) in MERGEABLE and has_company(found, now()),
    }


def _own_order(request: MemberRequest, number: str) -> RetailOrder:
    found: RetailOrder = get_object_or_404(orders_of(request.membership.company), number=number)
    return found


#: The straight way of an order behind its allocation: done, and still to be done.
_WAY = {
    RetailOrderState.LISTED: (_lazy("Retail list drawn"), _lazy("Retail list to be drawn")),
    RetailOrderState.RELEASED: (_lazy("Released by customs"), _lazy("Customs to release it")),
    RetailOrderState.PICKED: (_lazy("Picked"), _lazy("To be picked")),
    RetailOrderState.PACKED: (_lazy("Packed"), _lazy("To be packed")),
    RetailOrderState.HANDED_OVER: (
        _lazy("Handed over to the carrier"),
        _lazy("To be handed over to the carrier"),
    ),
    RetailOrderState.DELIVERED: (_lazy("Delivered"), _lazy("To be delivered")),
}


def _steps(found: RetailOrder) -> list[dict[str, Any]]:
    """What is behind the order, what is next, and what is to come."""
    steps: list[dict[str, Any]] = [
        {"label": _("Placed in the shop"), "at": found.placed_at, "state": "done"},
        {"label": _("Stock allocated"), "at": found.accepted_at, "state": "done"},
    ]
    if found.state == RetailOrderState.CANCELLED:
        return [
            *steps,
            {"label": _("Cancelled"), "state": "bad", "note": _("The stock is back.")},
        ]
    if found.state == RetailOrderState.MERGED:
        return [*steps, {"label": _("Merged into another order"), "state": "done"}]
    steps += waits_of(found)
    waits = found.unpaid_until is not None or found.holds > 0
    way = list(_WAY)
    is_back = found.state == RetailOrderState.RETURNED
    reached = RetailOrderState.HANDED_OVER if is_back else RetailOrderState(found.state)
    done = way.index(reached) + 1 if reached in way else 0
    for at, (behind, ahead) in enumerate(_WAY.values()):
        state = "done" if at < done else "now" if at == done and not waits else ""
        steps.append({"label": behind if at < done else ahead, "state": state})
    if is_back:
        steps[-1] = {"label": _("Returned"), "state": "bad"}
    return steps


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def new(request: MemberRequest) -> HttpResponse:
    seller = request.membership.company
    products = {
        product.sku: f"{product.sku} {product.name}" for product in stock.products_of(seller)
    }
    told = posted(request)
    head = OrderForm(told)
    lines = [
        LineForm(told, prefix=f"line{n}", products=products.items(), needed=n == 1)
        for n in range(1, LINES_OFFERED + 1)
    ]
    context: dict[str, Any] = {"form": head, "lines": lines, "has_stock": bool(products)}
    valid = [form.is_valid() for form in (head, *lines)]
    if not all(valid):
        status = 200 if told is None else 422
        return render(request, "warehouse/retail_new.html", context, status=status)
    (result,) = services.accept_orders(
        seller=seller, orders=[incoming_order(head, lines)], now=now()
    )
    if result.refusal:
        context["refusal"] = result.refusal
        context["sentence"] = _(result.refusal.rule())
        return render(request, "warehouse/retail_new.html", context, status=result.refusal.status)
    if result.outcome is Outcome.ALREADY_TAKEN:
        messages.info(request, _("This order had been taken before."))
    else:
        messages.success(request, taken_as(result))
    return redirect("retail_order", number=result.number)


def taken_as(result: services.OrderResult) -> str:
    """In words: whole, in several parcels, or in part."""
    if result.missing:
        return _(
            "The order is taken in part: %(served)s of %(ordered)s units of the short lines."
        ) % {
            "served": sum(one.served for one in result.missing),
            "ordered": sum(one.ordered for one in result.missing),
        }
    if len(result.parts) > 1:
        return _("The order is taken in %(parcels)s parcels.") % {"parcels": len(result.parts)}
    return _("The order is taken and its stock is allocated.")


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def upload(request: MemberRequest) -> HttpResponse:
    form = UploadForm(posted(request), posted_files(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        kept = services.keep_upload(
            seller=request.membership.company,
            file_name=sent.name,
            content=sent.read(MAX_BYTES + 1),
            uploaded_by=request.user,
            now=now(),
        )
        return redirect("retail_upload", pk=kept.pk)
    earlier = RetailUpload.objects.filter(seller=request.membership.company).order_by("-pk")[:10]
    context = {"form": form, "columns": _columns(), "earlier": earlier}
    status = 422 if form.errors else 200
    return render(request, "warehouse/retail_upload.html", context, status=status)


@require_GET
@role_required(Role.SELLER)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """An empty table with the right first row."""
    columns = [*retail_file.COLUMNS, *retail_file.OPTIONAL]
    return template_file("retail-orders", kind, columns, [])


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """What a file says; then, on request, its orders taken; then what became of each."""
    kept: RetailUpload = get_object_or_404(
        RetailUpload.objects.filter(seller=request.membership.company).select_related("seller"),
        pk=pk,
    )
    if request.method == "POST":
        results = services.accept_upload(upload=kept, now=now())
        taken = sum(one.outcome is Outcome.ACCEPTED for one in results)
        messages.success(request, _("%(count)d orders are taken.") % {"count": taken})
        return redirect("retail_upload", pk=pk)
    context: dict[str, Any] = {"upload": kept}
    if kept.taken_at is not None:
        context["counts"] = _tally(one["outcome"] for one in kept.results)
        table, rows = UPLOAD_OUTCOMES, Listed(became(kept))
        template = "warehouse/retail_results.html"
        return show_list(request, table, template, context, place=str(pk), rows=rows)
    moment = now()
    read = uploads.read_upload(kept, now=moment)
    decisions = [] if read.faults else uploads.foresee(kept, read, now=moment)
    context |= {
        "read": read,
        "faults": read.faults,
        "counts": _tally(one.outcome for one in decisions),
        "today": day_of(moment),
    }
    table = UPLOAD_FAULTS if read.faults else UPLOAD_OUTCOMES
    rows = Listed(faults_of(read.faults) if read.faults else foreseen(decisions))
    template = "warehouse/retail_preview.html"
    return show_list(request, table, template, context, place=str(pk), rows=rows)


def _tally(outcomes: Any) -> dict[str, int]:
    counts = dict.fromkeys((one.value for one in Outcome), 0)
    for outcome in outcomes:
        counts[str(outcome)] += 1
    return counts


def _columns() -> list[tuple[str, str, str]]:
    """Name, meaning and an example of each column."""
    return [
        ("channel", _("The shop"), "TMALL-GLOBAL"),
        ("order_number", _("The order's number in the shop; as text"), "2026080100017"),
        ("placed_at", _("When the consumer ordered, local time"), "2026-08-01 14:05"),
        ("buyer_name", _("The name on the identity card"), "张三"),
        ("buyer_id_number", _("Identity card number, 18 places; as text"), "360426199101010071"),
        ("consignee_address", _("Where the parcel goes"), "浙江省杭州市西湖区示例路 1 号"),
        ("product", _("SKU or GTIN; one row for each product of an order"), "9520000000011"),
        ("quantity", _("Whole units"), "2"),
        (
            "unit_price",
            _("Price of one unit before vouchers, without tax, in CNY"),
            "199.00",
        ),
        ("buyer_telephone", _("Telephone; may be left out"), "13800000000"),
        ("freight", _("Freight of the whole order in CNY; may be left out"), "12.00"),
        (
            "unpaid_until",
            _("Until when an unpaid order keeps its stock; left out once it is paid"),
            "2026-08-01 18:00",
        ),
        ("insurance", _("Insurance of the whole order in CNY; may be left out"), "0.00"),
        ("discount", _("Paid with points or vouchers, in CNY; may be left out"), "20.00"),
        ("collected_tax", _("Tax the shop collected, in CNY; left out: worked out"), "36.22"),
        ("paid", _("Paid in all, in CNY, as the payment says; may be left out"), "426.22"),
        ("consignee_name", _("Receiver; left out where it is the buyer"), "李四"),
        ("consignee_telephone", _("Receiver's telephone; may be left out"), "13900000000"),
    ]
