"""Ways to the authority's exchange: one module for each kind, under one small protocol.

A way knows bytes and the name of their file. What is in them, when they go and how often, is not
its business: it may be given the same file again, with the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from django.conf import settings

from customs.gateways.amqp import carry_by_queue
from customs.gateways.away import GatewayAway
from customs.gateways.folder import carry_by_folder
from customs.models import Gateway, GatewayKind

__all__ = ["GatewayAway", "carry", "secrets_of", "zips_for_zone"]


class Way(Protocol):
    """Hand one file over, wholly or not at all. Raises GatewayAway."""

    def __call__(self, *, code: str, name: str, data: bytes, secrets: Mapping[str, str]) -> None:
        """Safe to call again with the same file."""


_WAYS: Mapping[str, Way] = {
    GatewayKind.FOLDER.value: carry_by_folder,
    GatewayKind.AMQP.value: carry_by_queue,
}


def secrets_of(gateway: Gateway) -> Mapping[str, str]:
    """What only the house's own settings say of a gateway."""
    found: Mapping[str, str] = settings.BONDPOOL_GATEWAY_SECRETS.get(gateway.code, {})
    return found


def zips_for_zone(gateway: Gateway) -> bool:
    """Whether files of the zone (INV101, SAS121) go as ZIPs by it, as its client wants them."""
    return secrets_of(gateway).get("zone_files") == "zip"


def carry(gateway: Gateway, *, name: str, data: bytes) -> None:
    """Hand one file over by its gateway. Raises GatewayAway."""
    way = _WAYS[gateway.kind]
    way(code=gateway.code, name=name, data=data, secrets=secrets_of(gateway))
