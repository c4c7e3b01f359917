"""Who may send a seller's orders by itself, and by what a delivery is known.

Three ways to sign:

* ``signed``: as the Standard Webhooks specification has it, and as our own webhooks do:
  ``webhook-id``, ``webhook-timestamp`` and ``webhook-signature`` (``v1,`` and the base64 of
  HMAC-SHA256 over ``id.timestamp.body``), not older than five minutes.
* ``woocommerce``: ``X-WC-Webhook-Signature``, the base64 of HMAC-SHA256 of the body
  (https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks/).
* ``shopify``: ``X-Shopify-Hmac-Sha256``, the same under the shop's own secret
  (https://shopify.dev/docs/apps/build/webhooks/subscribe/https).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from core.errors import DomainError, InputError

SIGNED, WOOCOMMERCE, SHOPIFY = "signed", "woocommerce", "shopify"
KINDS = frozenset({SIGNED, WOOCOMMERCE, SHOPIFY})
SECRET_PREFIX = "whsec_"  # noqa: S105 - how the Standard Webhooks specification marks one
#: How far a delivery's own time may be from ours.
WINDOW = timedelta(minutes=5)
#: How long the secrets before are taken beside the newest one, and how many of them.
ROTATION = timedelta(hours=24)
MOST_BEFORE = 4
MOST_CHANNELS = 20
#: What could not be taken can be tried again for so long.
KEPT = timedelta(days=30)

_ID = re.compile(r"[!-~]{1,100}")
_SECRET = re.compile(r"[!-~]{16,200}")
_NAME = re.compile(r"[^\s\x00-\x1f].{0,30}[^\s\x00-\x1f]|[^\s\x00-\x1f]")
_PING = re.compile(rb"webhook_id=[0-9]{1,18}")


class DeliveryNotSigned(DomainError):
    """No channel of this address takes a delivery with this signature."""

    code = "warehouse.delivery_not_signed"
    status: ClassVar[int] = 401


class DeliveryTooOld(DomainError):
    """The time of this delivery is more than five minutes away from ours; sign it anew."""

    code = "warehouse.delivery_too_old"
    status: ClassVar[int] = 401


class DeliveryDiffers(DomainError):
    """A delivery of this id came before with other content; give each its own id."""

    code = "warehouse.delivery_differs"


class DeliveryUnderWay(DomainError):
    """This delivery waits to be worked off anyway, or all of it was taken."""

    code = "warehouse.delivery_under_way"


class DeliveryForgotten(DomainError):
    """What stood in this delivery is deleted, for it held buyers' data; let the shop send it
    again."""

    code = "warehouse.delivery_forgotten"


class ChannelNameWrong(InputError):
    """A channel's name is one line of at most 32 characters; its orders carry it."""

    code = "warehouse.channel_name_wrong"


class ChannelKindUnknown(InputError):
    """There is no such kind of channel."""

    code = "warehouse.channel_kind_unknown"


class ChannelNameTaken(DomainError):
    """Another channel of yours has this name."""

    code = "warehouse.channel_name_taken"


class TooManyChannels(DomainError):
    """A seller has at most twenty channels."""

    code = "warehouse.too_many_channels"


class ShopsOwnSecret(InputError):
    """This shop signs with a secret of its own, 16 to 200 characters; copy it from its settings."""

    code = "warehouse.shops_own_secret"


class OurSecret(InputError):
    """For a channel of this kind we make the secret; copy ours into the shop."""

    code = "warehouse.our_secret"


class SecretsTooMany(DomainError):
    """The secret was changed four times within a day; install the last one before the next."""

    code = "warehouse.secrets_too_many"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What stands around a delivery: the shop's id of it, and what it is about."""

    delivery_id: str
    topic: str = ""


def check_name(name: str) -> str:
    """Without spaces around it. Raises ChannelNameWrong."""
    told = name.strip()
    if not _NAME.fullmatch(told) or not told.isprintable():
        raise ChannelNameWrong(field="name")
    return told


