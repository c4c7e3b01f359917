"""Units with serial numbers come in, leave in parcels and come back, each once at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from core.errors import InputError
from procurement.models import ShipmentLine
from warehouse.models import (
    Parcel,
    ReceiptLine,
    RetailOrder,
    RetailReturn,
    SerialStep,
    SerialUnit,
)
from warehouse.queries.serials import units_in, units_of, wanted_for, with_serials
from warehouse.rules import serials as rules
from warehouse.rules.receiving import Found
from warehouse.rules.serials import Unit


def check_received(
    lines: Sequence[ShipmentLine], counts: Mapping[int, int], seen: Mapping[int, Found]
) -> dict[int, tuple[str, ...]]:
    """The serial numbers to keep, by shipment line (id).

    Raises WrongSerial, SerialSeenTwice or SerialsMissing, naming line and row.
    """
    told: dict[int, tuple[str, ...]] = {}
    for line in lines:
        keeps = line.order_line.product.keeps_serials
        try:
            told[line.pk] = rules.check_serials(seen[line.pk].serials, counts[line.pk], keeps=keeps)
        except InputError as error:
            raise type(error)(line=line.pk, **error.facts) from error
    return told


def keep_received(
    counted: Sequence[ReceiptLine],
    lines: Sequence[ShipmentLine],
    serials: Mapping[int, tuple[str, ...]],
) -> None:
    """Each serial number of a product comes in once, wherever. Call platform-wide, within the
    count. Raises SerialSeenTwice, naming line and row."""
    product = {line.pk: line.order_line.product_id for line in lines}
    rows = [
        SerialUnit(
            product_id=product[line.shipment_line_id],
            serial=serial,
            receipt_line=line,
            keeper_id=line.keeper_id,
        )
        for line in counted
        for serial in serials[line.shipment_line_id]
    ]
    if not rows:
        return
    # In one order, so that of two counts one waits for the other.
    rows.sort(key=lambda row: (row.product_id, row.serial))
    try:
        with transaction.atomic():
            SerialUnit.objects.bulk_create(rows, batch_size=5_000)
    except IntegrityError as error:
        if "a_serial_number_is_received_once" not in str(error):
            raise
        raise _known(counted, product, serials) from error


def _known(
    counted: Sequence[ReceiptLine],
    product: Mapping[int, int],
    serials: Mapping[int, tuple[str, ...]],
) -> rules.SerialSeenTwice:
    """Which of them there was before, or which of two lines say both."""
    before: set[tuple[int, str]] = set()
    for line in counted:
        key, told = product[line.shipment_line_id], serials[line.shipment_line_id]
        known = SerialUnit.objects.filter(product=key, serial__in=told)
        before |= {(key, serial) for serial in known.values_list("serial", flat=True)}
        for row, serial in enumerate(told, start=1):
            if (key, serial) in before:
                return rules.SerialSeenTwice(line=line.shipment_line_id, row=row, serial=serial)
        before |= {(key, serial) for serial in told}
    return rules.SerialSeenTwice()


def send_serials(
    order: RetailOrder, parcels: Sequence[Parcel], serials: Sequence[Sequence[str]]
) -> None:
    """What leaves in each parcel; of lots whose serial numbers are kept, every unit is named.

    Call platform-wide, with the order locked. Raises SerialNotHere, SerialSeenTwice or
    SerialsMissing.
    """
    wanted = wanted_for(order)
    called = with_serials(wanted.keys())
    told = [serial for parcel in serials for serial in parcel]
    if not called and not told:
        return
    chosen = rules.choose(
        told, units_in(called), {called[lot]: n for lot, n in wanted.items() if lot in called}
    )
    of = [parcel for parcel, within in zip(parcels, serials, strict=True) for _serial in within]
    _step(
        [(unit, {"parcel": parcel}) for unit, parcel in zip(chosen, of, strict=True)],
        of[0].keeper_id,
    )


def take_serials_back(
    back: RetailReturn, taken: Sequence[tuple[int, int]], serials: Sequence[str]
) -> None:
    """What came back of an order, by lot (id) and units; every unit that left with a number has it.

    Call platform-wide, with the order locked. Raises SerialDidNotLeave, SerialSeenTwice or
    SerialsMissing.
    """
    units = units_of(back.order)
    if not units and not serials:
        return
    called = with_serials({lot for lot, _n in taken})
    wanted: dict[str, int] = {}
    for lot, n in taken:
        if lot in called:
            wanted[called[lot]] = wanted.get(called[lot], 0) + n
    chosen = rules.choose_back(serials, units, wanted)
    _step([(unit, {"back": back}) for unit in chosen], back.keeper_id)


def _step(rows: Sequence[tuple[Unit, Mapping[str, Parcel | RetailReturn]]], keeper: int) -> None:
    """Raises SerialSeenTwice where another was faster with one of them."""
    try:
        with transaction.atomic():
            SerialStep.objects.bulk_create(
                SerialStep(unit_id=unit.pk, step=unit.steps + 1, keeper_id=keeper, **goes)
                for unit, goes in sorted(rows, key=lambda row: row[0].pk)
            )
    except IntegrityError as error:
        if "a_unit_takes_each_step_once" not in str(error):
            raise
        raise rules.SerialSeenTwice(serials=len(rows)) from error
