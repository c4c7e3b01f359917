"""Whether the weights of an order's parcels can be true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import DomainError, InputError

MOST_PARCELS = 20
HEAVIEST_G = 30_000  # what one person lifts and carriers take
#: A parcel's own carton and filling, and how far scales and the catalogue may be apart.
PACKAGE_G = 1_000
TOLERANCE_PERCENT = 10


class ParcelsOutOfRange(InputError):
    """An order leaves in one parcel at least, and in no more than one can follow."""

    code = "warehouse.parcels_out_of_range"


class ParcelWeightOutOfRange(InputError):
    """A parcel weighs a whole number of grams from 1 on, and no more than carriers take."""

    code = "warehouse.parcel_weight_out_of_range"


class ParcelsTooLight(DomainError):
    """The parcels weigh less than the goods of the order; look whether all of them are in."""

    code = "warehouse.parcels_too_light"


class ParcelsTooHeavy(DomainError):
    """The parcels weigh more than the goods of the order and their packing could."""

    code = "warehouse.parcels_too_heavy"


class OrderNotPicked(InputError):
    """No picked order of this number waits to be packed in this warehouse."""

    code = "warehouse.order_not_picked"


@dataclass(frozen=True, slots=True)
class Goods:
    """Units of a product with its weights by unit, in grams."""

    units: int
    net_g: int
    gross_g: int


def check_weights(weights: Sequence[int], goods: Sequence[Goods]) -> None:
    """The parcels (grams each) weigh as much as the goods net, and no more than gross and packed.

    Raises ParcelsOutOfRange, ParcelWeightOutOfRange, ParcelsTooLight or ParcelsTooHeavy.
    """
    if not 1 <= len(weights) <= MOST_PARCELS:
        raise ParcelsOutOfRange(parcels=len(weights), limit=MOST_PARCELS)
    for position, weight in enumerate(weights, start=1):
        if not 1 <= weight <= HEAVIEST_G:
            raise ParcelWeightOutOfRange(
                field="weights", parcel=position, weight_g=weight, highest=HEAVIEST_G
            )
    total = sum(weights)
    least = sum(one.units * one.net_g for one in goods) * (100 - TOLERANCE_PERCENT) // 100
    most = sum(one.units * one.gross_g for one in goods) * (
        100 + TOLERANCE_PERCENT
    ) // 100 + PACKAGE_G * len(weights)
    if total < least:
        raise ParcelsTooLight(weight_g=total, lowest=least)
    if total > most:
        raise ParcelsTooHeavy(weight_g=total, highest=most)
