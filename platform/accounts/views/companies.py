"""One's own company; and the operator's list of all."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.admission_forms import AddressForm, DecisionForm, KindsForm
from accounts.buttons import decisions_of
from accounts.company_forms import ChangedCompanyForm, NewCompanyForm
from accounts.models import AdmissionState, Company, CompanyKind, CompanyStatus, Role
from accounts.queries import admissions as asked
from accounts.queries import companies as queries
from accounts.rules import admitting as rules
from accounts.rules import roles_of
from accounts.rules.seen import stamp
from accounts.services import admitting
from accounts.services import companies as services
from accounts.tables import COMPANIES
from core import clock
from web.forms import beside_fields
from web.lists import show_list


@require_GET
@role_required(any_standing=True)
def own(request: MemberRequest) -> HttpResponse:
    """What the platform knows of one's own company."""
    company = request.membership.company
    context = {
        "company": company,
        "kinds": _kinds(company),
        "people": queries.people(company),
        "may_edit": _may_edit(request),
        "has_admission": asked.admission_of(company.pk) is not None,
    }
    return render(request, "accounts/company_own.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required()
def edit(request: MemberRequest) -> HttpResponse:
    """Address and contact, by those who may speak for the company."""
    if not _may_edit(request):
        raise Http404
    company = request.membership.company
    shown = {name: getattr(company, name) for name in services.ADDRESS}
    form = AddressForm(
        request.POST if request.method == "POST" else None,
        initial={**shown, "seen": stamp(*shown.values())},
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/company_edit.html", {"form": form}, status=status)
    services.change_address(company=company, said=form.cleaned_data, seen=form.cleaned_data["seen"])
    messages.success(request, _("Address and contact are changed."))
    return redirect("company")


@require_GET
@role_required(Role.OPERATOR)
def companies(request: MemberRequest) -> HttpResponse:
    return show_list(request, COMPANIES, "accounts/companies.html")


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def enter(request: MemberRequest) -> HttpResponse:
    """A company that did not apply by itself."""
    form = NewCompanyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        said = dict(form.cleaned_data)
        kinds, code = said.pop("kinds"), said.pop("code")
        act = partial(services.enter_company, said=said, kinds=kinds, code=code, now=clock.now())
        entered = beside_fields(form, act)
        if entered is not None:
            messages.success(request, _("The company is entered and may trade from now on."))
            return redirect("company_page", entered.code)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/company_new.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.OPERATOR)
def change(request: MemberRequest, code: str) -> HttpResponse:
    """Names, numbers and address, after the operator has examined them anew."""
    found = get_object_or_404(Company, code=code)
    shown = {name: getattr(found, name) for name in services.FACTS}
    form = ChangedCompanyForm(
        request.POST if request.method == "POST" else None,
        initial={**shown, "seen": stamp(*shown.values())},
    )
    if form.is_valid():
        said = dict(form.cleaned_data)
        reason, seen = said.pop("reason"), said.pop("seen")
        act = partial(services.change_company, company=found, said=said, reason=reason, seen=seen)
        if beside_fields(form, act) is not None:
            messages.success(request, _("The company's data is changed."))
            return redirect("company_page", code)
    status = 422 if form.is_bound else 200
    context = {"form": form, "company": found}
    return render(request, "accounts/company_change.html", context, status=status)


@require_GET
@role_required(Role.OPERATOR)
def company(request: MemberRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Company, code=code)
    admission = asked.admission_of(found.pk)
    steps = asked.steps(admission) if admission else []
    is_platform = CompanyKind.PLATFORM in found.kinds
    state = admission.state if admission else AdmissionState.ADMITTED
    context = {
        "company": found,
        "kinds": _kinds(found),
        "people": queries.people(found),
        "admission": admission,
        "steps": steps,
        "decisions": [] if is_platform else decisions_of(state),
        "form": DecisionForm(initial={"seen": steps[-1].pk if steps else 0}),
        "has_people": bool(roles_of(found.kinds)) and not is_platform,
        "is_supplier": CompanyKind.SUPPLIER in found.kinds,
        "is_keeper": CompanyKind.WAREHOUSE in found.kinds,
        "kinds_form": KindsForm(
            of=found, initial={"kinds": found.kinds, "seen": stamp(found.kinds)}
        ),
    }
    return render(request, "accounts/company.html", context)


@require_POST
@role_required(Role.OPERATOR)
def decide(request: MemberRequest, code: str) -> HttpResponse:
    """Suspend a company that applied for nothing, or reinstate it."""
    found = get_object_or_404(Company, code=code)
    form = DecisionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["decision"] not in rules.DECISIONS:
        raise Http404
    admitting.decide(company=found, user=request.user, now=clock.now(), **form.cleaned_data)
    messages.success(request, _("The decision holds from now on."))
    return redirect("company_page", code)


@require_POST
@role_required(Role.OPERATOR)
def kinds(request: MemberRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Company, code=code)
    form = KindsForm(request.POST)
    if not form.is_valid():
        raise Http404
    services.change_kinds(company=found, **form.cleaned_data)
    messages.success(request, _("The kinds are changed."))
    return redirect("company_page", code)


def _kinds(company: Company) -> list[str]:
    return [str(CompanyKind(kind).label) for kind in company.kinds]


def _may_edit(request: MemberRequest) -> bool:
    may_write = request.membership.company.status == CompanyStatus.ADMITTED
    return may_write and request.membership.is_admin
