"""How far the canary's order is on its way to its buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import User
from customs.models import RetailList
from customs.services import draw_retail_lists, release_lists
from tests.factories.warehouse import SELLS
from tests.warehouse.leaving import LEAVES, packed, picked
from warehouse.models import (
    HandOver,
    Parcel,
    PickWave,
    RetailMissing,
    RetailOrder,
    RetailReturn,
    RetailReturnLine,
)
from warehouse.rules.handing import EventTold, TrackingTold
from warehouse.rules.parting import Terms
from warehouse.services import (
    enter_carrier,
    free_order,
    hand_over,
    hold_order,
    note_events,
    note_tracking,
    set_terms,
    take_manifest,
)


@dataclass(frozen=True)
class Sent:
    """What the warehouse left behind of it."""

    wave: PickWave
    hand_over: HandOver


def sent_on(operator: User, keeper: User) -> Sent:
    """The list of the one order is drawn and released; a carrier has its parcel and told of it."""
    draw_retail_lists(now=SELLS)
    drawn = RetailList.objects.select_related("order").get()
    short_of(drawn.order)
    held_and_let_go(drawn.order, keeper)
    coming_back(drawn.order, operator)
    release_lists(
        numbers=[drawn.number],
        reference="CANARY-CEB622-1",
        released_at=SELLS,
        recorded_by=operator,
        now=SELLS,
    )
    (order,) = RetailOrder.objects.all()
    wave = picked([order], keeper)
    packed([order], keeper)
    return Sent(wave, handed_on(wave, keeper))


def handed_on(wave: PickWave, keeper: User) -> HandOver:
    """A carrier took its parcel, and told of it."""
    house = wave.warehouse
    carrier = enter_carrier(keeper=house.operator, code="CANARY-C", name="Canary Express")
    gone = hand_over(carrier=carrier, house=house, handed_by=keeper, now=LEAVES)
    take_manifest(hand_over=gone, kind="csv", taken_by=keeper, now=LEAVES)
    parcel = Parcel.objects.get()
    note_tracking(hand_over=gone, rows=[TrackingTold(1, parcel.number, "CANARYTRACK1")])
    told = EventTold(1, parcel.number, "picked_up", LEAVES, "Canary Road", "canary note")
    note_events(carrier=carrier, rows=[told], now=LEAVES)
    return gone


def held_and_let_go(order: RetailOrder, keeper: User) -> None:
    """The warehouse held an order back, and let it go on."""
    house = keeper.memberships.get().company
    hold_order(
        number=order.number, company=house, reason="The parcel is wet", acted_by=keeper, now=SELLS
    )
    free_order(number=order.number, company=house, acted_by=keeper, now=SELLS)


def coming_back(order: RetailOrder, person: User) -> None:
    """A return stands in the lists, as if the parcel were at its buyer's."""
    line = order.lines.select_related("product").get()
    keeper = line.reservations.get().holding.keeper_id
    back = RetailReturn.objects.create(
        number="RT-2026-000001",
        order=order,
        order_number=order.number,
        seller_id=order.seller_id,
        keeper_id=keeper,
        reason="The buyer moved",
        announced_at=SELLS,
        announced_by=person,
        comes_until=SELLS.date() + timedelta(days=45),
    )
    RetailReturnLine.objects.create(
        back=back,
        seller_id=order.seller_id,
        keeper_id=keeper,
        position=1,
        product=line.product,
        quantity=1,
    )


def short_of(order: RetailOrder) -> None:
    """The shop's order was longer than what was there, and its seller has terms for that."""
    people = order.seller.memberships.order_by("pk")
    terms = Terms(may_split=True)
    set_terms(seller=order.seller, terms=terms, set_by=people[0].user, now=SELLS)
    line = order.lines.get()
    RetailMissing.objects.create(
        order=order,
        seller=order.seller,
        position=2,
        product=line.product,
        quantity=1,
        unit_price_minor=line.unit_price_minor,
        state="refused",
    )
