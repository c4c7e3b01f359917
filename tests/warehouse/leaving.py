"""Orders on their way out of a warehouse, as far as a test needs them. Call platform-wide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import Company, User
from catalog.models import Product
from tests.factories.accounts import UserFactory
from tests.factories.warehouse import SELLS, an_incoming_order
from warehouse.models import (
    BondedWarehouse,
    Carrier,
    HandOver,
    PickWave,
    Reservation,
    RetailOrder,
)
from warehouse.queries.serials import units_in, wanted_for, with_serials
from warehouse.services import (
    Packed,
    accept_orders,
    confirm_wave,
    enter_carrier,
    hand_over,
    make_wave,
    mark_listed,
    pack_order,
    release_orders,
)

LEAVES = SELLS + timedelta(days=1)


def sold(seller: Company, product: Product, units: Sequence[int]) -> list[RetailOrder]:
    """Orders of so many units each."""
    first = RetailOrder.objects.count()
    accept_orders(
        seller=seller,
        orders=[
            an_incoming_order(product.sku, many, number=f"L-{first + at}")
            for at, many in enumerate(units)
        ],
        now=SELLS,
    )
    return list(RetailOrder.objects.order_by("pk")[first:])


def released(seller: Company, product: Product, units: Sequence[int]) -> list[RetailOrder]:
    """The same, listed and let go by the authority."""
    keys = [order.pk for order in sold(seller, product, units)]
    mark_listed(orders=keys)
    release_orders(orders=keys, lists={pk: f"RL-{pk}" for pk in keys}, now=LEAVES)
    return list(RetailOrder.objects.filter(pk__in=keys).order_by("pk"))


def _house(orders: Sequence[RetailOrder]) -> BondedWarehouse:
    """Where the goods of these orders lie."""
    return BondedWarehouse.objects.filter(
        pk=Reservation.objects.filter(line__order=orders[0]).values("holding__warehouse")[:1]
    ).get()


def picked(orders: Sequence[RetailOrder], by: User) -> PickWave:
    """The same, picked whole in one wave."""
    wave = make_wave(
        house=_house(orders),
        numbers=[order.number for order in orders],
        made_by=by,
        now=LEAVES,
    )
    confirm_wave(wave=wave, found={}, confirmed_by=by, now=LEAVES)
    return wave


def packed(orders: Sequence[RetailOrder], by: User) -> None:
    """Picked ones, each in a parcel as heavy as its goods."""
    for order in orders:
        weight = sum(line.quantity * line.product.gross_weight_g for line in order.lines.all())
        pack_order(
            house=_house(orders),
            order=order.number,
            parcels=[Packed(weight, serials=serials_for(order))],
            packed_by=by,
            now=LEAVES,
        )


def serials_for(order: RetailOrder) -> tuple[str, ...]:
    """Of lots of which serial numbers are kept, the first that are here."""
    wanted = wanted_for(order)
    called = with_serials(wanted.keys())
    told = []
    for lot in called:
        here = [one.serial for one in units_in([lot]) if one.is_here]
        told += here[: wanted[lot]]
    return tuple(told)


def a_carrier(code: str = "SF") -> Carrier:
    keeper = BondedWarehouse.objects.order_by("pk")[0].operator
    known = Carrier.objects.filter(keeper=keeper, code=code).first()
    return known or enter_carrier(keeper=keeper, code=code, name=f"Carrier {code}")


def handed(orders: Sequence[RetailOrder], by: User | None = None) -> HandOver:
    """Released ones, all the way to a carrier."""
    clerk = by or UserFactory.create()
    picked(orders, clerk)
    packed(orders, clerk)
    return hand_over(
        carrier=a_carrier(),
        house=_house(orders),
        handed_by=clerk,
        now=LEAVES + timedelta(hours=2),
    )


def moment(hours: int) -> datetime:
    """So many hours after the hand-over."""
    return LEAVES + timedelta(hours=2 + hours)
