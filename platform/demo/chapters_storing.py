"""What happens in the warehouse beside orders: tariff and places, putting away, a damaged parcel,
a transfer, a return, a count, and what a quarter's storage costs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

from django.utils.translation import gettext as _

from accounts.models import Company
from core.money import Money
from core.walls import inside, platform_wide
from customs import services as customs
from demo.chapters_bond import wait_for_lists
from demo.story import Story, wait_until_none
from demo.telling import Chapter
from notices.rules import signature
from procurement import services as procurement
from rest.reading import read_json
from warehouse import services as warehouse
from warehouse.days import day_of
from warehouse.models import (
    Channel,
    ChannelDelivery,
    CountLine,
    DeliveryStage,
    Holding,
    Location,
    Reservation,
    RetailOrder,
    RetailOrderState,
    RetailReturn,
    StockCount,
    StockStatus,
    StockTransfer,
    StorageBill,
    StorageCharge,
    StorageTariff,
    SupplierClaim,
    TransferStep,
    Zone,
)
from warehouse.queries.putting import waiting
from warehouse.rules.claims import State as ClaimState
from warehouse.rules.fees import Tariff
from warehouse.rules.posting import Status
from warehouse.rules.transferring import Offer

#: What one person puts away before it looks again.
_AT_ONCE = 200
#: Codes of the shelves, and what one holds.
_SHELVES = ("A-01-01", "D-05-08", Decimal("2.4"), Decimal(900))
_GIVEN, _OFFERED, _PRICE_PERCENT = 6, 3, 60


def open_the_shelves(story: Story, chapter: Chapter) -> None:
    """Before the first ship arrives the warehouse says what it has and what it charges."""
    house, now = story.house.bonded_warehouse, story.waves[0].received_at - timedelta(days=1)
    if not Location.objects.filter(warehouse=house, zone=Zone.STORAGE).exists():
        first, last, volume, load = _SHELVES
        warehouse.make_places(
            house=house, first=first, last=last, zone=Zone.STORAGE, volume_m3=volume, load_kg=load
        )
        warehouse.make_places(house=house, first="Q-01", last="Q-04", zone=Zone.QUARANTINE)
    if not StorageTariff.objects.filter(warehouse=house).exists():
        warehouse.enter_tariff(
            warehouse=house,
            told=Tariff(
                valid_from=day_of(now),
                valid_to=None,
                until_days=(30, 90),
                rates=(Decimal(120), Decimal(180), Decimal(300)),
                free_days=7,
                order_rate=Decimal(90),
                order_line_rate=Decimal(20),
                unit_in_rate=Decimal(5),
            ),
            entered_by=story.house.receiver,
            now=story.at(now),
        )
    chapter.say(
        _("%(places)s places, and a tariff by cubic metre and day"),
        places=Location.objects.filter(warehouse=house).count(),
    )


def put_the_goods_away(story: Story, chapter: Chapter) -> None:
    """From the gate to the places that the program suggests; what is damaged goes apart."""
    house = story.house.bonded_warehouse
    now = story.at(story.waves[-1].received_at + timedelta(hours=4))
    while True:
        found = waiting(house, most=_AT_ONCE)
        moves = [
            warehouse.Move(
                one.lot.number,
                Status(one.status),
                one.place.code,
                one.suggestion.code,
                one.suggestion.units,
            )
            for one in found
            if one.suggestion and one.place.zone == Zone.GATE
        ]
        if not moves:
            break
        warehouse.move_stock(house=house, moves=moves, moved_by=story.house.receiver, now=now)
    for claim in SupplierClaim.objects.filter(state=ClaimState.OPEN):
        warehouse.carry_on_claim(claim=claim, state=ClaimState.SENT)
    lying = Holding.objects.filter(warehouse=house, on_hand__gt=0)
    chapter.say(
        _("%(lots)s lots put away on %(places)s places; %(claims)s claims sent to suppliers"),
        lots=lying.exclude(location__zone=Zone.GATE).values("lot").distinct().count(),
        places=lying.exclude(location__zone=Zone.GATE).values("location").distinct().count(),
        claims=SupplierClaim.objects.count(),
    )


def keep_the_warehouse(story: Story, chapter: Chapter) -> None:
    """What two sellers, a buyer and the warehouse do with goods that lie there."""
    _sell_to_each_other(story)
    _send_one_back(story)
    _count_some(story)
    chapter.say(
        _("%(transfers)s transfers in bond, %(returns)s return, %(counts)s counts"),
        transfers=StockTransfer.objects.count(),
        returns=RetailReturn.objects.count(),
        counts=StockCount.objects.count(),
    )


def connect_a_shop(story: Story, chapter: Chapter) -> None:
    """On the real day a seller's own shop sends orders, and an offer of goods waits."""
    sellers = _sellers(story)
    waits = StockTransfer.objects.filter(state=TransferStep.OFFERED)
    if len(sellers) > 1 and not waits.exists():
        _offer(story, sellers, _OFFERED, story.today)
    _send_from_a_shop(story)
    # The worker may have taken a delivery before the story could.
    under_way = [DeliveryStage.QUEUED, DeliveryStage.WORKING]
    wait_until_none(ChannelDelivery.objects.filter(state__in=under_way).count)
    wait_for_lists()
    with platform_wide():
        # What the worker would charge a moment later.
        warehouse.charge_due(now=story.today)
    chapter.say(
        _("%(shops)s shop sent %(orders)s orders; %(offers)s offer of goods waits for its answer"),
        shops=Channel.objects.count(),
        orders=ChannelDelivery.objects.count(),
        offers=waits.count(),
    )


