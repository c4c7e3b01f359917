"""The lists of notices, endpoints and messages, for pages and the API alike."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.filters import Choice, Choices, Days, Flag
from core.listing import Listing, Search, Sort, Total
from notices.catalogue import EVENTS, Group
from notices.models import DeliveryState


def _of_kind(kind: str) -> Q:
    codes = [code for code, event in EVENTS.items() if event.group == kind]
    return Q(notice__event__in=codes)


NOTICES = Listing(
    name="notices",
    sorts={"told_at": Sort("pk")},
    default="-told_at",
    search=Search(prefix=("notice__subject",), hint=_("Number it is about")),
    filters=(
        Choice(name="kind", choices=Group.choices, when=_of_kind, label=_("Kind")),
        Flag(name="read", when=Q(read_at__isnull=False), label=_("Read")),
        Days(name="told", path="notice__told_at", label=_("Told")),
    ),
)

WEBHOOKS = Listing(
    name="webhooks",
    sorts={"created_at": Sort("pk"), "url": "url"},
    default="created_at",
    search=Search(
        more=lambda words: Q(url__icontains=words) | Q(description__icontains=words),
        hint=_("Address or what for"),
    ),
    filters=(Flag(name="enabled", when=Q(is_enabled=True), label=_("On")),),
    totals=(Total("waiting", "waiting"), Total("failed", "failed")),
)

MESSAGES = Listing(
    name="webhook-messages",
    sorts={"created_at": Sort("pk"), "attempts": "attempts"},
    default="-created_at",
    search=Search(prefix=("uid", "event"), hint=_("Message id or event code")),
    filters=(
        Choices(name="state", path="state", choices=DeliveryState.choices, label=_("State")),
        Days(name="created", path="created_at", label=_("Made")),
    ),
)
