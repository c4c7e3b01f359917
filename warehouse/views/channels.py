"""Pages of a seller's channels: the list, one channel, its secret, what came by it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core import clock
from core.errors import DomainError
from warehouse import services
from warehouse.channel_forms import ChannelFieldForm, ChannelForm, ChannelSecretForm
from warehouse.models import Channel, ChannelDelivery, ChannelKind
from warehouse.queries import channels as asked
from warehouse.rules import channels as rules
from warehouse.tables_channels import CHANNEL_DELIVERIES, CHANNELS, state_of
from web.forms import posted, tried
from web.lists import show_list
from web.once import keep_once, shown_once

#: Which field a refusal is about.
_BESIDE: dict[type[DomainError], str] = {
    rules.ChannelNameWrong: "name",
    rules.ChannelNameTaken: "name",
    rules.ShopsOwnSecret: "secret",
    rules.OurSecret: "secret",
}
#: What became of an order, in a word.
_BECAME = {
    "accepted": lambda: _("taken"),
    "already_taken": lambda: _("Taken before"),
    "refused": lambda: _("Refused"),
    "waiting": lambda: _("left alone: not paid, or cancelled since"),
    "cancelled": lambda: _("cancelled"),
    "not_cancelled": lambda: _("not cancelled"),
    "nothing_to_cancel": lambda: _("nothing to cancel"),
    "merged": lambda: _("merged before into"),
    "cancelled_before": lambda: _("cancelled by the shop before it came"),
}


#: Only for administrators of a seller.
_admins = role_required(Role.SELLER, admins_only=True)


def _channel(request: MemberRequest, uid: UUID) -> Channel:
    found = asked.channel_of(request.membership.company, uid)
    if found is None:
        raise Http404
    return found


def _delivery(request: MemberRequest, uid: str) -> ChannelDelivery:
    found = asked.delivery_of(request.membership.company, uid)
    if found is None:
        raise Http404
    return found


@_admins
@never_cache
@require_safe
def channels(request: MemberRequest) -> HttpResponse:
    return show_list(request, CHANNELS, "warehouse/channels.html")


@_admins
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """The secret is on the page that this leads to, once, and on no other."""
    form = ChannelForm(posted(request))
    made = None
    if form.is_bound and form.is_valid():
        add = partial(
            services.add_channel,
            seller=request.membership.company,
            **form.cleaned_data,
            created_by=request.user,
            now=clock.now(),
        )
        made = tried(form, add, beside=_BESIDE)
    if made is not None:
        return _to_secret(request, *made)
    context = {"form": form}
    status = 422 if form.is_bound else 200
    return render(request, "warehouse/channel_form.html", context, status=status)


@_admins
@never_cache
@require_safe
def channel(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The channel and what came by it, the newest first."""
    found = _channel(request, uid)
    context = {
        "channel": found,
        "address": _address(found),
        "state": state_of(found),
        "secret_form": ChannelSecretForm() if found.kind == ChannelKind.SHOPIFY else None,
        "rotates": bool(found.previous_until and found.previous_until > clock.now()),
    }
    return show_list(request, CHANNEL_DELIVERIES, "warehouse/channel.html", context, place=str(uid))


def _address(found: Channel) -> str:
    return f"{settings.BONDPOOL_PUBLIC_URL}{reverse('channel_orders', args=[found.uid])}"


@_admins
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: MemberRequest, uid: UUID) -> HttpResponse:
    found = _channel(request, uid)
    form = ChannelFieldForm(posted(request), initial={"buyer_id_field": found.buyer_id_field})
    if form.is_bound and form.is_valid():
        services.change_channel(channel=found, **form.cleaned_data)
        messages.success(request, _("The channel is changed; what was not taken can be retried."))
        return redirect("channel", uid=uid)
    context = {"form": form, "channel": found}
    status = 422 if form.is_bound else 200
    return render(request, "warehouse/channel_form.html", context, status=status)


@_admins
@never_cache
@require_POST
def rotate(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The secret is on the page that this leads to, once, and on no other."""
    found, form = _channel(request, uid), ChannelSecretForm(request.POST)
    told = form.cleaned_data["secret"] if form.is_valid() else ""
    return _to_secret(
        request,
        found,
        services.rotate_channel(channel=found, secret=told, now=clock.now()),
    )


def _to_secret(request: MemberRequest, channel: Channel, secret: str) -> HttpResponse:
    keep_once(request, f"channel {channel.uid}", secret)
    return redirect("channel_secret", uid=channel.uid)


@_admins
@never_cache
@require_safe
def secret(request: MemberRequest, uid: UUID) -> HttpResponse:
    """The secret that was just made; loaded again, the channel without it."""
    found = _channel(request, uid)
    text = shown_once(request, f"channel {found.uid}")
    if text is None:
        return redirect("channel", uid=uid)
    context = {
        "channel": found,
        "address": _address(found),
        "secret": text,
        "is_new": not found.previous_secret,
    }
    return render(request, "warehouse/channel_secret.html", context)


@_admins
@require_POST
def enable(request: MemberRequest, uid: UUID) -> HttpResponse:
    services.switch_channel(channel=_channel(request, uid), on=True)
    messages.success(request, _("What this shop sends is taken again."))
    return redirect("channel", uid=uid)


@_admins
@require_POST
def disable(request: MemberRequest, uid: UUID) -> HttpResponse:
    services.switch_channel(channel=_channel(request, uid), on=False)
    messages.success(request, _("Nothing more is taken from this shop for now."))
    return redirect("channel", uid=uid)


#: What is done with one channel, by the last part of its address.
STEPS = (
    ("change", change),
    ("secret", secret),
    ("rotate", rotate),
    ("enable", enable),
    ("disable", disable),
)


@_admins
@never_cache
@require_safe
def delivery(request: MemberRequest, uid: str) -> HttpResponse:
    """What became of each order in it; the orders themselves are not shown."""
    found = _delivery(request, uid)
    context = {
        "delivery": found,
        "outcomes": [
            {
                "told": told,
                "became": _BECAME[told["outcome"]](),
                "why": _(told["rule"]) if told.get("rule") else "",
            }
            for told in found.outcomes
        ],
        "may_retry": found.state in asked.TROUBLE,
    }
    return render(request, "warehouse/channel_delivery.html", context)


@_admins
@require_POST
def retry(request: MemberRequest, uid: str) -> HttpResponse:
    services.retry_delivery(delivery=_delivery(request, uid), now=clock.now())
    messages.success(request, _("It is tried again; what was taken before is known."))
    return redirect("channel_delivery", uid=uid)
