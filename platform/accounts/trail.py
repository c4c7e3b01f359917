"""What happens at the gate goes into the trail: who came in or tried to, and whose keys changed.

allauth's adapter and the lock tell it here; nothing of a password or a code is kept.
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from accounts.models import AccountEvent, AccountEventKind, User
from core.clients import address_of
from core.clock import now

#: As long as the columns that keep them.
LONGEST_EMAIL = 254
_LONGEST_AGENT = 200


def client_address(request: HttpRequest) -> str:
    """The visitor's address as the tables keep it: what is none becomes the unspecified one."""
    told = address_of(request)
    try:
        return str(ipaddress.ip_address(told))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - an address that nobody has, not one to listen on


def agent_of(request: HttpRequest) -> str:
    """The browser as it calls itself, as the tables keep it."""
    return request.headers.get("User-Agent", "").replace("\x00", "")[:_LONGEST_AGENT]


def note(
    request: HttpRequest, kind: AccountEventKind, *, email: str, user: User | None = None
) -> None:
    """Keep one event; without ``user``, whose e-mail it is is looked up."""
    told = email.replace("\x00", "").strip().lower()[:LONGEST_EMAIL]
    AccountEvent.objects.create(
        kind=kind,
        user=user or User.objects.filter(email=told).first(),
        email=told,
        address=client_address(request),
        agent=agent_of(request),
        happened_at=now(),
    )
