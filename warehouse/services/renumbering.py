"""A serial number that was mistyped is put right, and a unit that is gone or found is named."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from accounts.models import User
from core.numbers import next_number
from core.taking import take_turns
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import Lot, SerialChange, SerialStep, SerialUnit
from warehouse.queries.serials import gone_unnamed, last_change, unit_of
from warehouse.rules import renumbering as rules
from warehouse.rules.renumbering import Act
from warehouse.rules.serials import SerialSeenTwice


@transaction.atomic
def change_serial(
    *,
    lot: Lot,
    serial: str,
    act: Act,
    reason: str,
    changed_by: User,
    now: datetime,
    right: str = "",
) -> SerialChange:
    """Put right what is said of one unit of a lot; it leaves a record under a number of its own.

    ``right`` is the number that a mistyped one is in truth; the wrong one is free again. Which
    units left without an order, the stock says: no more are named than it wrote off.

    Raises SerialUnknown, SerialWithoutReason, WrongSerial, SerialUnchanged, SerialSeenTwice,
    SerialNotInHouse, SerialNotGone or FewerUnitsGone; then nothing has been written.
    """
    # Packers write the orders' side, which the keeper's own walls do not show.
    with platform_wide():
        told = rules.check_reason(reason)
        take_turns("serials", lot.number)
        # Whoever packs this unit names it and waits here, or is waited for.
        held = (
            SerialUnit.objects.select_for_update(of=("self",))
            .filter(receipt_line=lot.receipt_line_id, serial=serial.strip())
            .first()
        )
        if held is None:
            raise rules.SerialUnknown(field="serial", given=serial.strip()[:40])
        unit, before = unit_of(held), last_change(held)
        rules.check_change(
            unit, act, right=right, was_named=before is not None, gone=gone_unnamed(lot)
        )
        change: SerialChange = SerialChange.objects.create(
            number=next_number("SN", day_of(now).year),
            unit=held,
            act=act.value,
            before=unit.serial,
            after=right if act == Act.CORRECTED else "",
            reason=told,
            keeper_id=held.keeper_id,
            changed_at=now,
            changed_by=changed_by,
        )
        if act == Act.CORRECTED:
            _renumber(held, right)
        else:
            SerialStep.objects.create(
                unit=held, step=unit.steps + 1, change=change, keeper_id=held.keeper_id
            )
        return change


def _renumber(unit: SerialUnit, right: str) -> None:
    """Raises SerialSeenTwice where another unit of the product has this number."""
    try:
        with transaction.atomic():
            SerialUnit.objects.filter(pk=unit.pk).update(serial=right)
    except IntegrityError as error:
        if "a_serial_number_is_received_once" not in str(error):
            raise
        raise SerialSeenTwice(field="right", serial=right) from error
