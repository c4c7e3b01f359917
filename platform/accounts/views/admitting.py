"""The operator's pages of admissions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import MemberRequest, role_required
from accounts.admission_forms import DecisionForm
from accounts.buttons import decisions_of
from accounts.files import as_attachment
from accounts.models import Admission, AdmissionDocument, Role
from accounts.queries import admissions as asked
from accounts.rules import admitting as rules
from accounts.services import admitting
from accounts.tables import ADMISSIONS
from core import clock
from web.lists import show_list


@require_GET
@role_required(Role.OPERATOR)
def admissions(request: MemberRequest) -> HttpResponse:
    return show_list(request, ADMISSIONS, "accounts/admissions.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def admission(request: MemberRequest, pk: int) -> HttpResponse:
    """One admission; what is decided is sent here as well."""
    held = get_object_or_404(Admission.objects.select_related("company"), pk=pk)
    if request.method == "POST":
        form = DecisionForm(request.POST)
        if not form.is_valid() or form.cleaned_data["decision"] not in rules.DECISIONS:
            raise Http404
        admitting.decide(
            company=held.company, user=request.user, now=clock.now(), **form.cleaned_data
        )
        messages.success(request, _("The decision holds from now on."))
        return redirect("admission_case", pk)
    steps = asked.steps(held)
    context = {
        "admission": held,
        "company": held.company,
        "steps": steps,
        "papers": asked.documents(held),
        "checks": asked.checks(held),
        "decisions": decisions_of(held.state),
        "form": DecisionForm(initial={"seen": steps[-1].pk if steps else 0}),
        "now": clock.now(),
    }
    return render(request, "accounts/admission_case.html", context)


@require_GET
@role_required(Role.OPERATOR)
def document(request: MemberRequest, pk: int, document: int) -> HttpResponse:
    return as_attachment(get_object_or_404(AdmissionDocument, pk=document, admission=pk))
