"""What was really billed for an order: entered, read from a file, taken back."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.errors import DomainError
from core.sheets import MAX_BYTES
from procurement import services
from procurement.bill_forms import BillForm, driver_name, kind_name
from procurement.forms import FileForm
from procurement.models import OrderBill, PurchaseOrder
from procurement.queries import billed, orders
from procurement.rules.order_bills import KINDS, BillBelowNothing, BillEntered
from procurement.views.files import refused
from web.forms import posted, posted_files, tried

_BESIDE: dict[type[DomainError], str] = {BillEntered: "document", BillBelowNothing: "amount"}


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR, Role.FINANCE)
def bills(request: MemberRequest, number: str) -> HttpResponse:
    """An order's bills: one is entered, a file of them, or one is taken back."""
    order = get_object_or_404(orders.orders(), number=number)
    told = posted(request)
    what = request.POST.get("what", "") if told is not None else ""
    if what == "reverse":
        return _reverse(request, order)
    form = BillForm(told if what == "one" else None, lines=orders.lines(order))
    sent = FileForm(told if what == "file" else None, posted_files(request))
    wrong: dict[str, Any] = {}
    if what == "one" and form.is_valid():
        enter = partial(
            services.enter_bills,
            order=order,
            bills=[form.bill()],
            by=request.user,
            now=now(),
        )
        if entered := tried(form, enter, beside=_BESIDE):
            return _entered(request, order, entered)
    if what == "file" and sent.is_valid():
        file = sent.cleaned_data["file"]
        done = services.enter_bill_file(
            order=order,
            file_name=file.name,
            content=file.read(MAX_BYTES + 1),
            by=request.user,
            now=now(),
        )
        if done.refused is None:
            return _entered(request, order, done.taken)
        wrong = refused(done)
    context: dict[str, Any] = {
        "order": order,
        "bills": [
            (one, kind_name(one.kind), driver_name(one.driver)) for one in billed.bills(order)
        ],
        "form": form,
        "file_form": sent,
        "kinds": [
            (kind_name(key), driver_name(one.driver), driver_name(one.of_line), one.place)
            for key, one in KINDS.items()
        ],
        "columns": ", ".join(services.BILL_COLUMNS),
    }
    status = 422 if form.errors or sent.errors or wrong else 200
    return render(request, "procurement/order_bills.html", context | wrong, status=status)


def _entered(
    request: MemberRequest, order: PurchaseOrder, entered: list[OrderBill]
) -> HttpResponse:
    messages.success(
        request,
        ngettext(
            "%(n)s bill is entered; the round is billed again.",
            "%(n)s bills are entered; the round is billed again.",
            len(entered),
        )
        % {"n": len(entered)},
    )
    return redirect("order_bills", number=order.number)


def _reverse(request: MemberRequest, order: PurchaseOrder) -> HttpResponse:
    asked = request.POST.get("bill", "")
    key = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 12 else 0
    bill = get_object_or_404(OrderBill, order=order, pk=key)
    services.reverse_bill(bill=bill, by=request.user, now=now())
    messages.success(request, _("The bill is taken back by a counter-entry."))
    return redirect("order_bills", number=order.number)
