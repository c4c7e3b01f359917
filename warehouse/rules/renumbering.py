"""What a person puts right of a unit's serial number: mistyped, gone without an order, found."""

from __future__ import annotations

from enum import StrEnum

from accounts.rules.admitting import tidy_line
from core.errors import DomainError, InputError
from warehouse.rules.serials import Unit, WrongSerial, is_serial

LONGEST_REASON = 200


class Act(StrEnum):
    """What was found of a unit."""

    CORRECTED = "corrected"
    DESTROYED = "destroyed"
    WRITTEN_OFF = "written_off"
    LOST = "lost"
    FOUND = "found"


#: The unit is not in the house any more.
GONE = frozenset({Act.DESTROYED, Act.WRITTEN_OFF, Act.LOST})


class SerialUnknown(InputError):
    """No unit of this lot has this serial number."""

    code = "warehouse.serial_unknown"


class SerialNotInHouse(DomainError):
    """The unit with this serial number is not in the house."""

    code = "warehouse.serial_not_in_house"


class SerialNotGone(DomainError):
    """The unit with this serial number was not named as destroyed, written off or lost."""

    code = "warehouse.serial_not_gone"


class SerialUnchanged(InputError):
    """The right number is another one than the unit has."""

    code = "warehouse.serial_unchanged"


class SerialWithoutReason(InputError):
    """Whoever puts a serial number right says why, in at most 200 characters."""

    code = "warehouse.serial_without_reason"


class FewerUnitsGone(DomainError):
    """No more units of this lot were destroyed or written off than are named already."""

    code = "warehouse.fewer_units_gone"


def check_reason(reason: str) -> str:
    """In one line. Raises SerialWithoutReason."""
    told = tidy_line(reason)
    if not 0 < len(told) <= LONGEST_REASON:
        raise SerialWithoutReason(field="reason", characters=len(told))
    return told


def check_change(unit: Unit, act: Act, *, right: str, was_named: bool, gone: int) -> None:
    """Whether this may be said of a unit: ``right`` is the number it has in truth, ``was_named``
    that it left because somebody said so, ``gone`` how many of its lot left without an order and
    are not named.

    Raises WrongSerial, SerialUnchanged, SerialNotInHouse, SerialNotGone or FewerUnitsGone.
    """
    if act == Act.CORRECTED:
        if not is_serial(right):
            raise WrongSerial(field="right", serial=right[:40])
        if right == unit.serial:
            raise SerialUnchanged(field="right", serial=right)
    if act == Act.FOUND:
        if unit.is_here or not was_named:
            raise SerialNotGone(serial=unit.serial)
    elif not unit.is_here:
        raise SerialNotInHouse(serial=unit.serial)
    if act in GONE and gone < 1:
        raise FewerUnitsGone(serial=unit.serial, lot=unit.lot)
