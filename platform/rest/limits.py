"""The talk with Valkey: how many requests one caller may send in a minute.

All workers count in one place, by one atomic step of the broker's Valkey; the window begins
with a caller's first request and lasts a minute. A counter that cannot be reached turns nobody
away: it protects the house from haste, not its secrets, and a seller's orders must go through
while the broker starts again. (Refused tokens are counted too, so that guessing is slow; with
190 random bits it is hopeless anyway.)
"""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, urlsplit

import redis
from django.conf import settings
from django.http import HttpResponse

from rest.refusals import TooMany

log = logging.getLogger(__name__)

WINDOW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a caller has left in its window; less than nothing for a request too many."""

    limit: int
    remaining: int
    seconds: int

    def check(self) -> None:
        """Raises TooMany for the request after the last that is allowed."""
        if self.remaining < 0:
            raise TooMany(limit=self.limit, retry_after=self.seconds)

    def put_on(self, answer: HttpResponse) -> None:
        """Headers as the IETF's draft on rate limits has them."""
        answer["RateLimit-Policy"] = f'"minute";q={self.limit};w={WINDOW_SECONDS}'
        answer["RateLimit"] = f'"minute";r={max(0, self.remaining)};t={self.seconds}'


def count(name: str, limit: int) -> Allowance:
    """Count one request."""
    found = _counted(name, add=1)
    if found is None:
        return Allowance(limit, limit, WINDOW_SECONDS)
    used, seconds = found
    return Allowance(limit, limit - used, seconds)


def count_failure(request_address: str) -> None:
    """A refused token from this address."""
    _counted(_hidden("failure", request_address), add=1)


def check_failures(request_address: str) -> None:
    """Raises TooMany when this address had too many tokens refused."""
    found = _counted(_hidden("failure", request_address), add=0)
    if found and found[0] >= settings.BONDPOOL_API_FAILURES:
        raise TooMany(limit=settings.BONDPOOL_API_FAILURES, retry_after=found[1])


def _hidden(*parts: str) -> str:
    """Addresses are not stored: the counter's name is a keyed digest."""
    told = "\x00".join(parts).encode()
    return hmac.digest(settings.SECRET_KEY.encode(), told, hashlib.sha256).hex()[:32]


def _counted(name: str, *, add: int) -> tuple[int, int] | None:
    client = _client(settings.CELERY_BROKER_URL)
    if client is None:
        return None
    key = f"bondpool:api:{name}"
    try:
        with client.pipeline(transaction=True) as line:
            if add:
                line.incrby(key, add)
                line.expire(key, WINDOW_SECONDS, nx=True)
            else:
                line.get(key)
            line.ttl(key)
            told = line.execute()
    except redis.RedisError:
        log.warning("the API's counter cannot be reached; nobody is turned away")
        return None
    return int(told[0] or 0), max(1, int(told[-1]))


def can_count(address: str) -> bool:
    """Whether the broker at Celery's address is one that counts."""
    return _client(address) is not None


@cache
def _client(address: str) -> redis.Redis | None:
    """The broker's Valkey, by Celery's own address of it; None where the broker is another."""
    parts = urlsplit(address)
    quick = {"socket_timeout": 0.25, "socket_connect_timeout": 0.25}
    if parts.scheme == "redis+socket":
        db = parse_qs(parts.query).get("virtual_host", ["0"])[0]
        return redis.Redis.from_url(f"unix://{parts.path}?db={db}", **quick)
    if parts.scheme in {"redis", "rediss"}:
        return redis.Redis.from_url(address, **quick)
    return None
