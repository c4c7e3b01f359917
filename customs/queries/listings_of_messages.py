"""The list of messages to the authority, for its page and its API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from catalog.queries import company_keys
from core.filters import Choices, Code, Days
from core.listing import Listing, Search, Total
from customs.models import MessageKind, MessageState

MESSAGES_OUT = Listing(
    name="messages-out",
    sorts={"number": "number", "queued_at": "queued_at"},
    default="-queued_at",
    search=Search(prefix=("number",), hint=_("Beginning of a message's number")),
    filters=(
        Choices(name="state", path="state", choices=MessageState.choices, label=_("State")),
        Choices(name="kind", path="kind", choices=MessageKind.choices, label=_("Kind")),
        Code(name="gateway", path="gateway__code", label=_("Gateway")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Days(name="queued", path="queued_at", label=_("Queued")),
    ),
    totals=(Total("elements", "count"),),
)
