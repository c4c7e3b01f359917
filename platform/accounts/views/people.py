"""The people of a company: its admins see to them, and the platform's operators for any."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, role_required, to_confirm_first
from accounts.forms import AcceptForm, AccountForm, InvitationForm, RoleForm
from accounts.middleware import SESSION_KEY
from accounts.models import Company, CompanyStatus, Invitation, Membership, Role, User
from accounts.queries import (
    invitation_of,
    is_too_old,
    managed_company,
    members_of,
    open_invitations_of,
    unsent_of,
)
from accounts.queries.people import newest_events_of
from accounts.rules import roles_of
from accounts.services import people as services
from accounts.tables import PEOPLE
from accounts.views.persons import act_on
from core.clock import now
from web.forms import posted
from web.lists import show_list


@require_safe
@role_required(applicants_too=True)
def people(request: MemberRequest) -> HttpResponse:
    return _page(request, _company(request, request.membership.company.code))


@require_safe
@role_required(applicants_too=True)
def people_of(request: MemberRequest, code: str) -> HttpResponse:
    return _page(request, _company(request, code))


@require_safe
@role_required(applicants_too=True)
def member(request: MemberRequest, code: str, pk: int) -> HttpResponse:
    """One person of a company; its sign-ins are for an operator alone."""
    company = _company(request, code)
    found = get_object_or_404(members_of(company), pk=pk)
    is_operator = request.membership.role == Role.OPERATOR
    context = {
        "company": company,
        "member": found,
        "events": newest_events_of(found.user) if is_operator else (),
        "account_form": AccountForm() if is_operator else None,
        "yes_or_no": f"{_('yes')},{_('no')}",
    }
    return render(request, "accounts/member.html", context)


@require_POST
@role_required(applicants_too=True)
def invite(request: MemberRequest, code: str) -> HttpResponseBase:
    company = _company(request, code)
    if way := to_confirm_first(request):
        return way
    form = InvitationForm(request.POST, roles=_roles(company))
    if not form.is_valid():
        return _page(request, company, form=form, status=422)
    services.invite(
        company=company,
        email=form.cleaned_data["email"],
        role=Role(form.cleaned_data["role"]),
        is_admin=form.cleaned_data["is_admin"],
        by=request.user,
        now=now(),
    )
    messages.success(
        request, _("%(email)s is invited.") % {"email": form.cleaned_data["email"].lower()}
    )
    return redirect("people_of", code=company.code)


@require_POST
@role_required(applicants_too=True)
def change(request: MemberRequest, code: str, pk: int) -> HttpResponseBase:
    company = _company(request, code)
    member, form = _member(company, pk), RoleForm(request.POST)
    if way := to_confirm_first(request):
        return way
    if not form.is_valid():
        messages.error(request, _("Choose one of the roles; nothing was changed."))
        return _page(request, company, status=422)
    services.change_role(
        company=company,
        member=member,
        role=Role(form.cleaned_data["role"]),
        is_admin=form.cleaned_data["is_admin"],
        by=request.user,
        seen=form.cleaned_data["seen"],
    )
    messages.success(request, _("The role is changed."))
    return redirect("people_of", code=company.code)


@require_POST
@role_required(applicants_too=True)
def remove(request: MemberRequest, code: str, pk: int) -> HttpResponseBase:
    company = _company(request, code)
    member = _member(company, pk)
    if way := to_confirm_first(request):
        return way
    services.remove(company=company, member=member, now=now())
    messages.success(
        request, _("%(name)s acts for the company no more.") % {"name": member.user.name}
    )
    if member.user_id == request.user.pk:
        return redirect("home")
    return redirect("people_of", code=company.code)


@require_POST
@role_required(Role.OPERATOR)
def account(request: MemberRequest, code: str, pk: int) -> HttpResponseBase:
    """An operator closes or reopens somebody's account, or resets a lost second factor."""
    company = _company(request, code)
    way = act_on(request, _member(company, pk).user)
    return way or redirect("member", code=company.code, pk=pk)


