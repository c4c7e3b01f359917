"""Which legs a movement of goods makes, and what may become of what.

Values in, legs or a refusal out. A leg is signed units of one lot on one account: ``stock``,
with the place and the status in which the units lie, or an account outside of all warehouses.
The legs of a posting are one owner's and sum to zero for every lot, so that nothing comes from
nowhere and nothing is lost; two owners' postings meet on the account ``owners``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import DomainError, InputError


class Account(StrEnum):
    STOCK = "stock"
    SUPPLIER = "supplier"
    CONSUMER = "consumer"
    ADJUSTMENT = "adjustment"
    DESTROYED = "destroyed"
    OWNERS = "owners"


class Status(StrEnum):
    IN_TRANSIT = "in_transit"
    QUARANTINE = "quarantine"
    AVAILABLE = "available"
    OFFERED = "offered"
    RESERVED = "reserved"
    RELEASED = "released"
    PICKED = "picked"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    RECALLED = "recalled"


class Kind(StrEnum):
    RECEIVED = "received"
    RESERVED = "reserved"
    RETURNED = "returned"
    CHANGED = "changed"
    MOVED = "moved"
    COUNTED = "counted"
    DESTROYED = "destroyed"
    SHIPPED = "shipped"
    SENT_BACK = "sent_back"
    TRANSFERRED = "transferred"


#: Promised to a consumer or to another owner: no longer the owner's to sell, though it may lie in
#: the warehouse.
PROMISED = frozenset({Status.OFFERED, Status.RESERVED, Status.RELEASED, Status.PICKED})

#: What is wrong with goods may turn out at any time; that it is not, only after a second look.
_FOUND_BAD = frozenset({Status.QUARANTINE, Status.DAMAGED, Status.EXPIRED, Status.RECALLED})
_FOLLOWS: Mapping[Status, frozenset[Status]] = {
    Status.IN_TRANSIT: _FOUND_BAD | {Status.AVAILABLE},
    Status.QUARANTINE: _FOUND_BAD - {Status.QUARANTINE} | {Status.AVAILABLE},
    Status.AVAILABLE: _FOUND_BAD | {Status.OFFERED, Status.RESERVED},
    # What is promised is given back first: its order or offer must be told.
    Status.OFFERED: frozenset({Status.AVAILABLE}),
    Status.RESERVED: frozenset({Status.AVAILABLE, Status.RELEASED}),
    Status.RELEASED: frozenset({Status.AVAILABLE, Status.PICKED}),
    Status.PICKED: frozenset({Status.AVAILABLE}),
    Status.DAMAGED: frozenset({Status.QUARANTINE}),
    Status.EXPIRED: frozenset(),
    Status.RECALLED: frozenset({Status.QUARANTINE}),
}
_TO_BE_DESTROYED = frozenset({Status.DAMAGED, Status.EXPIRED, Status.RECALLED})


class PostingNotBalanced(InputError):
    """The legs of a stock posting sum to zero for every lot."""

    code = "warehouse.posting_not_balanced"


class PostingTooSmall(InputError):
    """A stock posting moves whole units between at least two places, statuses or accounts."""

    code = "warehouse.posting_too_small"


class PostingConflict(DomainError):
    """This movement of stock has been booked before with other contents."""

    code = "warehouse.posting_conflict"


class StatusDoesNotFollow(DomainError):
    """Goods in this status cannot come into that one directly."""

    code = "warehouse.status_does_not_follow"


class PromisedToAnOrder(DomainError):
    """Goods that are promised to a consumer or another seller stay until that is cancelled."""

    code = "warehouse.promised_to_an_order"


class NotToBeDestroyed(DomainError):
    """Only damaged, expired or recalled goods are destroyed."""

    code = "warehouse.not_to_be_destroyed"


class StockShort(DomainError):
    """Fewer units of this lot lie there in this status than are to be taken."""

    code = "warehouse.stock_short"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The key of a holding: whose, of which lot, where (ids) and in what status."""

    lot: int
    owner: int
    location: int
    status: Status


@dataclass(frozen=True, slots=True)
class Leg:
    """Signed units of a lot on an account; on ``stock`` at a place and in a status."""

    account: Account
    lot: int
    quantity: int
    location: int | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """What happens to one owner's units, once for its ``key``. ``keeper``: in whose warehouse.

    ``moved_at`` is aware; ``by`` is the person (id) who did it, None where nobody did by hand.
    """

    key: str
    kind: Kind
    document: str
    owner: int
    keeper: int
    moved_at: datetime
    legs: Sequence[Leg]
    by: int | None = None


def received(
    lot: int, location: int, quantity: int, *, status: Status = Status.AVAILABLE
) -> tuple[Leg, ...]:
    """From the supplier, free to be sold unless it came damaged or expired.

    Raises StatusDoesNotFollow.
    """
    if status not in _FOLLOWS[Status.IN_TRANSIT]:
        raise StatusDoesNotFollow(before=Status.IN_TRANSIT.value, after=status.value)
    return (
        Leg(Account.SUPPLIER, lot, -quantity),
        Leg(Account.STOCK, lot, quantity, location, status),
    )


