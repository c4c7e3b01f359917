"""A seller's channels: added, switched off and on, their secrets changed."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from accounts.models import Company, User
from warehouse.models import Channel, ChannelKind
from warehouse.rules import channels as rules

#: Of these our secret is text that a person copies into the shop's settings.
_OURS_AS_TEXT = frozenset({ChannelKind.WOOCOMMERCE.value})


@transaction.atomic
def add_channel(
    *,
    seller: Company,
    name: str,
    kind: str,
    buyer_id_field: str = "",
    secret: str = "",
    created_by: User | None,
    now: datetime,
) -> tuple[Channel, str]:
    """Take orders from a shop from now on; gives back the secret, once.

    ``secret`` is the shop's own, of a kind that signs with one. Raises ChannelNameWrong,
    ChannelKindUnknown, ChannelNameTaken, TooManyChannels, ShopsOwnSecret or OurSecret; then
    nothing has been written.
    """
    name = rules.check_name(name)
    rules.check_kind(kind)
    rules.check_secret(kind, secret)
    # Of two who add at once the second waits here.
    Company.objects.select_for_update(no_key=True).get(pk=seller.pk)
    there = list(Channel.objects.filter(seller=seller).values_list("name", flat=True))
    if name in there:
        raise rules.ChannelNameTaken(name=name)
    if len(there) >= rules.MOST_CHANNELS:
        raise rules.TooManyChannels(limit=rules.MOST_CHANNELS)
    secret = secret or _new_secret(kind)
    channel = Channel.objects.create(
        uid=uuid4(),
        seller=seller,
        name=name,
        kind=kind,
        buyer_id_field=buyer_id_field.strip(),
        secret=secret,
        created_at=now,
        created_by=created_by,
    )
    return channel, secret


@transaction.atomic
def change_channel(*, channel: Channel, buyer_id_field: str) -> Channel:
    """Look for the buyer's identity number in another field; what was not taken can be retried.

    The name stays: orders carry it, and by it an order is known again.
    """
    held = _lock(channel)
    held.buyer_id_field = buyer_id_field.strip()
    held.save(update_fields=["buyer_id_field"])
    return held


@transaction.atomic
def rotate_channel(*, channel: Channel, secret: str = "", now: datetime) -> str:
    """A new secret; those before are taken beside it for a day. Gives it back, once.

    ``secret`` as in :func:`add_channel`. Raises SecretsTooMany, ShopsOwnSecret or OurSecret; then
    nothing has been written.
    """
    held = _lock(channel)
    rules.check_secret(held.kind, secret)
    before = held.secrets_at(now)
    if len(before) > rules.MOST_BEFORE:
        raise rules.SecretsTooMany(until=held.previous_until)
    held.previous_secret, held.previous_until = " ".join(before), now + rules.ROTATION
    held.secret = secret or _new_secret(held.kind)
    held.save(update_fields=["secret", "previous_secret", "previous_until"])
    return str(held.secret)


@transaction.atomic
def switch_channel(*, channel: Channel, on: bool) -> Channel:
    """Off, nothing more is taken by it; what was taken before is worked off."""
    held = _lock(channel)
    if held.is_active != on:
        held.is_active = on
        held.save(update_fields=["is_active"])
    return held


def _lock(channel: Channel) -> Channel:
    held: Channel = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    return held


def _new_secret(kind: str) -> str:
    if kind in _OURS_AS_TEXT:
        return secrets.token_urlsafe(32)
    return rules.SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
