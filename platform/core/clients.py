"""From where a request comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's address; behind ``BONDPOOL_PROXIES`` proxies, as the first of them saw it."""
    hops = settings.BONDPOOL_PROXIES
    # Only our own proxies' entries, counted from the right, are to be believed.
    seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if hops and len(seen) >= hops and seen[-hops]:
        return seen[-hops]
    return str(request.META.get("REMOTE_ADDR", ""))
