"""What carriers tell of parcels: under which numbers they follow them, and what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from core.copying import among_keys, insert_rows
from core.errors import DomainError
from core.sheets import MOST_FAULTS, RowError
from core.walls import platform_wide
from traceability.services import record
from warehouse.carriers import ADAPTERS
from warehouse.models import (
    Carrier,
    HandedParcel,
    HandOver,
    Parcel,
    ParcelEvent,
    Reservation,
    RetailOrder,
    RetailOrderState,
)
from warehouse.rules import handing as rules
from warehouse.rules.handing import EventKind, EventTold, Fault, Handed, TrackingTold
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind
from warehouse.services import telling
from warehouse.services.advancing import advance, fact_of, locked
from warehouse.services.telling_parcels import tell_parcels


def _handed(found: Sequence[HandedParcel]) -> list[Handed]:
    return [
        Handed(one.parcel.number, one.hand_over.handed_at, one.tracking_number) for one in found
    ]


def _refused(faults: Sequence[Fault]) -> rules.RowsWrong:
    shown = [RowError(one.row, one.field, _sentence(one.error)) for one in faults[:MOST_FAULTS]]
    return rules.RowsWrong(count=len(faults), rows=shown)


def _sentence(error: DomainError) -> str:
    told = ", ".join(str(value) for value in error.facts.values())
    sentence = gettext(error.rule())
    return f"{sentence} ({told})" if told else sentence


@transaction.atomic
def note_tracking(*, hand_over: HandOver, rows: Sequence[TrackingTold]) -> int:
    """The carrier tells its numbers of a manifest's parcels. Returns how many are new.

    All or none; told again they change nothing. Raises TooManyTold or RowsWrong (its fact ``rows``
    names every wrong cell); then nothing has been written.
    """
    # The parcels' rows are their sellers'.
    with platform_wide():
        # Whoever tells numbers of the same carrier waits here.
        Carrier.objects.select_for_update().get(pk=hand_over.carrier_id)
        mine = HandedParcel.objects.filter(carrier=hand_over.carrier_id)
        lines = mine.filter(hand_over=hand_over).select_related("parcel", "hand_over")
        found = {one.parcel.number: one for one in lines}
        fresh, faults = rules.new_tracking(
            rows, {one.parcel: one for one in _handed(list(found.values()))}
        )
        taken = mine.exclude(hand_over=hand_over).filter(
            among_keys("tracking_number", list(fresh.values()), "text")
        )
        others = dict(taken.values_list("tracking_number", "parcel__number"))
        faults += [
            Fault(told.row, "tracking_number", rules.TrackingTaken(parcel=others[told.tracking]))
            for told in rows
            if told.tracking in others
        ]
        if faults:
            raise _refused(faults)
        for number, tracking in fresh.items():
            found[number].tracking_number = tracking
        HandedParcel.objects.bulk_update(
            [found[number] for number in fresh], ["tracking_number"], batch_size=500
        )
    return len(fresh)


@transaction.atomic
def note_events(*, carrier: Carrier, rows: Sequence[EventTold], now: datetime) -> int:
    """The carrier tells what happened to parcels, named by our number or its own.

    In any order and any number of times: what was told before is nothing new. An order all of
    whose parcels were delivered is delivered. Returns how many events are new.

    Raises TooManyTold or RowsWrong (its fact ``rows`` names every wrong cell); then nothing has
    been written.
    """
    # The parcels and their orders are their sellers'.
    with platform_wide():
        names = sorted({told.parcel for told in rows})
        mine = HandedParcel.objects.filter(carrier=carrier).select_related("parcel", "hand_over")
        found = list(mine.filter(among_keys("parcel__number", names, "text")))
        found += mine.filter(among_keys("tracking_number", [one for one in names if one], "text"))
        good, faults = rules.checked_events(rows, _handed(found), now=now)
        if faults:
            raise _refused(faults)
        parcels = {one.parcel.number: one.parcel for one in found}
        # Whoever tells of the same orders waits here, and sees what the first has told.
        orders = locked({parcels[told.parcel].order_id for told in good})
        new = _write(good, parcels, now)
        tell_parcels(
            [
                (parcels[told.parcel], told.kind, told.happened_at)
                for told in good
                if told.happened_at
                and (parcels[told.parcel].pk, told.kind, told.happened_at) in new
            ],
            now,
        )
        _deliver([one for one in orders if one.state == RetailOrderState.HANDED_OVER], now)
    return len(new)


def _write(
    good: Sequence[EventTold], parcels: dict[str, Parcel], now: datetime
) -> set[tuple[int, str, datetime]]:
    rows = insert_rows(
        ParcelEvent,
        {
            "parcel_id": [parcels[told.parcel].pk for told in good],
            "seller_id": [parcels[told.parcel].seller_id for told in good],
            "keeper_id": [parcels[told.parcel].keeper_id for told in good],
            "kind": [told.kind for told in good],
            "happened_at": [told.happened_at for told in good],
            "place": [told.place for told in good],
            "note": [told.note for told in good],
            "told_at": [now] * len(good),
        },
        returning=("parcel_id", "kind", "happened_at"),
        unless_there=True,
    )
    return {(parcel, kind, at) for parcel, kind, at in rows}


def _deliver(orders: Sequence[RetailOrder], now: datetime) -> None:
    """Those of these orders all of whose parcels were delivered."""
    keys = [one.pk for one in orders]
    kinds: dict[int, dict[int, set[str]]] = defaultdict(dict)
    for parcel, order in Parcel.objects.filter(order__in=keys).values_list("pk", "order_id"):
        kinds[order][parcel] = set()
    told = ParcelEvent.objects.filter(parcel__order__in=keys, kind=EventKind.DELIVERED.value)
    for parcel, order in told.values_list("parcel_id", "parcel__order_id"):
        kinds[order][parcel].add(EventKind.DELIVERED.value)
    done = [one for one in orders if rules.is_delivered(kinds[one.pk].values())]
    if not done:
        return
    parts: dict[int, list[Reservation]] = defaultdict(list)
    lots = Reservation.objects.filter(among_keys("line__order_id", [one.pk for one in done]))
    for one in lots.select_related("line", "holding__lot__product", "holding__lot__warehouse"):
        parts[one.line.order_id].append(one)
    advance(done, Stage.DELIVERED, key="deliver", kind=Kind.SHIPPED, now=now)
    record(
        *(
            fact_of(
                order.number,
                [(one.holding.lot, one.quantity) for one in parts[order.pk]],
                biz_step="accepting",
                disposition="retail_sold",
                now=now,
            )
            for order in done
        ),
        now=now,
    )
    telling.tell_gone_on("retail.delivered", done, now)


def read_tracking_file(*, hand_over: HandOver, name: str, content: bytes) -> int:
    """Tracking numbers from a carrier's file; see :func:`note_tracking`. Raises SheetRefused."""
    adapter = ADAPTERS[hand_over.carrier.kind]
    return note_tracking(hand_over=hand_over, rows=adapter.read_tracking(name, content))


def read_events_file(*, carrier: Carrier, name: str, content: bytes, now: datetime) -> int:
    """Events from a carrier's file; see :func:`note_events`. Raises SheetRefused."""
    rows = ADAPTERS[carrier.kind].read_events(name, content)
    return note_events(carrier=carrier, rows=rows, now=now)
