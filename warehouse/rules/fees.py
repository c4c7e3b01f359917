"""What storing and handling goods in bond costs: tariffs, and how a month comes to whole fen.

A day's charge is exact and is not rounded: units times volume times rate has at most eight
decimals of a fen. Only the bill of a month is in whole fen: its sum is rounded once, half up, and
its lines share it by the largest remainder, so that they sum to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from core.errors import DomainError, InputError

#: A month's bill is to be paid within so many days.
PAYMENT_DAYS = 15
#: Ten thousand yuan for one cubic metre and day: a typing mistake.
HIGHEST_RATE = Decimal(1_000_000)
LONGEST_DAYS = 3_650
MOST_BANDS = 8
LARGEST_PALLET_CM3 = 100_000_000


class Kind(StrEnum):
    """What is charged for."""

    VOLUME = "volume"
    PALLET = "pallet"
    UNIT_IN = "unit_in"
    ORDER = "order"
    ORDER_LINE = "order_line"
    TRANSFER = "transfer"
    UNIT_GIVEN = "unit_given"


class TariffBeginsTooEarly(InputError):
    """A tariff begins today or later, and after every day that has been charged."""

    code = "warehouse.tariff_begins_too_early"


class TariffsOverlap(InputError):
    """Another tariff of this warehouse holds on some of these days."""

    code = "warehouse.tariffs_overlap"


class TariffEndsBeforeItBegins(InputError):
    """A tariff ends on the day on which it begins, or later."""

    code = "warehouse.tariff_ends_before_it_begins"


class WrongRate(InputError):
    """A rate is between nothing and ten thousand yuan, with at most four decimals of a yuan."""

    code = "warehouse.wrong_rate"


class WrongBands(InputError):
    """The bands of age end on rising days, up to ten years; the last one has no end."""

    code = "warehouse.wrong_bands"


class WrongFreeDays(InputError):
    """Between no and 3,650 days are free."""

    code = "warehouse.wrong_free_days"


class PalletWithoutSize(InputError):
    """Whoever charges for pallets says how many cm³ one holds, up to a hundred million."""

    code = "warehouse.pallet_without_size"


class TariffWithoutRate(InputError):
    """A tariff charges for something."""

    code = "warehouse.tariff_without_rate"


class DayNotOver(DomainError):
    """A day is charged once it is over."""

    code = "warehouse.day_not_over"


class DayWithoutTariff(DomainError):
    """No tariff of this warehouse holds on this day."""

    code = "warehouse.day_without_tariff"


class DaysOutOfTurn(DomainError):
    """The days of a warehouse are charged in their order; a later one has been charged."""

    code = "warehouse.days_out_of_turn"


@dataclass(frozen=True, slots=True)
class Tariff:
    """Rates in fen (two decimals) from a day on, the last day included; None: until the next.

    ``rates`` are for a cubic metre and day, by age in days: up to each of ``until_days``, and
    beyond the last. Of each lot the days up to ``free_days`` cost no storage. ``pallet_cm3``:
    what one pallet holds. ``transfer_rate`` is for each change of owner in bond,
    ``unit_given_rate`` for each unit of it; the offer says which side pays.
    """

    valid_from: date
    valid_to: date | None
    until_days: tuple[int, ...]
    rates: tuple[Decimal, ...]
    free_days: int = 0
    pallet_rate: Decimal = Decimal(0)
    pallet_cm3: int = 0
    order_rate: Decimal = Decimal(0)
    order_line_rate: Decimal = Decimal(0)
    unit_in_rate: Decimal = Decimal(0)
    transfer_rate: Decimal = Decimal(0)
    unit_given_rate: Decimal = Decimal(0)


def check_tariff(told: Tariff) -> None:
    """Raises TariffEndsBeforeItBegins, WrongBands, WrongFreeDays, WrongRate, PalletWithoutSize or
    TariffWithoutRate, naming the field."""
    if told.valid_to is not None and told.valid_to < told.valid_from:
        raise TariffEndsBeforeItBegins(field="valid_to", valid_to=told.valid_to)
    days = told.until_days
    rising = all(0 < day <= LONGEST_DAYS for day in days) and list(days) == sorted(set(days))
    if not rising or len(days) >= MOST_BANDS or len(told.rates) != len(days) + 1:
        raise WrongBands(field="bands", days=list(days), rates=len(told.rates))
    if not 0 <= told.free_days <= LONGEST_DAYS:
        raise WrongFreeDays(field="free_days", given=told.free_days)
    for at, rate in enumerate(told.rates, 1):
        _check_rate(f"rate_{at}", rate)
    flat = {
        "pallet_rate": told.pallet_rate,
        "order_rate": told.order_rate,
        "order_line_rate": told.order_line_rate,
        "unit_in_rate": told.unit_in_rate,
        "transfer_rate": told.transfer_rate,
        "unit_given_rate": told.unit_given_rate,
    }
    for field, rate in flat.items():
        _check_rate(field, rate)
    if told.pallet_rate and not 0 < told.pallet_cm3 <= LARGEST_PALLET_CM3:
        raise PalletWithoutSize(field="pallet_cm3", given=told.pallet_cm3)
    if not any((*told.rates, *flat.values())):
        raise TariffWithoutRate(field="rate_1")


def _check_rate(field: str, rate: Decimal) -> None:
    # A rate far too high cannot be quantized: its size is looked at first.
    within = rate.is_finite() and 0 <= rate < HIGHEST_RATE
    if not within or rate != rate.quantize(Decimal("0.01")):
        raise WrongRate(field=field, given=str(rate)[:40])


def check_beginning(begins: date, *, today: date, charged: date | None) -> None:
    """``charged``: the last day that has been charged. Raises TariffBeginsTooEarly."""
    earliest = max(today, charged + timedelta(days=1)) if charged else today
    if begins < earliest:
        raise TariffBeginsTooEarly(field="valid_from", valid_from=begins, earliest=earliest)


def check_day(day: date, *, today: date, charged: date | None) -> None:
    """Whether a day may be charged now. Raises DayNotOver or DaysOutOfTurn."""
    if day >= today:
        raise DayNotOver(day=day)
    if charged is not None and day < charged:
        raise DaysOutOfTurn(day=day, charged=charged)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def following(month: date) -> date:
    """The first day of the next month; ``month`` is a first day."""
    return month_of(month + timedelta(days=31))


def in_fen(exact: Sequence[Decimal]) -> list[int]:
    """Exact amounts of a bill in whole fen: they sum to the exact sum, rounded once, half up.

    Each gets its whole fen, rounded down; those with the largest remainder one more, of equal ones
    those that come first. Amounts below zero are corrections.
    """
    total = int(sum(exact, Decimal(0)).quantize(Decimal(1), ROUND_HALF_UP))
    floors = [int(one.quantize(Decimal(1), ROUND_FLOOR)) for one in exact]
    order = sorted(range(len(exact)), key=lambda at: (floors[at] - exact[at], at))
    for at in order[: total - sum(floors)]:
        floors[at] += 1
    return floors
