"""The messages to the authority as pages and files show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Role
from customs import services
from customs.models import MessageState
from customs.queries import listings_of_messages as listings
from customs.queries.messages_out import messages_of
from web.tables import Action, Column, Empty, Table, Viewer

_SENDERS = frozenset({Role.IMPORTER, Role.OPERATOR})


def _retry(row: Any, viewer: Viewer, now: datetime) -> None:
    services.retry_message(message=row, by=viewer.user, now=now)


MESSAGES_OUT = Table(
    key="messages-out",
    scope="declarations:read",
    title=_("Messages to customs"),
    listing=listings.MESSAGES_OUT,
    rows=lambda viewer: messages_of(),
    roles=_SENDERS,
    is_moving=lambda one: one.state in {MessageState.QUEUED, MessageState.SENDING},
    columns=(
        Column(
            label=pgettext_lazy("customs", "Message"),
            value="number",
            kind="number",
            note=lambda one: one.get_kind_display(),
            link=lambda one: reverse("message_out", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Kind"), value="kind", kind="choice", on_page=False),
        Column(
            label=_("State"),
            value="state",
            kind="choice",
            template="customs/_cell_message_state.html",
        ),
        Column(label=_("Gateway"), value="gateway.code", note="company.name"),
        Column(label=_("Elements"), value="count", kind="qty", total="elements"),
        Column(label=_("Attempts"), value="attempts", kind="qty"),
        Column(label=_("Queued"), value="queued_at", kind="moment", sort="queued_at"),
        Column(label=pgettext_lazy("customs message", "Sent"), value="sent_at", kind="moment"),
    ),
    empty=Empty(
        _("No messages yet"),
        _("What is told to customs stands here, from the queue to its answer."),
        "mail-forward",
    ),
    actions=(
        Action(
            name="retry",
            scope="declarations:write",
            label=_("Try again"),
            icon="refresh",
            roles=_SENDERS,
            each=_retry,
        ),
    ),
    may_pick=lambda one: one.state == MessageState.FAILED,
)

TABLES = (MESSAGES_OUT,)
