"""A channel of anna's, something posted to it, and a worker that works it off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import Company
from core.walls import platform_wide
from tests.factories.warehouse import SELLS
from warehouse import services
from warehouse.models import Channel, ChannelDelivery

THEIRS = "shpss_0123456789abcdef"


def a_channel(seller: Company, kind: str = "signed", **more: Any) -> tuple[Channel, str]:
    secret = THEIRS if kind == "shopify" else ""
    told = {"name": "shop", "secret": secret, "created_by": None, "now": SELLS, **more}
    return services.add_channel(seller=seller, kind=kind, **told)


def post(channel: Channel, body: bytes, heads: dict[str, str], **more: Any) -> Any:
    return Client().post(
        f"/api/v1/channels/{channel.uid}/orders",
        data=body,
        content_type=more.pop("kind", "application/json"),
        headers={"accept-language": "en", **heads},
    )


def work(at: datetime = SELLS) -> list[tuple[str, list[str]]]:
    """States and outcomes of all deliveries, the oldest first."""
    services.work_deliveries(now=lambda: at)
    return [
        (one.state, [told["outcome"] for told in one.outcomes])
        for one in ChannelDelivery.objects.order_by("pk")
    ]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Platform-wide, and the doors' clock stands."""
    clock = tmp_path / "now"
    clock.write_text(SELLS.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
    with platform_wide():
        yield
