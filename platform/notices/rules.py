"""How a webhook is signed, when it is sent again, and where it may go."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from core.errors import DomainError, InputError

T = TypeVar("T")

#: Things of one act in one message.
PAGE = 500
SECRET_PREFIX = "whsec_"  # noqa: S105 - how the Standard Webhooks specification marks one
#: The first call and ten more, three days and some hours in all.
MOST_ATTEMPTS = 11
_TRANSLATED = [ipaddress.ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48")]
_FIRST_WAIT, _LONGEST_WAIT = 30, 24 * 3600
#: Calls of one message that fail before its owners are told.
TOLD_AFTER = 5
#: How long an endpoint is left alone after a call that failed.
REST = timedelta(seconds=30)
#: An endpoint that took nothing for so long is switched off when a message is given up.
PERSISTENT = timedelta(days=3)
#: How long the secret before signs beside the new one.
ROTATION = timedelta(hours=24)
#: So many secrets may sign beside the newest one.
MOST_BEFORE = 4


class EndpointAddressWrong(InputError):
    """A webhook goes to an https address with a host name, without a user and a fragment."""

    code = "notices.endpoint_address_wrong"


class EndpointNotPublic(InputError):
    """A webhook goes to a public address of the internet only."""

    code = "notices.endpoint_not_public"


class NoEventsChosen(InputError):
    """An endpoint is told of at least one event, and only of those its company hears of."""

    code = "notices.no_events_chosen"


class TooManyEndpoints(DomainError):
    """A company has at most ten endpoints."""

    code = "notices.too_many_endpoints"


class TooManySecrets(DomainError):
    """The secret was changed four times within a day; install the last one before the next."""

    code = "notices.too_many_secrets"


class EndpointDisabled(DomainError):
    """The endpoint is switched off; switch it on before anything is sent to it."""

    code = "notices.endpoint_disabled"


class EndpointEnded(DomainError):
    """The endpoint was removed; add another."""

    code = "notices.endpoint_ended"


class DeliveryUnderWay(DomainError):
    """This message is on its way or waits to be sent anyway."""

    code = "notices.delivery_under_way"


class EventIsMandatory(InputError):
    """Notices about security and admission stay in the portal."""

    code = "notices.event_is_mandatory"


class LinkNotGood(InputError):
    """This link is not ours, or it is too old. Sign in to choose what reaches you."""

    code = "notices.link_not_good"


def check_url(url: str, *, production: bool) -> None:
    """Raises EndpointAddressWrong, or EndpointNotPublic for a literal address that is not public.

    A machine under development may be called at http://127.0.0.1.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise EndpointAddressWrong(address=url[:200]) from error
    plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not plain or len(url) > 500 or not host or parts.username or parts.password:
        raise EndpointAddressWrong(address=url[:200])
    if parts.scheme == "http" and host == "127.0.0.1" and not production:
        return
    if parts.scheme != "https" or parts.fragment or "#" in url:
        raise EndpointAddressWrong(address=url[:200])
    if _is_address(host) and not may_be_called(host, production=production):
        raise EndpointNotPublic(address=host)


def may_be_called(address: str, *, production: bool) -> bool:
    """Whether a resolved address is one of the open internet; loopback too under development."""
    found = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(found, "ipv4_mapped", None) or found
    if inner.is_loopback:
        return not production
    wrapped = getattr(inner, "sixtofour", None) or getattr(inner, "teredo", None)
    # An address of IPv4 inside one of IPv6 may be any of our own network.
    translated = any(inner in net for net in _TRANSLATED if net.version == inner.version)
    return inner.is_global and not inner.is_multicast and wrapped is None and not translated


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def signature(secrets: Sequence[str], *, uid: str, at: datetime, body: str) -> str:
    """``v1,…`` for each secret, the newest first, as the Standard Webhooks specification has it."""
    signed = f"{uid}.{int(at.timestamp())}.{body}".encode()
    return " ".join(f"v1,{_mac(secret, signed)}" for secret in secrets)


def _mac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def wait(uid: str, attempts: int) -> timedelta | None:
    """How long after the call of that number the next one is due; None after the last.

    30 seconds, three times as long each time, a day at most, and up to a tenth more: which tenth
    follows from the message, so that a thousand messages do not come back in one second, and
    the same message always at the same one.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    seconds = min(_FIRST_WAIT * 3 ** (attempts - 1), _LONGEST_WAIT)
    spread = int.from_bytes(hashlib.sha256(f"{uid}:{attempts}".encode()).digest()[:4])
    return timedelta(seconds=seconds + seconds * (spread % 1000) // 10_000)


def mail_wait(attempts: int) -> timedelta:
    """How long after a mail server's refusal it is asked again: a minute, doubled, an hour at
    most."""
    return timedelta(seconds=min(30 * 2**attempts, 3600))


def pages(items: Sequence[T], size: int = PAGE) -> list[Sequence[T]]:
    """The items in pages; one empty page when there are none."""
    return [items[at : at + size] for at in range(0, len(items), size)] or [items]
