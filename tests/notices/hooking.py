"""An endpoint and a message on its way to it: what the tests of webhooks begin with."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from accounts.models import Membership
from notices.models import WebhookDelivery, WebhookEndpoint
from notices.services import add_endpoint, deliver_due, tell
from tests.notices.conftest import NOON


def an_endpoint(clerk: Membership, url: str) -> tuple[WebhookEndpoint, str]:
    return add_endpoint(
        company=clerk.company,
        role=clerk.role,
        url=url,
        events=["round.opened"],
        created_by=clerk.user,
        now=NOON,
    )


def opened(clerk: Membership, quarter: str = "2026-Q3") -> WebhookDelivery:
    tell(
        "round.opened",
        subject=quarter,
        facts={"quarter": quarter, "cutoff_at": NOON},
        companies=[clerk.company_id],
        now=NOON,
    )
    found: WebhookDelivery = WebhookDelivery.objects.latest("pk")
    return found


def deliver(at: datetime) -> int:
    return deliver_due(now=lambda: at)


def only() -> WebhookDelivery:
    found: WebhookDelivery = WebhookDelivery.objects.get()
    return found


def signed_by(secret: str, uid: str, timestamp: str, body: bytes) -> str:
    """Worked out as the receiver would, from the specification alone."""
    key = base64.b64decode(secret.split("_", 1)[1])
    mac = hmac.new(key, uid.encode() + b"." + timestamp.encode() + b"." + body, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()
