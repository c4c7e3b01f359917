"""What a carrier takes, under which numbers, and what it may tell of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import DomainError, InputError

MOST_PARCELS = 1_000
MOST_ROWS = 5_000
LONGEST_PLACE = 100
LONGEST_NOTE = 200

_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,15}")
_TRACKING = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{3,39}")


class EventKind(StrEnum):
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    FAILED = "failed"
    RETURNED = "returned"


class CarrierCodeWrong(InputError):
    """A carrier's code is of capital letters, digits and hyphens, 16 at most."""

    code = "warehouse.carrier_code_wrong"


class CarrierNameWrong(InputError):
    """A carrier has a name of one printable line."""

    code = "warehouse.carrier_name_wrong"


class CarrierThere(InputError):
    """There is a carrier of this code already."""

    code = "warehouse.carrier_there"


class NothingToHandOver(DomainError):
    """No packed parcel waits to be handed over in this warehouse."""

    code = "warehouse.nothing_to_hand_over"


class ParcelNotWaiting(InputError):
    """No parcel of this number waits to be handed over in this warehouse."""

    code = "warehouse.parcel_not_waiting"


class OrderInParts(InputError):
    """All parcels of an order leave together; this one's others are not among them."""

    code = "warehouse.order_in_parts"


class TooManyParcels(InputError):
    """Too many parcels at once; hand them over in smaller parts."""

    code = "warehouse.too_many_parcels"


class TooManyTold(InputError):
    """Too many rows at once; send them in smaller parts."""

    code = "warehouse.too_many_told"


class ParcelUnknown(InputError):
    """This carrier has no parcel of this number."""

    code = "warehouse.parcel_unknown"


class TrackingWrong(InputError):
    """A tracking number has 4 to 40 letters, digits and hyphens."""

    code = "warehouse.tracking_wrong"


class TrackingDiffers(InputError):
    """This parcel has another tracking number already."""

    code = "warehouse.tracking_differs"


class TrackingTaken(InputError):
    """This tracking number is another parcel's."""

    code = "warehouse.tracking_taken"


class EventUnknown(InputError):
    """A carrier tells picked_up, in_transit, delivered, failed or returned."""

    code = "warehouse.event_unknown"


class EventMomentWrong(InputError):
    """An event has a moment with date and time, after the hand-over and not in the future."""

    code = "warehouse.event_moment_wrong"


class EventTextWrong(InputError):
    """A place or a note of a carrier is one printable line, and not too long."""

    code = "warehouse.event_text_wrong"


class RowsWrong(InputError):
    """Some rows cannot be taken; nothing of the file was."""

    code = "warehouse.rows_wrong"


@dataclass(frozen=True, slots=True)
class Handed:
    """A parcel that a carrier has: our number, when it was taken, its tracking number or none."""

    parcel: str
    handed_at: datetime
    tracking: str = ""


@dataclass(frozen=True, slots=True)
class TrackingTold:
    """A tracking number for one of our parcels; ``row`` names it where it is refused."""

    row: int
    parcel: str
    tracking: str


