"""An operator erases what an order says of its buyer, who asked for it."""

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
from core.errors import DomainError
from warehouse import services
from warehouse.erasing_forms import EraseForm
from warehouse.rules import erasing as rules
from web.forms import posted, tried

#: Which field a refusal is about; these stand beside the form, and nothing that was typed is lost.
_BESIDE: dict[type[DomainError], str] = {
    rules.NoSuchOrder: "number",
    rules.NotEndedYet: "number",
    rules.KeptByLaw: "number",
    rules.ErasedBefore: "number",
    rules.NoReasonGiven: "reason",
}


@require_http_methods(["GET", "POST"])
@role_required(Role.OPERATOR)
def erase(request: MemberRequest) -> HttpResponse:
    """By the order's number alone; nothing of the buyer is shown."""
    form = EraseForm(posted(request))
    if form.is_bound and form.is_valid():
        act = partial(services.erase_buyer, **form.cleaned_data, by=request.user, now=now())
        done = tried(form, act, beside=_BESIDE)
        if done is not None:
            told = _("What order %(number)s said of its buyer is erased.")
            messages.success(request, told % {"number": done.order_number})
            return redirect("buyer_erase")
    status = 422 if form.is_bound else 200
    return render(request, "warehouse/buyer_erase.html", {"form": form}, status=status)
