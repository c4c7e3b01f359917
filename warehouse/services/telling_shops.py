"""Who hears that what a shop sent was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notices.services import tell
from warehouse.models import ChannelDelivery


def tell_refused(
    delivery: ChannelDelivery, trouble: Sequence[dict[str, object]], now: datetime
) -> None:
    """Which orders and by which rules; not a word of the buyers. Told again after each retry."""
    items = [{"order_number": one["order_number"], "code": one.get("code", "")} for one in trouble]
    tell(
        "channel.refused",
        subject=f"{delivery.uid} {now.isoformat()}",
        facts={"shop": delivery.channel.name, "delivery": delivery.uid, "orders": len(trouble)},
        companies=[delivery.seller_id],
        items={delivery.seller_id: items},
        now=now,
    )