@require_POST
@role_required(applicants_too=True)
def send_again(request: MemberRequest, code: str, uid: UUID) -> HttpResponseBase:
    company = _company(request, code)
    invitation = _invitation(company, uid)
    if way := to_confirm_first(request):
        return way
    services.send_again(company=company, invitation=invitation, by=request.user, now=now())
    messages.success(request, _("%(email)s is invited.") % {"email": invitation.email})
    return redirect("people_of", code=company.code)


@require_POST
@role_required(applicants_too=True)
def revoke(request: MemberRequest, code: str, uid: UUID) -> HttpResponseBase:
    company = _company(request, code)
    invitation = _invitation(company, uid)
    if way := to_confirm_first(request):
        return way
    services.revoke(company=company, invitation=invitation, now=now())
    messages.success(request, _("The invitation is taken back."))
    return redirect("people_of", code=company.code)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: who is new makes an account here, who is not signs in and accepts."""
    request.refused_page = "accounts/invitation_refused.html"  # type: ignore[attr-defined]
    asked = services.look_at(token=token, now=now())
    context: dict[str, Any] = {
        "asked": asked,
        "mine": request.user.pk == getattr(asked.person, "pk", 0),
    }
    signed_in = request.user if isinstance(request.user, User) else None
    if asked.person is not None or signed_in is not None:
        if request.method == "POST":
            member = services.accept(token=token, user=signed_in, now=now())
            request.session[SESSION_KEY] = member.pk
            messages.success(
                request, _("You now act for %(company)s.") % {"company": asked.company.name}
            )
            return redirect("home")
        return render(request, "accounts/invitation.html", context)
    form = AcceptForm(posted(request))
    if request.method == "POST" and form.is_valid() and _is_good(form, asked.invitation.email):
        member = services.accept(
            token=token,
            user=None,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"],
            language=get_language() or settings.LANGUAGE_CODE,
            now=now(),
        )
        get_adapter().login(request, member.user)
        return redirect("home")
    return render(
        request,
        "accounts/invitation.html",
        {**context, "form": form},
        status=422 if form.errors else 200,
    )


def _is_good(form: AcceptForm, email: str) -> bool:
    try:
        validate_password(
            form.cleaned_data["password"], User(email=email, name=form.cleaned_data["name"])
        )
    except ValidationError as error:
        form.add_error("password", error)
        return False
    return True


def _company(request: MemberRequest, code: str) -> Company:
    """One's own when one may manage its people, any for an operator; anything else is not there."""
    mine = request.membership
    found = managed_company(mine.user, mine.company, mine.role, code)
    if found is None:
        raise Http404
    return found


def _member(company: Company, pk: int) -> Membership:
    found = Membership.objects.filter(company=company, pk=pk).select_related("user").first()
    if found is None:
        raise Http404
    return found


def _invitation(company: Company, uid: UUID) -> Invitation:
    found = invitation_of(company, uid)
    if found is None:
        raise Http404
    return found


def _roles(company: Company) -> list[Role]:
    fitting = roles_of(company.kinds)
    return [role for role in Role if role.value in fitting]


def _page(
    request: MemberRequest,
    company: Company,
    *,
    form: InvitationForm | None = None,
    status: int = 200,
) -> HttpResponse:
    roles, invitations = _roles(company), open_invitations_of(company)
    unsent = unsent_of(invitations)
    context = {
        "company": company,
        "invitations": [
            (one, is_too_old(one, now=now()), str(one.uid) in unsent) for one in invitations
        ],
        "waits": company.status == CompanyStatus.APPLICANT,
        "form": form or InvitationForm(roles=roles),
        "roles": roles,
    }
    return show_list(
        request, PEOPLE, "accounts/people.html", context, place=company.code, status=status
    )