@dataclass(frozen=True, slots=True)
class EventTold:
    """What a carrier tells of a parcel, named by our number or by its tracking number.

    ``happened_at`` is aware, or None where what was written is no moment.
    """

    row: int
    parcel: str
    kind: str
    happened_at: datetime | None
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one row and column."""

    row: int
    field: str
    error: DomainError


def check_carrier(code: str, name: str) -> None:
    """Raises CarrierCodeWrong or CarrierNameWrong."""
    if not _CODE.fullmatch(code):
        raise CarrierCodeWrong(field="code")
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise CarrierNameWrong(field="name")


def to_hand_over(wanted: Collection[str], waiting: Mapping[str, str]) -> list[str]:
    """Which parcels (numbers) leave; ``waiting`` gives the order's number of each that may.

    Without ``wanted`` all of them, as many as can go at once with whole orders. Raises
    NothingToHandOver, ParcelNotWaiting, OrderInParts or TooManyParcels.
    """
    if not waiting:
        raise NothingToHandOver
    if len(wanted) > MOST_PARCELS:
        raise TooManyParcels(parcels=len(wanted), limit=MOST_PARCELS)
    if not wanted:
        by_order: dict[str, list[str]] = {}
        for parcel, order in waiting.items():
            by_order.setdefault(order, []).append(parcel)
        found: list[str] = []
        for parcels in by_order.values():
            if len(found) + len(parcels) > MOST_PARCELS:
                break
            found += parcels
        return found
    chosen = sorted(set(wanted))
    for number in chosen:
        if number not in waiting:
            raise ParcelNotWaiting(field="parcels", parcel=number)
    orders = {waiting[number] for number in chosen}
    for number, order in waiting.items():
        if order in orders and number not in chosen:
            raise OrderInParts(field="parcels", order=order, parcel=number)
    return chosen


def new_tracking(
    rows: Sequence[TrackingTold], handed: Mapping[str, Handed]
) -> tuple[dict[str, str], list[Fault]]:
    """By parcel (number) the tracking numbers that are new, and all that is wrong.

    ``handed`` are the carrier's parcels by our number. The same told again is nothing new.
    """
    if len(rows) > MOST_ROWS:
        raise TooManyTold(rows_told=len(rows), limit=MOST_ROWS)
    faults: list[Fault] = []
    fresh: dict[str, str] = {}
    owners = {one.tracking: one.parcel for one in handed.values() if one.tracking}
    for told in rows:
        one = handed.get(told.parcel)
        if one is None:
            faults.append(Fault(told.row, "parcel", ParcelUnknown(parcel=told.parcel[:40])))
            continue
        if not _TRACKING.fullmatch(told.tracking):
            faults.append(Fault(told.row, "tracking_number", TrackingWrong()))
            continue
        stands = one.tracking or fresh.get(told.parcel, "")
        if stands and stands != told.tracking:
            faults.append(
                Fault(told.row, "tracking_number", TrackingDiffers(tracking_number=stands))
            )
        elif owners.get(told.tracking, told.parcel) != told.parcel:
            owner = owners[told.tracking]
            faults.append(Fault(told.row, "tracking_number", TrackingTaken(parcel=owner)))
        elif not stands:
            fresh[told.parcel] = told.tracking
            owners[told.tracking] = told.parcel
    return fresh, faults


def checked_events(
    rows: Sequence[EventTold], handed: Iterable[Handed], *, now: datetime
) -> tuple[list[EventTold], list[Fault]]:
    """The events with our parcels' numbers, each once, and all that is wrong with the others."""
    if len(rows) > MOST_ROWS:
        raise TooManyTold(rows_told=len(rows), limit=MOST_ROWS)
    known: dict[str, Handed] = {}
    for one in handed:
        known[one.parcel] = one
        if one.tracking:
            known.setdefault(one.tracking, one)
    faults: list[Fault] = []
    good: dict[tuple[str, str, datetime], EventTold] = {}
    kinds = {kind.value for kind in EventKind}
    for told in rows:
        found, before = known.get(told.parcel), len(faults)
        if found is None:
            faults.append(Fault(told.row, "parcel", ParcelUnknown(parcel=told.parcel[:40])))
        if told.kind not in kinds:
            faults.append(Fault(told.row, "kind", EventUnknown()))
        at = told.happened_at
        # Carriers write minutes.
        since = found.handed_at.replace(second=0, microsecond=0) if found else None
        if at is None or at > now or (since is not None and at < since):
            faults.append(Fault(told.row, "happened_at", EventMomentWrong()))
        for name, text, longest in (
            ("place", told.place, LONGEST_PLACE),
            ("note", told.note, LONGEST_NOTE),
        ):
            if len(text) > longest or not text.isprintable():
                faults.append(Fault(told.row, name, EventTextWrong(longest=longest)))
        if len(faults) == before and found is not None and at is not None:
            good[found.parcel, told.kind, at] = EventTold(
                told.row, found.parcel, told.kind, at, told.place, told.note
            )
    return list(good.values()), faults


def is_delivered(kinds: Iterable[Collection[str]]) -> bool:
    """Whether an order is delivered: each of its parcels was, by the kinds told of each."""
    told = list(kinds)
    return bool(told) and all(EventKind.DELIVERED in one for one in told)
