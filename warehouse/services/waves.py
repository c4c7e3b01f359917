"""Released orders are picked together: a wave is made, its list walked, and what was found told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.shortcuts import get_object_or_404

from accounts.models import Company, User
from core.numbers import next_number
from core.walls import platform_wide
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    PickWave,
    PickWaveOrder,
    RetailOrder,
    RetailOrderState,
    WaveOutcome,
    WaveState,
)
from warehouse.queries.serving import to_pick, wanted_of
from warehouse.rules import picking as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.picking import Spot
from warehouse.rules.posting import Kind
from warehouse.services import telling
from warehouse.services.advancing import advance, fact_of, locked, parts_of


@transaction.atomic
def make_wave(
    *,
    house: BondedWarehouse,
    made_by: User,
    now: datetime,
    most: int = rules.USUAL_ORDERS,
    numbers: Collection[str] = (),
) -> PickWave:
    """Put released orders of a warehouse on one list: the oldest, ``most`` of them, or those of
    ``numbers``.

    Raises WaveTooLarge, NothingToPick or OrderNotToPick; then nothing has been written.
    """
    rules.check_size(len(numbers) or most)
    # Sellers' orders, which the keeper's own walls hide from it.
    with platform_wide():
        # Of two who make one at once the second waits here, and sees what the first put on its.
        BondedWarehouse.objects.select_for_update(of=("self",), no_key=True).get(pk=house.pk)
        waiting = to_pick(house)
        if numbers:
            waiting = waiting.filter(number__in=set(numbers))
        orders = list(waiting.select_for_update(of=("self",))[: len(numbers) or most])
        known = {order.number for order in orders}
        for number in sorted(set(numbers) - known):
            raise rules.OrderNotToPick(field="orders", order=number)
        if not orders:
            raise rules.NothingToPick(warehouse=house.code)
        wanted = wanted_of(order.pk for order in orders)
        wave: PickWave = PickWave.objects.create(
            number=next_number("PW", day_of(now).year),
            warehouse=house,
            keeper_id=house.operator_id,
            orders=len(orders),
            units=sum(one.units for one in wanted),
            made_at=now,
            made_by=made_by,
        )
        PickWaveOrder.objects.bulk_create(
            PickWaveOrder(
                wave=wave,
                seller_id=order.seller_id,
                keeper_id=house.operator_id,
                order=order,
                order_number=order.number,
            )
            for order in orders
        )
    return wave


@transaction.atomic
def confirm_wave(
    *, wave: PickWave, found: Mapping[Spot, int], confirmed_by: User, now: datetime
) -> rules.Picked:
    """The list of a wave was walked; ``found`` are units by spot, one not named was found whole.

    Orders that are whole are picked, the older first. One of which units are missing is put aside
    with what is missing, and its seller hears of it; its goods stay released where they lie. An
    order that was cancelled or held back meanwhile drops out.

    Raises WaveConfirmed or FoundOutOfRange; then nothing has been written.
    """
    with platform_wide():
        held: PickWave = PickWave.objects.select_for_update(of=("self",)).get(pk=wave.pk)
        if held.state != WaveState.OPEN:
            raise rules.WaveConfirmed(wave=held.number)
        parts = {one.order_id: one for one in PickWaveOrder.objects.filter(wave=held)}
        orders = {order.pk: order for order in locked(parts)}
        released = [
            order
            for order in orders.values()
            if order.state == RetailOrderState.RELEASED and not order.holds
        ]
        picked = rules.confirm(wanted_of(order.pk for order in released), found)
        _pick([orders[pk] for pk in picked.whole], confirmed_by, now)
        for pk, part in parts.items():
            if pk in picked.aside:
                part.outcome, part.missing = WaveOutcome.ASIDE, asdict(picked.aside[pk])
            elif orders[pk] in released:
                part.outcome = WaveOutcome.PICKED
            else:
                part.outcome = WaveOutcome.DROPPED
        PickWaveOrder.objects.bulk_update(parts.values(), ["outcome", "missing"])
        held.state, held.picked_at, held.picked_by = WaveState.PICKED, now, confirmed_by
        held.save(update_fields=["state", "picked_at", "picked_by"])
        telling.tell_aside([part for pk, part in parts.items() if pk in picked.aside], now)
    return picked


def _pick(orders: list[RetailOrder], by: User, now: datetime) -> None:
    parts = advance(orders, Stage.PICKED, key="pick", kind=Kind.CHANGED, now=now, by=by.pk)
    record(
        *(
            fact_of(
                order.number,
                parts_of(parts[order.pk]),
                biz_step="picking",
                disposition="in_progress",
                now=now,
            )
            for order in orders
        ),
        now=now,
    )


@transaction.atomic
def pick_again(*, keeper: Company, order: str, now: datetime) -> PickWaveOrder:
    """What was missing of an order (its number) is there: it waits for the next wave.

    Raises NotAside; then nothing has been written.
    """
    with platform_wide():
        parts = PickWaveOrder.objects.select_for_update(of=("self",))
        part: PickWaveOrder = get_object_or_404(
            parts.filter(keeper=keeper, order_number=order).order_by("-pk")[:1]
        )
        if part.outcome != WaveOutcome.ASIDE:
            raise rules.NotAside(order=order)
        part.outcome = WaveOutcome.AGAIN
        part.save(update_fields=["outcome"])
    return part
