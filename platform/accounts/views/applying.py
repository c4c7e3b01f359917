"""A person applies for its company, and follows its application."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.admission_forms import AnswerForm, ApplyForm, CorrectingAnswerForm
from accounts.files import as_attachment
from accounts.models import Admission, AdmissionDocument, AdmissionState, Membership, User
from accounts.queries import admissions
from accounts.rules.documents import MAX_DOCUMENTS
from accounts.services import admitting
from core import clock

_TEXTS = (
    *("name_zh", "name_en", "uscc", "street", "town", "postcode"),
    *("contact_name", "contact_phone", "contact_email"),
)

_STATED = ("name_zh", "name_en", "uscc")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """For whoever is signed in and acts for no company yet, or for one that was refused."""
    user = cast(User, request.user)
    membership = getattr(request, "membership", None)
    refused = _refused(membership)
    if request.method != "POST" and membership is not None and refused is None:
        return redirect("admission")
    initial = {"contact_name": user.name, "contact_email": user.email}
    if refused is not None:
        initial = {name: getattr(refused.company, name) for name in _TEXTS}
    form = ApplyForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial=initial,
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "accounts/apply.html", {"form": form}, status=status)
    applicant = admitting.Applicant(**{name: form.cleaned_data[name] for name in _TEXTS})
    if refused is not None:
        admitting.apply_anew(
            admission=refused, user=user, applicant=applicant, papers=form.papers(), now=clock.now()
        )
    else:
        admitting.apply(user=user, applicant=applicant, papers=form.papers(), now=clock.now())
    messages.success(request, _("Your application is with the platform operator."))
    return redirect("admission")


@never_cache
@require_GET
@role_required(any_standing=True)
def admission(request: MemberRequest) -> HttpResponse:
    """Where one's own company stands, what happens next, what is asked."""
    held = _own(request)
    return _status_page(request, held, _answer_form(held))


@require_POST
@role_required(any_standing=True)
def answer(request: MemberRequest) -> HttpResponse:
    held = _own(request)
    form = _answer_form(held, request)
    if not form.is_valid():
        return _status_page(request, held, form, status=422)
    kind = form.cleaned_data["kind"]
    admitting.answer(
        admission=held,
        user=request.user,
        reason=form.cleaned_data["reason"],
        papers=[
            admitting.Paper(kind, name, content) for name, content in form.cleaned_data["papers"]
        ],
        stated=admitting.Stated(**{name: form.cleaned_data.get(name, "") for name in _STATED}),
        now=clock.now(),
    )
    messages.success(request, _("Your answer is with the platform operator."))
    return redirect("admission")


@require_GET
@role_required(any_standing=True)
def document(request: MemberRequest, pk: int) -> HttpResponse:
    """A document of one's own application; of another company it is not there."""
    found = get_object_or_404(AdmissionDocument, pk=pk, company=request.membership.company_id)
    return as_attachment(found)


def _own(request: MemberRequest) -> Admission:
    found = admissions.admission_of(request.membership.company_id)
    if found is None:
        raise Http404
    return found


def _refused(membership: Membership | None) -> Admission | None:
    """The application that its administrator may hand in anew."""
    if membership is None or not membership.is_admin:
        return None
    held = admissions.admission_of(membership.company_id)
    return held if held is not None and held.state == AdmissionState.REFUSED else None


def _answer_form(held: Admission, request: MemberRequest | None = None) -> AnswerForm:
    is_asked = held.state == AdmissionState.ASKED
    kind = CorrectingAnswerForm if is_asked else AnswerForm
    initial = {name: getattr(held.company, name) for name in _STATED}
    if request is None:
        return kind(initial=initial)
    return kind(request.POST, request.FILES, initial=initial)


def _status_page(
    request: MemberRequest, held: Admission, form: AnswerForm, status: int = 200
) -> HttpResponse:
    steps = admissions.steps(held)
    papers = admissions.documents(held)
    context = {
        "admission": held,
        "steps": steps,
        "last": steps[-1] if steps else None,
        "papers": papers,
        "is_asked": held.state == AdmissionState.ASKED,
        "may_answer": held.state in {AdmissionState.WAITING, AdmissionState.ASKED},
        "most": MAX_DOCUMENTS,
        "form": form,
    }
    return render(request, "accounts/admission.html", context, status=status)
