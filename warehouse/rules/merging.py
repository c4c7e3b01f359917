"""When orders of one buyer may become one, and what that one holds.

A retail list names one order, one payment and one waybill, so nothing of ours joins two orders: the
shop makes a new one with a number and a payment of its own, which takes the place of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.errors import DomainError, InputError
from warehouse.rules.order_way import FOLLOWS, OrderMerged, Stage
from warehouse.rules.retail import IncomingLine
from warehouse.rules.waiting import NotPaidInTime

#: So many orders become one at most.
MOST_MERGED = 20
#: Orders placed longer ago are not looked for: whoever still waits then waits for something.
LOOKED_BACK = timedelta(days=14)
#: Of these nothing has gone to customs that only customs can take back.
MERGEABLE = frozenset(stage for stage, after in FOLLOWS.items() if Stage.MERGED in after)


class TooFewToMerge(InputError):
    """Two different orders at least, and twenty at most, become one."""

    code = "warehouse.too_few_to_merge"


class OrderNotYours(InputError):
    """You have no order of this number."""

    code = "warehouse.order_not_yours"


class PastMerging(DomainError):
    """Only orders that wait for the release by customs can be merged."""

    code = "warehouse.past_merging"


class ListReleased(DomainError):
    """Customs has released the retail list of this order; cancel the order first."""

    code = "warehouse.list_released"


class HeldFromMerging(DomainError):
    """This order is held back; who holds it lets it go on first."""

    code = "warehouse.held_from_merging"


class InSeveralParcels(DomainError):
    """This order is served by several parcels or waits for missing units, so it stays by itself."""

    code = "warehouse.in_several_parcels"


class BuyersDiffer(DomainError):
    """Only orders of one buyer in one shop, served from one warehouse, become one."""

    code = "warehouse.buyers_differ"


class ReceiversDiffer(InputError):
    """These orders go to different receivers; say whose name, telephone and address hold."""

    code = "warehouse.receivers_differ"


class ReceiverNotAmong(InputError):
    """The receiver is that of one of the orders that are merged."""

    code = "warehouse.receiver_not_among"


class ShopNumberKnown(InputError):
    """The new order has a number of its own in the shop; this one is known already."""

    code = "warehouse.shop_number_known"


@dataclass(frozen=True, slots=True)
class Merging:
    """One of the orders that are to become one.

    ``buyer`` is the keyed hash of the identity number, ``receiver`` names, telephones and address,
    which are compared and never told; ``house`` the warehouse (id) that serves it. ``lines`` are by
    position, ``into`` the number of the order it was merged into, ``listed`` the number of its
    retail list.
    """

    number: str
    state: str
    channel: str
    buyer: str
    house: int
    receiver: tuple[str, ...] = field(repr=False)
    lines: Mapping[int, IncomingLine]
    holds: int = 0
    is_parted: bool = False
    unpaid_until: datetime | None = None
    into: str = ""
    listed: str = ""


def check_mergeable(orders: Sequence[Merging], *, now: datetime) -> None:
    """Whether these (locked) orders may become one.

    Raises TooFewToMerge, OrderMerged, ListReleased, PastMerging, NotPaidInTime, HeldFromMerging,
    InSeveralParcels or BuyersDiffer, naming the order.
    """
    if not 2 <= len(orders) <= MOST_MERGED:
        raise TooFewToMerge(field="orders", orders=len(orders), limit=MOST_MERGED)
    for one in orders:
        _check_each(one, now)
    first = orders[0]
    for one in orders[1:]:
        if (one.channel, one.buyer, one.house) != (first.channel, first.buyer, first.house):
            raise BuyersDiffer(order=one.number, other=first.number)


def _check_each(one: Merging, now: datetime) -> None:
    if one.state == Stage.MERGED:
        raise OrderMerged(order=one.number, into=one.into)
    if one.listed and one.state not in MERGEABLE | {Stage.CANCELLED}:
        raise ListReleased(order=one.number, list=one.listed)
    if one.state not in MERGEABLE or (one.state == Stage.LISTED and not one.listed):
        raise PastMerging(order=one.number, state=one.state)
    if one.unpaid_until is not None and one.unpaid_until <= now:
        # From that moment on it is the sweep's.
        raise NotPaidInTime(order=one.number, unpaid_until=one.unpaid_until)
    if one.holds:
        raise HeldFromMerging(order=one.number)
    if one.is_parted:
        raise InSeveralParcels(order=one.number)


def receiver_among(orders: Sequence[Merging], named: str) -> int:
    """Which of the orders (from 0) says where the parcel goes; ``named`` is its number, empty where
    all say the same. Raises ReceiversDiffer or ReceiverNotAmong."""
    numbers = [one.number for one in orders]
    if named:
        if named not in numbers:
            raise ReceiverNotAmong(field="receiver_of", order=named[:32])
        return numbers.index(named)
    if len({one.receiver for one in orders}) > 1:
        raise ReceiversDiffer(field="receiver_of", orders=", ".join(numbers))
    return 0


def told_of_all(amounts: Sequence[int | None], *, more: int = 0) -> int | None:
    """What was told of several orders together (minor units), as far as it was told of each, and
    ``more`` that the new order costs beside: where it costs more or less than they did nobody has
    said what was paid. None where that is so: then it is worked out."""
    if more or any(one is None for one in amounts):
        return None
    return sum(one for one in amounts if one is not None)


def joined(
    orders: Sequence[Merging],
) -> tuple[tuple[IncomingLine, ...], dict[tuple[str, int], int]]:
    """The lines of all these orders, and at which position (from 1) each of them stands now, by
    order and its position there.

    The same product at one price is one line; at two prices it stays two, each with the price that
    was paid.
    """
    units: dict[tuple[str, int], int] = {}
    at: dict[tuple[str, int], int] = {}
    for one in orders:
        for position, line in sorted(one.lines.items()):
            key = (line.sku, line.unit_price_minor)
            units[key] = units.get(key, 0) + line.quantity
            at[one.number, position] = list(units).index(key) + 1
    lines = tuple(IncomingLine(sku, number, price) for (sku, price), number in units.items())
    return lines, at
