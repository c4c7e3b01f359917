"""The lists of channels and of what came by them, as their pages show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role
from warehouse.models import Channel, ChannelDelivery
from warehouse.queries import channels as asked
from warehouse.queries import listings_of_channels as listings
from web.tables import Column, Empty, Table, Viewer

_SELLER = frozenset({Role.SELLER})


def _demand(viewer: Viewer) -> None:
    """Raises Http404 for who is no administrator of the seller."""
    mine = Membership.objects.filter(user=viewer.user, company=viewer.company, role=viewer.role)
    found = mine.first()
    if found is None or not asked.may_manage(found):
        raise Http404


def _channels(viewer: Viewer) -> QuerySet[Channel]:
    _demand(viewer)
    return asked.channels(viewer.company)


def state_of(channel: Any) -> str:
    return pgettext("channel", "on") if channel.is_active else gettext("switched off")


CHANNELS = Table(
    key="channels",
    scope="channels:read",
    title=_("Channels"),
    listing=listings.CHANNELS,
    rows=_channels,
    roles=_SELLER,
    named="name",
    columns=(
        Column(
            label=pgettext_lazy("of a thing", "Name"),
            value="name",
            link=lambda one: reverse("channel", args=[one.uid]),
            sort="name",
        ),
        Column(label=_("Kind"), value="kind", kind="choice"),
        Column(label=_("State"), value=state_of),
        Column(label=_("Added"), value="created_at", kind="moment", sort="created_at"),
        Column(label=_("To be worked off"), value="waiting", kind="qty", total="waiting"),
        Column(label=_("Not taken"), value="trouble", kind="qty", total="trouble"),
    ),
    empty=Empty(
        _("No channel yet"),
        _("Add a shop, and its orders come in by themselves."),
        "plug",
        "channel_new",
        _("Add a channel"),
    ),
)


def _deliveries(viewer: Viewer, uid: str) -> QuerySet[ChannelDelivery]:
    _demand(viewer)
    try:
        channel = asked.channel_of(viewer.company, UUID(uid))
    except ValueError:
        raise Http404 from None
    if channel is None:
        raise Http404
    return asked.deliveries(channel)


CHANNEL_DELIVERIES = Table(
    key="channel-deliveries",
    scope="channels:read",
    title=_("What a shop sent"),
    listing=listings.CHANNEL_DELIVERIES,
    rows=_deliveries,
    within="channel",
    roles=_SELLER,
    named="uid",
    columns=(
        Column(
            label=_("Received"),
            value="received_at",
            kind="moment",
            link=lambda one: reverse("channel_delivery", args=[one.uid]),
        ),
        Column(label=_("Retail orders"), value=lambda one: ", ".join(one.order_numbers[:3])),
        Column(label=_("Topic"), value="topic", kind="number"),
        Column(label=_("Status"), value="state", kind="choice"),
        Column(label=_("Worked off"), value="worked_at", kind="moment", sort="worked_at"),
        Column(label=_("Delivery"), value="delivery_id", kind="number", on_page=False),
    ),
    empty=Empty(
        _("Nothing came yet"),
        _("Put the address and the secret into the shop's settings; its orders stand here then."),
        "inbox",
    ),
)

TABLES = (CHANNELS, CHANNEL_DELIVERIES)