def charge_the_storage(story: Story, chapter: Chapter) -> None:
    """Every day since the first ship came, and the months that are over."""
    with platform_wide():
        warehouse.charge_due(now=story.at(story.quarter.settles_at))
        charges, bills = StorageCharge.objects.count(), list(StorageBill.objects.all())
    chapter.say(
        _("%(charges)s storage charges, billed with %(bills)s bills: %(sum)s"),
        charges=charges,
        bills=len(bills),
        sum=Money(sum(bill.total_minor for bill in bills), "CNY"),
    )


def _sellers(story: Story) -> list[Company]:
    """The two whose people can log in."""
    people = story.house.people
    names = ("seller1@bondpool.example", "seller2@bondpool.example")
    return [people[name].memberships.get().company for name in names if name in people]


def _free(owner: Company, units: int) -> Holding | None:
    """The lot and place at which an owner has most that is free, when it is so much."""
    held = Holding.objects.filter(
        owner=owner, status=StockStatus.AVAILABLE, on_hand__gte=units, frozen_by__isnull=True
    )
    return held.select_related("lot__product").order_by("-on_hand", "pk").first()


def _sell_to_each_other(story: Story) -> None:
    """The second takes what the first offers, and pays."""
    sellers = _sellers(story)
    if len(sellers) < 2 or StockTransfer.objects.exists():
        return
    now = story.quarter.settles_at - timedelta(hours=2)
    offered = _offer(story, sellers, _GIVEN, now)
    if offered is None:
        return
    taker = sellers[1]
    with inside(taker.pk):
        warehouse.accept_offer(
            transfer=offered,
            company=taker,
            accepted_by=story.house.people["seller2@bondpool.example"],
            now=story.at(now + timedelta(minutes=30)),
        )
    procurement.record_account_payment(
        seller=taker,
        amount_minor=offered.amount_minor,
        value_date=day_of(now),
        reference=f"ICBC{day_of(now):%Y%m%d}900001",
        noted_by=story.house.maker,
        now=story.at(now + timedelta(hours=1)),
    )


def _offer(story: Story, sellers: list[Company], units: int, now: datetime) -> StockTransfer | None:
    giver, taker = sellers
    held = _free(giver, units)
    if held is None:
        return None
    with inside(giver.pk):
        return warehouse.offer_stock(
            giver=giver,
            taker=taker.code,
            lot=held.lot.number,
            offer=Offer(
                units,
                story.prices.get(held.lot.product.sku, 0) * _PRICE_PERCENT // 100,
                day_of(now) + timedelta(days=14),
                remark="区内转让",
            ),
            offered_by=story.house.people["seller1@bondpool.example"],
            now=story.at(now),
        )


