"""What the operator and the warehouse open: the trace of anything, and labels."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, role_required
from accounts.models import Company, Role
from core.models import WorkState
from traceability import queries, services
from traceability.forms import LabelForm
from traceability.tables import EVENTS, LABEL_SHEETS
from web.lists import show_list


def _keeper(request: MemberRequest) -> Company | None:
    """Whose lots the person sees: its own; the platform's operators see all."""
    return None if request.membership.role == Role.OPERATOR else request.membership.company


@role_required(Role.OPERATOR, Role.WAREHOUSE)
@require_safe
def trace(request: MemberRequest) -> HttpResponse:
    """Events about anything that has a number, newest first."""
    return show_list(request, EVENTS, "traceability/trace.html")


@role_required(Role.OPERATOR, Role.WAREHOUSE)
@require_safe
def label_sheets(request: MemberRequest) -> HttpResponse:
    """The sheets of labels and how far they are."""
    return show_list(request, LABEL_SHEETS, "traceability/labels.html")


@role_required(Role.OPERATOR, Role.WAREHOUSE)
@require_POST
def issue_labels(request: MemberRequest) -> HttpResponse:
    """Give units of a lot their codes and queue the sheets."""
    form = LabelForm(request.POST)
    product = queries.product_of(request.POST.get("gtin", "")[:14]) if form.is_valid() else None
    if product is None:
        raise Http404
    keeper, lot_number = _keeper(request), form.cleaned_data["lot_number"]
    if keeper is not None and not queries.has_received(keeper, product.gtin, lot_number):
        raise Http404
    sheets = services.issue_labels(
        product=product,
        lot_number=lot_number,
        count=form.cleaned_data["count"],
        language=get_language() or "zh-hans",
        now=timezone.now(),
    )
    told = ngettext(
        "%(count)s sheet is being printed: %(numbers)s.",
        "%(count)s sheets are being printed: %(numbers)s.",
        len(sheets),
    )
    numbers = ", ".join(sheet.number for sheet in sheets[:3]) + ("…" if len(sheets) > 3 else "")
    messages.success(request, told % {"count": len(sheets), "numbers": numbers})
    then = form.cleaned_data["next"]
    safe = url_has_allowed_host_and_scheme(then, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(then if then and safe else reverse("label_sheets"))


@role_required(Role.OPERATOR, Role.WAREHOUSE)
@require_safe
def label_file(request: MemberRequest, number: str) -> HttpResponse:
    """The PDF of a sheet."""
    ready = queries.label_sheets(keeper=_keeper(request)).filter(state=WorkState.READY)
    sheet = ready.defer(None).filter(number=number).first()
    if sheet is None or sheet.content is None:
        raise Http404
    answer = HttpResponse(bytes(sheet.content), content_type=sheet.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{sheet.file_name}"'
    return answer
