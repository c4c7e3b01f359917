"""An operator sees to somebody's account, whichever companies the person acts for, or none."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import MemberRequest, role_required, to_confirm_first
from accounts.forms import AccountForm
from accounts.models import Role, User
from accounts.queries.people import companies_of, newest_events_of, persons_there
from accounts.services import closing
from accounts.tables import PERSONS
from accounts.trail import agent_of, client_address
from core.clock import now
from web.lists import show_list

_ACTS = {
    "close": (closing.close_account, _lazy("The account of %(name)s is closed.")),
    "reopen": (closing.reopen_account, _lazy("The account of %(name)s is open again.")),
    "reset": (closing.reset_second_factor, _lazy("The second factor of %(name)s is reset.")),
}


@require_safe
@role_required(Role.OPERATOR)
def persons(request: MemberRequest) -> HttpResponse:
    """Everybody who can sign in, to be found by the e-mail."""
    return show_list(request, PERSONS, "accounts/persons.html")


@require_safe
@role_required(Role.OPERATOR)
def person(request: MemberRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(persons_there(), pk=pk)
    context = {
        "person": found,
        "members": companies_of(found),
        "events": newest_events_of(found),
        "account_form": AccountForm(),
        "yes_or_no": f"{_('yes')},{_('no')}",
    }
    return render(request, "accounts/person.html", context)


@require_POST
@role_required(Role.OPERATOR)
def change(request: MemberRequest, pk: int) -> HttpResponseBase:
    return act_on(request, get_object_or_404(User, pk=pk)) or redirect("person", pk=pk)


def act_on(request: MemberRequest, person: User) -> HttpResponseBase | None:
    """Close or reopen the account, or reset a lost second factor; or the way to confirm first."""
    if way := to_confirm_first(request):
        return way
    form = AccountForm(request.POST)
    if not form.is_valid():
        raise Http404
    act, said = _ACTS[form.cleaned_data["act"]]
    act(
        person=person,
        by=closing.Operator(request.user, client_address(request), agent_of(request)),
        reason=form.cleaned_data["reason"],
        now=now(),
    )
    messages.success(request, said % {"name": person.name})
    return None