def check_kind(kind: str) -> None:
    """Raises ChannelKindUnknown."""
    if kind not in KINDS:
        raise ChannelKindUnknown(field="kind", kind=kind[:20])


def check_secret(kind: str, secret: str) -> None:
    """Shopify shows its secret and takes no other; into the others ours is copied.

    Raises ShopsOwnSecret or OurSecret.
    """
    if kind == SHOPIFY and not _SECRET.fullmatch(secret):
        raise ShopsOwnSecret(field="secret")
    if kind != SHOPIFY and secret:
        raise OurSecret(field="secret")


def is_ping(kind: str, heads: Mapping[str, str], body: bytes) -> bool:
    """WooCommerce tries the address of a new webhook with a form that says nothing, unsigned, and
    wants 200 (``WC_Webhook::deliver_ping``)."""
    return (
        kind == WOOCOMMERCE
        and "x-wc-webhook-signature" not in heads
        and bool(_PING.fullmatch(body))
    )


def check_signed(
    kind: str, secrets: Sequence[str], heads: Mapping[str, str], body: bytes, *, now: datetime
) -> Envelope:
    """Whether one of the secrets signed it. ``heads`` by lower-case names.

    Raises DeliveryNotSigned or DeliveryTooOld.
    """
    told, signed = _parts(kind, heads, body)
    if not told or not any(
        hmac.compare_digest(_mac(kind, secret, signed), one) for secret in secrets for one in told
    ):
        raise DeliveryNotSigned()
    if kind == SIGNED:
        _check_time(heads["webhook-timestamp"], now)
        return _envelope(heads["webhook-id"], "")
    prefix = "x-wc-webhook" if kind == WOOCOMMERCE else "x-shopify"
    known = "delivery-id" if kind == WOOCOMMERCE else "webhook-id"
    # The signature is over the body alone: what stands beside it names the delivery, no more.
    return _envelope(
        heads.get(f"{prefix}-{known}", "") or hashlib.sha256(body).hexdigest(),
        heads.get(f"{prefix}-topic", ""),
    )


def _parts(kind: str, heads: Mapping[str, str], body: bytes) -> tuple[list[bytes], bytes]:
    """The signatures that were sent, and what they are over."""
    if kind == SIGNED:
        told = heads.get("webhook-signature", "").split(" ")
        signed = f"{heads.get('webhook-id', '')}.{heads.get('webhook-timestamp', '')}.".encode()
        return [_bytes(one[3:]) for one in told if one.startswith("v1,")][:8], signed + body
    name = "x-wc-webhook-signature" if kind == WOOCOMMERCE else "x-shopify-hmac-sha256"
    return [_bytes(heads[name])] if heads.get(name) else [], body


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _mac(kind: str, secret: str, signed: bytes) -> bytes:
    """Only our own kind takes the key out of its base64, as Standard Webhooks has it."""
    key = (
        base64.b64decode(secret.removeprefix(SECRET_PREFIX)) if kind == SIGNED else secret.encode()
    )
    return hmac.digest(key, signed, hashlib.sha256)


def _check_time(told: str, now: datetime) -> None:
    if not re.fullmatch(r"[0-9]{1,12}", told):
        raise DeliveryTooOld()
    if abs(int(now.timestamp()) - int(told)) > WINDOW.total_seconds():
        raise DeliveryTooOld()


def _envelope(delivery_id: str, topic: str) -> Envelope:
    if not _ID.fullmatch(delivery_id):
        raise DeliveryNotSigned()
    return Envelope(delivery_id, topic if re.fullmatch(r"[a-z_./]{0,60}", topic) else "")


def digest(kind: str, delivery_id: str, body: bytes, key: bytes) -> str:
    """By what the same delivery is known again.

    The id of our own kind is signed and so part of it; of the others whoever caught one could
    send it again under another id, so their body alone counts.
    """
    named = delivery_id.encode() + b"." if kind == SIGNED else b""
    return hmac.new(key, named + body, hashlib.sha256).hexdigest()