def changed(
    lot: int, location: int, quantity: int, *, before: Status, after: Status
) -> tuple[Leg, ...]:
    """From one status into another, where it lies: reserved, given back, picked, held, recalled.

    Raises StatusDoesNotFollow.
    """
    if after not in _FOLLOWS[before]:
        raise StatusDoesNotFollow(before=before.value, after=after.value)
    return (
        Leg(Account.STOCK, lot, -quantity, location, before),
        Leg(Account.STOCK, lot, quantity, location, after),
    )


def moved(
    lot: int, quantity: int, *, status: Status, origin: int, destination: int
) -> tuple[Leg, ...]:
    """From one place to another, in the status it has. Raises PromisedToAnOrder."""
    _check_free(status)
    return (
        Leg(Account.STOCK, lot, -quantity, origin, status),
        Leg(Account.STOCK, lot, quantity, destination, status),
    )


def counted(lot: int, location: int, difference: int, *, status: Status) -> tuple[Leg, ...]:
    """What a count found more (positive) or less than the ledger says.

    Raises PromisedToAnOrder.
    """
    _check_free(status)
    return (
        Leg(Account.ADJUSTMENT, lot, -difference),
        Leg(Account.STOCK, lot, difference, location, status),
    )


def destroyed(lot: int, location: int, quantity: int, *, status: Status) -> tuple[Leg, ...]:
    """Gone for good. Raises NotToBeDestroyed for what could still be sold."""
    if status not in _TO_BE_DESTROYED:
        raise NotToBeDestroyed(status=status.value)
    return (
        Leg(Account.STOCK, lot, -quantity, location, status),
        Leg(Account.DESTROYED, lot, quantity),
    )


def came_back(lot: int, location: int, quantity: int) -> tuple[Leg, ...]:
    """From the consumer, to be looked at before it is sold again."""
    return (
        Leg(Account.CONSUMER, lot, -quantity),
        Leg(Account.STOCK, lot, quantity, location, Status.QUARANTINE),
    )


def shipped(lot: int, location: int, quantity: int) -> tuple[Leg, ...]:
    """What was picked is on its way to the consumer."""
    return (
        Leg(Account.STOCK, lot, -quantity, location, Status.PICKED),
        Leg(Account.CONSUMER, lot, quantity),
    )


def transferred(lot: int, location: int, quantity: int) -> tuple[tuple[Leg, ...], tuple[Leg, ...]]:
    """From one owner to another, where it lies: the giver's legs and the taker's.

    What was offered becomes free for the taker to sell.
    """
    given = (
        Leg(Account.STOCK, lot, -quantity, location, Status.OFFERED),
        Leg(Account.OWNERS, lot, quantity),
    )
    taken = (
        Leg(Account.OWNERS, lot, -quantity),
        Leg(Account.STOCK, lot, quantity, location, Status.AVAILABLE),
    )
    return given, taken


def _check_free(status: Status) -> None:
    if status in PROMISED:
        raise PromisedToAnOrder(status=status.value)


def settled(legs: Iterable[Leg]) -> list[Leg]:
    """The legs as they are posted: one for each place, status and account, those that cancel out
    left away, so that the same movement always has the same legs.

    Raises PostingTooSmall (a part of a unit, or nothing moves) or PostingNotBalanced.
    """
    sums: dict[tuple[str, int, int, str], int] = defaultdict(int)
    by_lot: dict[int, int] = defaultdict(int)
    for leg in legs:
        if type(leg.quantity) is not int:
            raise PostingTooSmall(lot=leg.lot, quantity=leg.quantity)
        sums[leg.account, leg.lot, leg.location or 0, leg.status or ""] += leg.quantity
        by_lot[leg.lot] += leg.quantity
    if off := {lot: units for lot, units in by_lot.items() if units}:
        raise PostingNotBalanced(lots=sorted(off), units=sum(off.values()))
    merged = [
        Leg(
            Account(account),
            lot,
            units,
            location or None,
            Status(status) if status else None,
        )
        for (account, lot, location, status), units in sorted(sums.items())
        if units
    ]
    if not merged:
        raise PostingTooSmall(legs=0)
    return merged


def changes(postings: Iterable[tuple[int, Sequence[Leg]]]) -> dict[Place, int]:
    """What the legs of owners (ids) add to each holding; those that stay as they are too."""
    found: dict[Place, int] = defaultdict(int)
    for owner, legs in postings:
        for leg in legs:
            if leg.location is not None and leg.status is not None:
                found[Place(leg.lot, owner, leg.location, leg.status)] += leg.quantity
    return dict(found)


def filled(wanted: Mapping[Place, int]) -> set[int]:
    """The places (ids) at which more lies afterwards than before, whoever's and in what status."""
    units: dict[int, int] = defaultdict(int)
    for place, more in wanted.items():
        units[place.location] += more
    return {location for location, more in units.items() if more > 0}


def check_enough(stands: Mapping[Place, int], wanted: Mapping[Place, int]) -> None:
    """Nothing goes below zero; ``wanted`` are signed units. Raises StockShort of the first place
    (by key), with ids for its lot and owner."""
    for place in sorted(wanted):
        available = stands.get(place, 0)
        if available + wanted[place] < 0:
            raise StockShort(
                lot=place.lot,
                owner=place.owner,
                status=place.status.value,
                wanted=-wanted[place],
                available=available,
            )
