"""A seller's channels, and what its shops sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from accounts.models import Company, CompanyStatus, Membership, Role
from core.listings import of_each
from warehouse.models import Channel, ChannelDelivery, DeliveryStage
from warehouse.rules.arriving import is_overtaken

WAITING = (DeliveryStage.QUEUED, DeliveryStage.WORKING)
TROUBLE = (DeliveryStage.REFUSED, DeliveryStage.FAILED)


def may_manage(membership: Membership) -> bool:
    """A channel's secret lets orders in: a seller's administrators say who has it."""
    return bool(membership.is_admin and membership.role == Role.SELLER)


#: So much later an order may come than its cancellation.
OVERTAKES = timedelta(days=7)


def channels(seller: Company) -> QuerySet[Channel]:
    """A seller's own, with how many deliveries wait and how many were not taken."""
    found: QuerySet[Channel] = Channel.objects.filter(seller=seller)
    sent = ChannelDelivery.objects.all()
    return found.select_related("created_by").annotate(
        waiting=of_each(sent.filter(state__in=WAITING), "channel", Count("pk")),
        trouble=of_each(sent.filter(state__in=TROUBLE), "channel", Count("pk")),
    )


def channel_of(seller: Company, uid: UUID) -> Channel | None:
    """None for another company's."""
    return channels(seller).filter(uid=uid).first()


def deliveries(channel: Channel) -> QuerySet[ChannelDelivery]:
    """What was sent is left encrypted."""
    found: QuerySet[ChannelDelivery] = ChannelDelivery.objects.filter(channel=channel)
    return found.defer("body")


def delivery_of(seller: Company, uid: str) -> ChannelDelivery | None:
    """None for another company's."""
    found: QuerySet[ChannelDelivery] = ChannelDelivery.objects.filter(seller=seller, uid=uid)
    return found.defer("body").select_related("channel").first()


def open_channel(uid: UUID) -> Channel | None:
    """By its address, while it is on and its seller admitted. Call platform-wide."""
    found: Channel | None = (
        Channel.objects.filter(uid=uid, is_active=True, seller__status=CompanyStatus.ADMITTED)
        .select_related("seller")
        .first()
    )
    return found


def came_before(channel: Channel, delivery_id: str, digest: str) -> ChannelDelivery | None:
    """The delivery of this id, else that of the same content."""
    same: QuerySet[ChannelDelivery] = ChannelDelivery.objects.filter(channel=channel).filter(
        Q(delivery_id=delivery_id) | Q(digest=digest)
    )
    found = list(same.defer("body"))
    return next((one for one in found if one.delivery_id == delivery_id), next(iter(found), None))


def given_up_before(
    delivery: ChannelDelivery, numbers: Collection[str], *, told_at: datetime | None
) -> set[str]:
    """Which of these orders the shop cancelled by a delivery that overtook this one."""
    if not numbers:
        return set()
    sent = ChannelDelivery.objects.filter(channel_id=delivery.channel_id, pk__lt=delivery.pk)
    given_up = list(
        sent.filter(
            gave_up_at__isnull=False,
            received_at__gte=delivery.received_at - OVERTAKES,
            order_numbers__overlap=list(numbers),
        ).values_list("pk", "gave_up_at", "outcomes")
    )
    found = set()
    for pk, gave_up_at, outcomes in given_up:
        if gave_up_at is None:
            continue
        for told in outcomes:
            number = told["order_number"]
            if told["outcome"] != "nothing_to_cancel" or number not in numbers:
                continue
            since = sent.filter(pk__gt=pk, order_numbers__contains=[number]).exists()
            if is_overtaken(told_at, gave_up_at=gave_up_at, came_since=since):
                found.add(number)
    return found


def given_up_later(delivery: ChannelDelivery, numbers: Collection[str]) -> set[str]:
    """Which of these orders the shop cancelled by a delivery that came after this one."""
    if not numbers:
        return set()
    later = ChannelDelivery.objects.filter(channel_id=delivery.channel_id, pk__gt=delivery.pk)
    outcomes = later.filter(order_numbers__overlap=list(numbers)).values_list("outcomes", flat=True)
    return {
        told["order_number"]
        for one in outcomes
        for told in one
        if told["outcome"] in {"nothing_to_cancel", "cancelled", "merged"}
    }
