"""The lists of notices, endpoints and messages, for pages and the API alike."""

from __future__ import annotations

from django.db.models import Q

from core.filters import Choice, Choices
from core.listing import Listing, Sort
from notices.catalogue import EVENTS, Group
from notices.models import DeliveryState


def _of_kind(kind: str) -> Q:
    codes = [code for code, event in EVENTS.items() if event.group == kind]
    return Q(notice__event__in=codes)


NOTICES = Listing(
    name="notices",
    sorts={"told_at": Sort("pk")},
    default="-told_at",
    filters=(
        Choice(name="kind", choices=Group.choices, when=_of_kind),
        Choice(
            name="read",
            choices=(("yes", "yes"), ("no", "no")),
            when=lambda told: Q(read_at__isnull=told == "no"),
        ),
    ),
)

WEBHOOKS = Listing(name="webhooks", sorts={"created_at": Sort("pk")}, default="created_at")

MESSAGES = Listing(
    name="webhook-messages",
    sorts={"created_at": Sort("pk")},
    default="-created_at",
    filters=(Choices(name="state", path="state", choices=DeliveryState.choices),),
)
