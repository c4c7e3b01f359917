"""A seller's sales: what is known, and files that are looked at before they count."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from core.sheets import MAX_BYTES
from procurement import crediting_tables, services
from procurement.crediting_tables import MY_SALES, SALES_FAULTS, SALES_ROWS
from procurement.forms import FileForm
from procurement.queries import sales
from web.files import template_file
from web.forms import posted, posted_files
from web.lists import show_list


@require_GET
@role_required(Role.SELLER)
def mine(request: MemberRequest) -> HttpResponse:
    """What is known of one's sales, quarter by quarter."""
    return show_list(request, MY_SALES, "procurement/my_sales.html")


@require_http_methods(["GET", "POST"])
@role_required(Role.SELLER)
def upload(request: MemberRequest) -> HttpResponse:
    """A file is looked at; nothing counts yet."""
    form = FileForm(posted(request), posted_files(request))
    if request.method == "GET" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "procurement/sales_upload.html", {"form": form}, status=status)
    sent = form.cleaned_data["file"]
    told = services.preview_sales(
        seller=request.membership.company,
        file_name=sent.name,
        content=sent.read(MAX_BYTES + 1),
        sent_by=request.user,
        now=now(),
        is_looked_at=True,
    )
    if told.report is not None:
        return redirect("sales_preview", pk=told.report.pk)
    context = {"form": form, "file_name": sent.name, "preview": told}
    if told.refused:
        context["refused"] = _(told.refused.rule())
    return render(request, "procurement/sales_upload.html", context, status=422)


@require_GET
@role_required(Role.SELLER)
def preview(request: MemberRequest, pk: int) -> HttpResponse:
    """What a file says, row by row, or everything that is wrong with it."""
    kept = crediting_tables.kept_sales(request.membership.company, str(pk))
    if kept.recorded_at is not None:
        return redirect("my_sales")
    told = services.look_at_sales(kept, now=now())
    context = {"report": kept, "preview": told, "form": FileForm()}
    table = SALES_FAULTS if told.errors else SALES_ROWS
    rows = (
        crediting_tables.sales_faults(told.errors)
        if told.errors
        else crediting_tables.sales_rows(told.sold)
    )
    template = "procurement/sales_preview.html"
    return show_list(request, table, template, context, place=str(pk), rows=rows)


@require_POST
@role_required(Role.SELLER)
def record(request: MemberRequest, pk: int) -> HttpResponse:
    """Let what was looked at count."""
    kept = crediting_tables.kept_sales(request.membership.company, str(pk))
    count = services.record_file(report=kept, now=now())
    messages.success(
        request,
        ngettext("%(n)s figure is recorded.", "%(n)s figures are recorded.", count) % {"n": count},
    )
    return redirect("my_sales")


@require_GET
@role_required(Role.SELLER)
def template(request: MemberRequest, kind: str) -> HttpResponse:
    """A file to fill in: what was forecast for the last quarter that is over."""
    is_chinese = (get_language() or "").startswith("zh")
    head = (
        ("季度", "货号", "品名", "实际销量", "是否断货")
        if is_chinese
        else ("quarter", "sku", "name", "actual_units", "stocked_out")
    )
    rows = sales.to_fill_in(request.membership.company, services.last_quarter(now()), is_chinese)
    return template_file("sales", kind, head, rows)
