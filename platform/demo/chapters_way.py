"""The end of a parcel's story: released by customs, picked, packed, handed over, delivered."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from customs import services as customs
from customs.models import OutgoingElement, RetailList
from customs.rules.releasing import MOST_LISTS
from demo.story import Story
from demo.telling import Chapter
from warehouse import services as warehouse
from warehouse.models import Carrier, HandOver, RetailOrder, RetailOrderState
from warehouse.queries.handing import lines_of
from warehouse.queries.serving import packing_in, to_pick
from warehouse.rules.handing import EventTold, TrackingTold

#: Orders of each round that leave in the story; the others wait to be picked.
LEAVE = 30
_CARRIER = ("DEMO-EXP", "示例速递")


def send_the_parcels(story: Story, chapter: Chapter) -> None:
    """Customs releases the lists; the warehouse sends the oldest orders on their way."""
    now = story.at(story.quarter.settles_at - timedelta(hours=10))
    # What was told to customs is released, or not, by its answer.
    told = OutgoingElement.objects.filter(retail_list=OuterRef("pk"))
    waiting = RetailList.objects.filter(
        ~Exists(told),
        release__isnull=True,
        void__isnull=True,
        order__state=RetailOrderState.LISTED,
        drawn_at__lte=now,
    )
    numbers = list(waiting.order_by("pk").values_list("number", flat=True))
    for part in batched_numbers(numbers):
        customs.release_lists(
            numbers=part, released_at=now, recorded_by=story.house.operator, now=now
        )
    chapter.say(_("%(lists)s retail lists released by customs"), lists=len(numbers))
    house, clerk = story.house.bonded_warehouse, story.house.receiver
    if not to_pick(house).exists() or _has_left(story):
        return
    wave = warehouse.make_wave(house=house, most=LEAVE, made_by=clerk, now=now)
    now = story.at(now + timedelta(hours=1))
    warehouse.confirm_wave(wave=wave, found={}, confirmed_by=clerk, now=now)
    for one in packing_in([house], most=LEAVE)[house.pk]:
        warehouse.pack_order(
            house=house,
            order=one.number,
            parcels=[warehouse.Packed(weight) for weight in _weights(one.gross_g)],
            packed_by=clerk,
            now=now,
        )
    gone = warehouse.hand_over(
        carrier=_carrier(story), house=house, handed_by=clerk, now=now + timedelta(hours=1)
    )
    _told_by_the_carrier(story, gone, now + timedelta(hours=1))
    chapter.say(
        _("%(parcels)s parcels handed over; %(orders)s orders delivered"),
        parcels=gone.parcels,
        orders=RetailOrder.objects.filter(state=RetailOrderState.DELIVERED).count(),
    )


def batched_numbers(numbers: list[str]) -> list[list[str]]:
    return [numbers[at : at + MOST_LISTS] for at in range(0, len(numbers), MOST_LISTS)]


def _has_left(story: Story) -> bool:
    """Whether a telling before this one sent parcels of the quarter."""
    since = story.quarter.settles_at - timedelta(hours=11)
    return HandOver.objects.filter(handed_at__gte=since).exists()


def _weights(gross_g: int) -> list[int]:
    """Parcels that a person can lift."""
    parts = max(1, -(-gross_g // 20_000))
    return [gross_g // parts + 200] * parts


def _carrier(story: Story) -> Carrier:
    code, name = _CARRIER
    keeper = story.house.bonded_warehouse.operator
    known = Carrier.objects.filter(keeper=keeper, code=code).first()
    return known or warehouse.enter_carrier(keeper=keeper, code=code, name=name)


def _told_by_the_carrier(story: Story, gone: HandOver, since: datetime) -> None:
    """Every parcel has its number and is picked up; of each three two arrive, one tries again."""
    parcels = [one.parcel.number for one in lines_of(gone)]
    warehouse.note_tracking(
        hand_over=gone,
        rows=[
            TrackingTold(row, number, f"DX{number[3:].replace('-', '')}")
            for row, number in enumerate(parcels, start=1)
        ],
    )
    events = []
    for row, number in enumerate(parcels, start=1):
        last = "failed" if row % 3 == 0 else "delivered"
        events.append(EventTold(row, number, "picked_up", since + timedelta(hours=1), "宁波"))
        events.append(EventTold(row, number, last, since + timedelta(hours=6)))
    warehouse.note_events(
        carrier=gone.carrier, rows=events, now=story.at(since + timedelta(hours=7))
    )
