"""The tax of a retail list as the simulated authority works it out, by itself and simply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ORDER_LIMIT, YEAR_LIMIT = Decimal(5_000), Decimal(26_000)
_PAYABLE = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Rate:
    """Fractions of one."""

    vat: Decimal = Decimal("0.13")
    consumption_tax: Decimal = Decimal(0)
    duty: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Taxed:
    """Yuan."""

    position: str
    hs_code: str
    dutiable: Decimal
    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal


def number(values: Mapping[str, str], name: str) -> Decimal:
    return Decimal((values.get(name) or "0").strip() or "0")


def worth(head: Mapping[str, str], lines: Sequence[Mapping[str, str]]) -> Decimal:
    """What a list counts against its buyer's limits."""
    goods = sum((number(line, "totalPrice") for line in lines), Decimal(0))
    return goods + number(head, "freight") + number(head, "insuredFee")


def taxed(
    head: Mapping[str, str],
    lines: Sequence[Mapping[str, str]],
    rates: Mapping[str, Rate],
    *,
    off: Decimal = Decimal(0),
) -> list[Taxed]:
    """The tax line by line; ``off`` is put on the VAT of the first, for practice."""
    goods = sum((number(line, "totalPrice") for line in lines), Decimal(0))
    beside = number(head, "freight") + number(head, "insuredFee")
    over = worth(head, lines) > ORDER_LIMIT
    found, left = [], beside
    for place, line in enumerate(lines, 1):
        own = number(line, "totalPrice")
        share = left if place == len(lines) else _cent(beside * own / goods) if goods else CENT * 0
        left -= share
        value = own + share
        rate = rates.get(line.get("gcode", ""), Rate())
        duty = value * rate.duty if over else Decimal(0)
        consumption = (value + duty) / (1 - rate.consumption_tax) * rate.consumption_tax
        vat = (value + duty + consumption) * rate.vat
        part = Decimal(1) if over else _PAYABLE
        found.append(
            Taxed(
                position=line["gnum"],
                hs_code=line["gcode"],
                dutiable=value,
                duty=_cent(duty),
                vat=_cent(vat * part) + (off if place == 1 else 0),
                consumption_tax=_cent(consumption * part),
            )
        )
    return found


def _cent(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)
