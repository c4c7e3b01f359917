"""Customs' post: messages on their way to the authority, and the ways they take."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core.clock import now
from customs import services
from customs.forms_messages import GatewayForm, NewGatewayForm, as_it_is
from customs.models import Gateway
from customs.queries import messages_out as queries
from customs.rules import gateways as rules
from customs.services.gateways import change_gateway, open_gateway
from customs.tables_messages import MESSAGES_OUT
from web.forms import posted, tried
from web.lists import show_list

_senders = role_required(Role.IMPORTER, Role.OPERATOR)
_admins = role_required(Role.IMPORTER, admins_only=True)
_BESIDE = {
    rules.GatewayCodeWrong: "code",
    rules.GatewayCodeTaken: "code",
    rules.ReceiversWrong: "receiver_ids",
    rules.RateWrong: "per_minute",
}


@require_GET
@_senders
def messages_out(request: MemberRequest) -> HttpResponse:
    context = {"gateways": list(queries.gateways_of())}
    return show_list(request, MESSAGES_OUT, "customs/messages_out.html", context)


@require_GET
@_senders
def message_out(request: MemberRequest, number: str) -> HttpResponse:
    found = queries.message_out(number)
    context = {
        "message": found,
        "elements": list(queries.elements_of(found)),
        "turn": queries.turn_of(found, now=timezone.now()),
        "retries": list(found.retries.select_related("retried_by").order_by("-pk")),
    }
    return render(request, "customs/message_out.html", context)


@require_POST
@_senders
def retry(request: MemberRequest, number: str) -> HttpResponse:
    """Let a message be tried again that could not be sent."""
    found = queries.message_out(number)
    services.retry_message(message=found, by=request.user, now=now())
    messages.success(request, _("The message is queued again, under its number."))
    return redirect("message_out", number=number)


@require_GET
@_senders
def gateways(request: MemberRequest) -> HttpResponse:
    context = {
        "gateways": list(queries.gateways_of()),
        "may_open": request.membership.role == Role.IMPORTER and request.membership.is_admin,
    }
    return render(request, "customs/gateways.html", context)


@require_http_methods(["GET", "POST"])
@_admins
def new_gateway(request: MemberRequest) -> HttpResponse:
    company = request.membership.company
    form = NewGatewayForm(
        posted(request), initial={"cop_code": company.customs_code, "cop_name": company.name_zh}
    )
    if request.method == "POST" and form.is_valid():
        act = partial(
            open_gateway,
            company=company,
            code=form.cleaned_data["code"],
            told=form.told,
            now=now(),
        )
        made = tried(form, act, beside=_BESIDE)
        if made is not None:
            messages.success(request, _("The gateway is open."))
            return redirect("gateway", code=made.code)
    context = {"form": form, "gateway": None}
    return render(request, "customs/gateway.html", context, status=422 if form.errors else 200)


@require_GET
@_senders
def gateway(request: MemberRequest, code: str) -> HttpResponse:
    return _shown(request, queries.gateway_of(code), None)


def _shown(request: MemberRequest, found: Gateway, form: GatewayForm | None) -> HttpResponse:
    context = {
        "form": form or GatewayForm(initial=as_it_is(found)),
        "gateway": found,
        "may_change": request.membership.role == Role.IMPORTER and request.membership.is_admin,
    }
    return render(request, "customs/gateway.html", context, status=422 if form else 200)


@require_POST
@_admins
def change(request: MemberRequest, code: str) -> HttpResponse:
    """What is said of a gateway, by an admin of its company."""
    found, form = queries.gateway_of(code), GatewayForm(request.POST)
    if form.is_valid():
        act = partial(change_gateway, gateway=found, told=form.told)
        if tried(form, act, beside=_BESIDE) is not None:
            messages.success(request, _("The gateway is changed."))
            return redirect("gateway", code=code)
    return _shown(request, found, form)


PAGES = (
    ("messages/", messages_out, "messages_out"),
    ("messages/<str:number>/", message_out, "message_out"),
    ("messages/<str:number>/retry/", retry, "message_retry"),
    ("gateways/", gateways, "gateways"),
    ("gateways/new/", new_gateway, "gateway_new"),
    ("gateways/<slug:code>/", gateway, "gateway"),
    ("gateways/<slug:code>/change/", change, "gateway_change"),
)
