"""The talk with Valkey: how many codes may be looked up in a minute.

A window of one minute per address and one for all. The address is never stored: the counter's
name is a keyed digest that also holds the minute, and it is gone a minute later.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from datetime import datetime
from functools import cache
from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings
from django.http import HttpRequest

from core.clients import address_of

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


def may_look_up(request: HttpRequest, *, now: datetime) -> bool:
    """Whether this visitor, and all visitors together, are within the limits; counts the visit.

    A counter that cannot be reached closes no page: a consumer who scans must get an answer.
    """
    minute = int(now.timestamp()) // WINDOW_SECONDS
    own = hmac.digest(
        settings.SECRET_KEY.encode(), f"{minute} {address_of(request)}".encode(), hashlib.sha256
    ).hex()[:32]
    counters = {
        f"bondpool:lookups:{own}": settings.BONDPOOL_LOOKUPS_PER_ADDRESS,
        f"bondpool:lookups:all:{minute}": settings.BONDPOOL_LOOKUPS_PER_MINUTE,
    }
    client = _client()
    if client is None:
        return True
    try:
        with client.pipeline(transaction=False) as line:
            for name in counters:
                line.incr(name)
                line.expire(name, WINDOW_SECONDS)
            counted = line.execute()[::2]
    except redis.RedisError:
        log.warning("the counter of look-ups cannot be reached; nobody is turned away")
        return True
    return all(count <= most for count, most in zip(counted, counters.values(), strict=True))


@cache
def _client() -> redis.Redis | None:
    """The broker's Valkey, by Celery's own address of it; None where the broker is another."""
    parts = urlsplit(settings.CELERY_BROKER_URL)
    quick = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}
    if parts.scheme == "redis+socket":
        db = parse_qs(parts.query).get("virtual_host", ["0"])[0]
        return redis.Redis.from_url(f"unix://{parts.path}?db={db}", **quick)
    if parts.scheme in {"redis", "rediss"}:
        return redis.Redis.from_url(settings.CELERY_BROKER_URL, **quick)
    return None
