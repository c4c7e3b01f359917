"""A company's webhook endpoints, what was sent to them, and what came back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, time
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core import clock
from core.errors import DomainError
from notices import queries, services
from notices.forms import EndpointForm, ReplayForm
from notices.models import WebhookDelivery, WebhookEndpoint
from notices.rules import EndpointAddressWrong, EndpointNotPublic, NoEventsChosen
from notices.tables import MESSAGES, WEBHOOKS, event_label
from web.forms import posted, tried
from web.lists import show_list
from web.once import keep_once, shown_once

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    EndpointAddressWrong: "url",
    EndpointNotPublic: "url",
    NoEventsChosen: "events",
}


def _owners(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Only for administrators of a seller or an importer."""

    @wraps(view)
    def guarded(request: MemberRequest, *args: Any, **words: Any) -> HttpResponse:
        if not queries.may_manage(request.membership):
            raise Http404
        return view(request, *args, **words)

    return role_required(Role.SELLER, Role.IMPORTER)(guarded)


def _endpoint(request: MemberRequest, uid: UUID) -> WebhookEndpoint:
    found = queries.endpoint_of(request.membership.company, uid)
    if found is None:
        raise Http404
    return found


def _delivery(request: MemberRequest, uid: str) -> WebhookDelivery:
    found = queries.delivery_of(request.membership.company, uid)
    if found is None:
        raise Http404
    return found


@_owners
@never_cache
@require_safe
def endpoints(request: MemberRequest) -> HttpResponse:
    return show_list(request, WEBHOOKS, "notices/webhooks.html")


@_owners
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """The secret is on the page that this leads to, once, and on no other."""
    role = request.membership.role
    form = EndpointForm(posted(request), role=role)
    made = None
    if form.is_bound and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("url", "description", "events")}
        add = partial(
            services.add_endpoint,
            company=request.membership.company,
            role=role,
            **told,
            created_by=request.user,
            now=clock.now(),
        )
        made = tried(form, add, beside=_BESIDE)
    if made is not None:
        endpoint, secret = made
        return _to_secret(request, endpoint, secret)
    context = {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "notices/webhook_form.html", context, status=status)


@_owners
@never_cache
@require_safe
def endpoint(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The endpoint and its messages, the newest first."""
    found = _endpoint(request, uid)
    context = {
        "endpoint": found,
        "events": [event_label(code) for code in found.events],
        "replay_form": ReplayForm(initial={"since": timezone.localdate(clock.now())}),
        "rotates": bool(found.previous_until and found.previous_until > clock.now()),
    }
    return show_list(request, MESSAGES, "notices/webhook.html", context, place=str(uid))


@_owners
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: UUID) -> HttpResponse:
    found, role = _endpoint(request, uid), request.membership.role
    now_set: dict[str, Any] = {
        "url": found.url,
        "description": found.description,
        "events": found.events,
    }
    initial = {**now_set, "seen": services.seen_of(**now_set)}
    form = EndpointForm(posted(request), role=role, initial=initial)
    if request.method == "POST" and form.is_valid():
        change = partial(services.change_endpoint, endpoint=found, role=role, **form.cleaned_data)
        if tried(form, change, beside=_BESIDE) is not None:
            messages.success(request, _("The endpoint is changed."))
            return redirect("webhook", uid=uid)
    context = {"form": form, "endpoint": found}
    status = 422 if request.method == "POST" else 200
    return render(request, "notices/webhook_form.html", context, status=status)


@_owners
@never_cache
@require_POST
def rotate(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The secret is on the page that this leads to, once, and on no other."""
    found = _endpoint(request, uid)
    return _to_secret(request, found, services.rotate_secret(endpoint=found, now=clock.now()))


def _to_secret(request: MemberRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
    keep_once(request, f"webhook {endpoint.uid}", secret)
    return redirect("webhook_secret", uid=endpoint.uid)


@_owners
@never_cache
@require_safe
def secret(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The secret that was just made; loaded again, the endpoint without it."""
    found = _endpoint(request, uid)
    text = shown_once(request, f"webhook {found.uid}")
    if text is None:
        return redirect("webhook", uid=uid)
    context = {"endpoint": found, "secret": text, "is_new": not found.previous_secret}
    return render(request, "notices/webhook_secret.html", context)


@_owners
@require_POST
def disable(request: MemberRequest, uid: UUID) -> HttpResponse:
    services.disable_endpoint(endpoint=_endpoint(request, uid), now=clock.now())
    messages.success(request, _("Nothing is sent to this endpoint for now."))
    return redirect("webhook", uid=uid)


@_owners
@require_POST
def enable(request: MemberRequest, uid: UUID) -> HttpResponse:
    services.enable_endpoint(endpoint=_endpoint(request, uid))
    messages.success(request, _("Messages are sent to this endpoint again."))
    return redirect("webhook", uid=uid)


@_owners
@require_POST
def end(request: MemberRequest, uid: UUID) -> HttpResponse:
    services.end_endpoint(endpoint=_endpoint(request, uid), now=clock.now())
    messages.success(request, _("The endpoint is removed; its messages can still be read here."))
    return redirect("webhook", uid=uid)


@_owners
@require_POST
def ping(request: MemberRequest, uid: UUID) -> HttpResponse:
    sent = services.ping(endpoint=_endpoint(request, uid), now=clock.now())
    return redirect("webhook_delivery", uid=sent.uid)


@_owners
@require_POST
def replay_failed(request: MemberRequest, uid: UUID) -> HttpResponse:
    """Everything that failed since a day."""
    found, form = _endpoint(request, uid), ReplayForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say since which day."))
        return redirect("webhook", uid=uid)
    since = datetime.combine(form.cleaned_data["since"], time(), timezone.get_default_timezone())
    count = services.replay_failed(endpoint=found, since=since, now=clock.now())
    told = ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count)
    messages.success(request, told % {"n": count})
    return redirect("webhook", uid=uid)


@_owners
@never_cache
@require_safe
def delivery(request: MemberRequest, uid: str) -> HttpResponse:
    """What was sent, byte for byte as it was signed, and what came back."""
    found = _delivery(request, uid)
    context = {
        "delivery": found,
        "label": event_label(found.event),
        "body": json.dumps(json.loads(found.body), ensure_ascii=False, indent=2),
    }
    return render(request, "notices/webhook_delivery.html", context)


@_owners
@require_POST
def replay(request: MemberRequest, uid: str) -> HttpResponse:
    services.replay(delivery=_delivery(request, uid), now=clock.now())
    messages.success(request, _("The message is sent again, under the same id."))
    return redirect("webhook_delivery", uid=uid)
