"""Released orders on their way out of a warehouse: to be picked, to be packed, in parcels.

The orders are their sellers'; whoever keeps the goods reads here what it must know of them, and
nothing of the buyers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, QuerySet, Value
from django.http import Http404

from accounts.models import Company
from core.copying import among_keys
from core.walls import platform_wide
from warehouse.models import (
    BondedWarehouse,
    Parcel,
    PickWave,
    PickWaveOrder,
    Reservation,
    ReservationState,
    RetailOrder,
    RetailOrderState,
    WaveOutcome,
)
from warehouse.queries.retail import BUYER_FIELDS
from warehouse.rules.picking import PickLine, Spot, Wanted, pick_list


def houses_of(keeper: Company) -> QuerySet[BondedWarehouse]:
    return BondedWarehouse.objects.filter(operator=keeper).order_by("code")


def _at(
    house: BondedWarehouse, state: ReservationState, orders: QuerySet[RetailOrder]
) -> QuerySet[RetailOrder]:
    """Of these orders those with goods of that state in a warehouse, oldest first."""
    here = Reservation.objects.filter(
        line__order=OuterRef("pk"), holding__warehouse=house, state=state
    )
    found: QuerySet[RetailOrder] = orders.filter(Exists(here))
    return found.defer(*BUYER_FIELDS).order_by("pk")


def _to_pick() -> QuerySet[RetailOrder]:
    waits = PickWaveOrder.objects.filter(
        order=OuterRef("pk"), outcome__in=[WaveOutcome.OPEN, WaveOutcome.ASIDE]
    )
    found: QuerySet[RetailOrder] = RetailOrder.objects.filter(
        ~Exists(waits), state=RetailOrderState.RELEASED, holds=0
    )
    return found


def _to_pack() -> QuerySet[RetailOrder]:
    found: QuerySet[RetailOrder] = RetailOrder.objects.filter(
        state=RetailOrderState.PICKED, holds=0
    )
    return found


def to_pick(house: BondedWarehouse) -> QuerySet[RetailOrder]:
    """Released orders whose goods lie in a warehouse, that nobody holds back and that wait in no
    wave, oldest first.

    Call platform-wide.
    """
    return _at(house, ReservationState.RELEASED, _to_pick())


def to_pack(house: BondedWarehouse) -> QuerySet[RetailOrder]:
    """Picked orders of a warehouse that nobody holds back, oldest first. Call platform-wide."""
    return _at(house, ReservationState.PICKED, _to_pack())


def wanted_of(orders: Iterable[int]) -> list[Wanted]:
    """What these orders (ids) take from where, order by order. Call platform-wide."""
    reserved = Reservation.objects.filter(
        among_keys("line__order_id", sorted(orders)), state=ReservationState.RELEASED
    ).select_related("line", "holding__lot__product", "holding__location__stands_at")
    return [
        Wanted(
            order=one.line.order_id,
            spot=Spot(one.holding.location_id, one.holding.lot_id),
            units=one.quantity,
            place_code=one.holding.location.where,
            sku=one.holding.lot.product.sku,
            product=one.holding.lot.product.name,
            lot_number=one.holding.lot.number,
            expires_on=one.holding.lot.expires_on,
        )
        for one in reserved.order_by("line__order_id", "line__position", "pk")
    ]


def wave_of(keeper: Company, number: str) -> PickWave:
    """A wave of one's own warehouses. Raises Http404."""
    found = PickWave.objects.select_related("warehouse", "made_by", "picked_by")
    wave = found.filter(keeper=keeper, number=number).first()
    if wave is None:
        raise Http404
    return wave


def parts_of_wave(wave: PickWave) -> list[PickWaveOrder]:
    """The orders of a wave, oldest first."""
    return list(PickWaveOrder.objects.filter(wave=wave).order_by("order_id"))


def list_of_wave(wave: PickWave) -> list[PickLine]:
    """What is still to be picked of an open wave; orders that were cancelled or are held back are
    not in it any more."""
    with platform_wide():
        open_ = PickWaveOrder.objects.filter(wave=wave, outcome=WaveOutcome.OPEN, order__holds=0)
        return pick_list(wanted_of(open_.values_list("order_id", flat=True)))


def aside_in(keeper: Company) -> list[PickWaveOrder]:
    """Orders that are put aside in one's own warehouses."""
    # Whether its seller cancelled it meanwhile, only the order says.
    with platform_wide():
        found = PickWaveOrder.objects.filter(
            keeper=keeper, outcome=WaveOutcome.ASIDE, order__state=RetailOrderState.RELEASED
        ).select_related("wave")
        return list(found.order_by("pk"))


@dataclass(frozen=True, slots=True)
class ToPack:
    """A picked order as its packer sees it: its number, its goods, what they weigh (grams)."""

    number: str
    goods: tuple[tuple[str, str, int], ...]
    net_g: int
    gross_g: int


def packing_in(houses: Sequence[BondedWarehouse], *, most: int) -> dict[int, list[ToPack]]:
    """By warehouse (id): its picked orders, oldest first, ``most`` of each."""
    told: dict[int, list[ToPack]] = {one.pk: [] for one in houses}
    if not houses:
        return told
    with platform_wide():
        first, *others = (
            to_pack(one).annotate(house=Value(one.pk)).values_list("house", "pk")[:most]
            for one in houses
        )
        # One statement for however many warehouses, which stops in each of them after ``most``.
        pairs = sorted(first.union(*others, all=True))
        orders = RetailOrder.objects.defer(*BUYER_FIELDS).prefetch_related("lines__product")
        known = {one.pk: one for one in orders.filter(pk__in={pk for _house, pk in pairs})}
    for house, pk in pairs:
        if pk in known:
            told[house].append(_packing(known[pk]))
    return told


def _packing(order: RetailOrder) -> ToPack:
    lines = sorted(order.lines.all(), key=lambda line: line.position)
    return ToPack(
        number=order.number,
        goods=tuple((one.product.sku, one.product.name, one.quantity) for one in lines),
        net_g=sum(one.quantity * one.product.net_weight_g for one in lines),
        gross_g=sum(one.quantity * one.product.gross_weight_g for one in lines),
    )


def waiting_in(houses: Sequence[BondedWarehouse]) -> dict[int, tuple[int, int]]:
    """By warehouse (id): how many orders wait to be picked, and to be packed."""
    with platform_wide():
        picking = _counted(houses, ReservationState.RELEASED, _to_pick())
        packing = _counted(houses, ReservationState.PICKED, _to_pack())
    return {one.pk: (picking.get(one.pk, 0), packing.get(one.pk, 0)) for one in houses}


def _counted(
    houses: Sequence[BondedWarehouse], state: ReservationState, orders: QuerySet[RetailOrder]
) -> dict[int, int]:
    here = Reservation.objects.filter(
        holding__warehouse__in=houses, state=state, line__order__in=orders.values("pk")
    )
    by_house = here.order_by().values_list("holding__warehouse_id")
    return dict(by_house.annotate(Count("line__order", distinct=True)))


def parcels_of(orders: Collection[int]) -> QuerySet[Parcel]:
    """The parcels of orders (ids), in the order in which they were packed."""
    return Parcel.objects.filter(order__in=orders).order_by("pk")