def _send_one_back(story: Story) -> None:
    """One buyer changes its mind; the warehouse takes the parcel in."""
    order = RetailOrder.objects.filter(state=RetailOrderState.DELIVERED).order_by("pk").first()
    if order is None or RetailReturn.objects.exists():
        return
    now = story.at(story.quarter.settles_at - timedelta(hours=1))
    units = dict(order.lines.values_list("position", "quantity"))
    with platform_wide():
        back = customs.announce_return(
            order=order,
            units=units,
            reason="不喜欢，七天无理由退货",
            announced_by=story.house.operator,
            now=now,
        )
        customs.receive_return(
            back=back,
            keeper=story.house.bonded_warehouse.operator,
            counted=dict(
                Reservation.objects.filter(line__order=order).values_list("pk", "quantity")
            ),
            received_by=story.house.receiver,
            now=story.at(now + timedelta(minutes=40)),
        )


def _count_some(story: Story) -> None:
    """One count finds all; in another a unit is missing, and somebody else must look again."""
    house = story.house.bonded_warehouse
    if StockCount.objects.exists():
        return
    now = story.at(story.quarter.settles_at - timedelta(minutes=20))
    shelves = Holding.objects.filter(
        warehouse=house, location__zone=Zone.STORAGE, status=StockStatus.AVAILABLE, on_hand__gt=0
    )
    codes = list(
        shelves.order_by("location__code").values_list("location__code", flat=True).distinct()[:2]
    )
    for code, missing in zip(codes, (0, 1), strict=False):
        count = warehouse.start_count(
            house=house,
            keeper=house.operator,
            subject=code,
            freezes=False,
            started_by=story.house.receiver,
            now=now,
        )
        lines = list(CountLine.objects.filter(count=count).order_by("pk"))
        found = {line.pk: _booked(line) for line in lines}
        found[lines[0].pk] = max(0, found[lines[0].pk] - missing)
        warehouse.enter_count(
            count=count,
            keeper=house.operator,
            units=found,
            counted_by=story.house.receiver,
            now=story.at(now + timedelta(minutes=10)),
        )


def _booked(line: CountLine) -> int:
    promised = [StockStatus.OFFERED, StockStatus.RESERVED, StockStatus.RELEASED]
    among = [line.status, *promised] if line.status == StockStatus.AVAILABLE else [line.status]
    held = Holding.objects.filter(lot=line.lot_id, location=line.location_id, status__in=among)
    return sum(held.values_list("on_hand", flat=True))


def _send_from_a_shop(story: Story) -> None:
    """The first seller's own program sends two orders; one names goods that nobody knows."""
    sellers = _sellers(story)
    if not sellers or Channel.objects.exists():
        return
    seller, now = sellers[0], story.at(story.today)
    held = _free(seller, 1)
    known = held.lot.product.sku if held else "SOLD-OUT"
    with inside(seller.pk):
        channel, secret = warehouse.add_channel(
            seller=seller,
            name="my-shop",
            kind="signed",
            created_by=story.house.people["seller1@bondpool.example"],
            now=now,
        )
        for number, sku in enumerate((known, "NOT-IN-THE-CATALOGUE"), 1):
            order = {
                "order_number": f"MY-{number:04d}",
                "placed_at": now.isoformat(),
                "buyer_name": "王示例",
                "buyer_id_number": "110101190001010030",
                "buyer_telephone": "13900000030",
                "consignee_address": "浙江省宁波市北仑区示例路 30 号",
                "lines": [
                    {"sku": sku, "quantity": 1, "unit_price_minor": story.prices.get(sku, 5_000)}
                ],
            }
            body = json.dumps(order, ensure_ascii=False)
            uid = str(uuid5(NAMESPACE_URL, f"{channel.uid}/{number}"))
            warehouse.keep_delivery(
                channel=channel,
                heads={
                    "webhook-id": uid,
                    "webhook-timestamp": str(int(now.timestamp())),
                    "webhook-signature": signature([secret], uid=uid, at=now, body=body),
                },
                body=body.encode(),
                look=read_json,
                now=now,
            )
    with platform_wide():
        warehouse.work_deliveries(now=lambda: now)
