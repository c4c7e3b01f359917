"""One buyer orders twice, and the shop lets one order take the place of both."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from customs import services as customs
from demo.story import Story
from demo.telling import Chapter
from warehouse.models import RetailOrder
from warehouse.queries.merging import go_with
from warehouse.services import NewOrder


def merge_one(story: Story, chapter: Chapter, now: datetime) -> bool:
    """Of the first shop in which a buyer came again; whether anything was to be merged."""
    again = RetailOrder.objects.filter(
        channel_order_number__startswith=f"{story.quarter.name}-",
        channel_order_number__endswith="-B",
    )
    for order in again.select_related("seller").order_by("pk"):
        # All of the buyer's would do as well; the two were ordered within the hour.
        before = order.channel_order_number.removesuffix("-B")
        both = [
            one.number
            for one in go_with(order, now)
            if one.channel_order_number.removesuffix("-B") == before
        ]
        if len(both) < 2:
            continue
        made = customs.merge_orders(
            seller=order.seller,
            numbers=both,
            told=NewOrder(f"{before}-AB", order.placed_at, freight_minor=1_000),
            merged_by=story.house.operator,
            now=now,
        )
        chapter.say(
            _("%(orders)s orders of one buyer became %(number)s: one payment, one parcel"),
            orders=len(both),
            number=made.number,
        )
        return True
    return False
