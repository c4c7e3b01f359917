"""The lists of notices, endpoints and messages as their pages and files show them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Role
from notices import queries
from notices.catalogue import EVENTS
from notices.catalogue.events import Group
from notices.models import NoticeCopy, WebhookDelivery, WebhookEndpoint
from notices.queries import listings
from web.tables import Column, Empty, Table, Viewer

_HOOKED = frozenset({Role.SELLER, Role.IMPORTER})


def _membership(viewer: Viewer) -> Membership:
    """Raises Http404 for who acts for the company no more."""
    found = Membership.objects.filter(user=viewer.user, company=viewer.company, role=viewer.role)
    mine = found.select_related("company").first()
    if mine is None:
        raise Http404
    return mine


def _notices(viewer: Viewer) -> QuerySet[NoticeCopy]:
    return queries.copies(_membership(viewer))


def _worded(rows: list[Any], viewer: Viewer) -> None:
    for row, one in zip(rows, queries.shown(rows, role=viewer.role), strict=True):
        row.says = one.says


def _group(copy: Any) -> str:
    event = EVENTS.get(copy.notice.event)
    return str(Group(event.group).label) if event else ""


NOTICES = Table(
    key="notices",
    scope="notices:read",
    title=_("Notices"),
    listing=listings.NOTICES,
    rows=_notices,
    attach=_worded,
    roles=frozenset(Role.values),
    named="notice.subject",
    columns=(
        Column(label=_("Notice"), value="says.title", template="notices/_cell_notice.html"),
        Column(label=_("Text"), value="says.text", on_page=False),
        Column(label=_("Kind"), value=_group),
        Column(label=_("Told"), value="notice.told_at", kind="moment", sort="told_at"),
        Column(label=_("Read"), value="read_at", kind="moment", on_page=False),
        Column(label="", template="notices/_cell_read.html"),
    ),
    empty=Empty(
        _("No notices yet"),
        _("When something happens to your rounds, goods, papers or payments, it is told here."),
        "bell",
        "notice_settings",
        _("Choose what reaches you"),
    ),
)


def _endpoints(viewer: Viewer) -> QuerySet[WebhookEndpoint]:
    if not queries.may_manage(_membership(viewer)):
        raise Http404
    return queries.endpoints(viewer.company)


def state_of(endpoint: Any) -> str:
    """How an endpoint does, in a word."""
    if not endpoint.is_enabled:
        return gettext("switched off")
    return pgettext("webhook", "failing") if endpoint.failing_since else pgettext("webhook", "on")


WEBHOOKS = Table(
    key="webhooks",
    scope="webhooks:read",
    title=_("Webhooks"),
    listing=listings.WEBHOOKS,
    rows=_endpoints,
    roles=_HOOKED,
    named="url",
    columns=(
        Column(
            label=_("Address"),
            value="url",
            note="description",
            link=lambda one: reverse("webhook", args=[one.uid]),
            sort="url",
        ),
        Column(label=_("What for"), value="description", on_page=False),
        Column(label=_("State"), value=state_of, template="notices/_cell_endpoint.html"),
        Column(label=_("Events"), value=lambda one: len(one.events), kind="qty"),
        Column(label=_("Added"), value="created_at", kind="moment", sort="created_at"),
        Column(label=_("Waiting"), value="waiting", kind="qty", total="waiting"),
        Column(label=_("Failed"), value="failed", kind="qty", total="failed"),
    ),
    empty=Empty(
        _("No endpoints yet"),
        _(
            "Add the address of your own system; it is told when stock arrives, orders are taken"
            " or lists are drawn."
        ),
        "webhook",
        "webhook_new",
        _("Add an endpoint"),
    ),
)


def event_label(code: str) -> Any:
    return EVENTS[code].label if code in EVENTS else _("Test message")


def _messages(viewer: Viewer, uid: str) -> QuerySet[WebhookDelivery]:
    try:
        endpoint = queries.endpoint_of(viewer.company, UUID(uid))
    except ValueError:
        raise Http404 from None
    if endpoint is None or not queries.may_manage(_membership(viewer)):
        raise Http404
    return queries.deliveries(endpoint)


MESSAGES = Table(
    key="webhook-messages",
    scope="webhooks:read",
    title=_("Messages of an endpoint"),
    listing=listings.MESSAGES,
    rows=_messages,
    within="endpoint",
    roles=_HOOKED,
    named="uid",
    is_moving=lambda one: one.state == "sending",
    columns=(
        Column(
            label=_("Message"),
            value="uid",
            kind="number",
            note="created_at",
            link=lambda one: reverse("webhook_delivery", args=[one.uid]),
            sort="created_at",
            template="notices/_cell_message.html",
        ),
        Column(label=_("Made"), value="created_at", kind="moment", on_page=False),
        Column(label=_("Event"), value=lambda one: str(event_label(one.event)), note="event"),
        Column(label=_("Event code"), value="event", kind="number", on_page=False),
        Column(
            label=_("State"), value="state", kind="state", template="notices/_cell_delivery.html"
        ),
        Column(label=_("Calls"), value="attempts", kind="qty", sort="attempts"),
        Column(label=_("Answer"), value="status_code", kind="number", note="error"),
        Column(label=_("Error"), value="error", on_page=False),
        Column(
            label=pgettext_lazy("delivery", "Next"),
            value=lambda one: one.due_at if one.state == "pending" else None,
            kind="moment",
        ),
    ),
    empty=Empty(
        _("Nothing was sent yet"),
        _("Send a test to see whether your system answers."),
        "send",
    ),
)

TABLES = (NOTICES, WEBHOOKS, MESSAGES)
