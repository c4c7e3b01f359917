"""From a shipment to the goods lines of its declaration.

Weights are grams, quantities whole declared units, amounts minor units of the order's
currency. One order line makes one goods line: lines of the same code, name and price are
not merged further in this version. A declaration is said to hold 50 lines; that limit
could not be confirmed, so a longer list stays one declaration and runs over more pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from core.errors import DomainError, InputError
from core.money import exponent, shared

KILOGRAM, GRAM = "035", "036"
RECORD_LIST, IMPORT_DECLARATION = "3", "1"

#: Places of a customs number: 4 customs district, 4 year, 1 for import, 9 serial.
_ENTRY_NUMBER = re.compile(r"(?P<district>\d{4})(?P<year>\d{4})(?P<direction>\d)\d{9}")
_HS_CODE = re.compile(r"\d{10}")


class DataMissing(InputError):
    """The declaration cannot be drafted until the missing data is filled in."""

    code = "customs.data_missing"


class NetOverGross(InputError):
    """Goods cannot weigh more net than gross."""

    code = "customs.net_over_gross"


class NothingShipped(InputError):
    """A declaration needs at least one goods line."""

    code = "customs.nothing_shipped"


class NotTheBuyer(DomainError):
    """Only the company that bought the goods declares them."""

    code = "customs.not_the_buyer"


class AlreadyDeclared(DomainError):
    """The shipment has a declaration already."""

    code = "customs.already_declared"


class ShipmentNotUnderWay(DomainError):
    """Goods are declared while they are on their way, before they are cleared."""

    code = "customs.shipment_not_under_way"


class WrongState(DomainError):
    """The declaration is not in the state that this step needs."""

    code = "customs.wrong_state"


class ReasonMissing(InputError):
    """A rejection is recorded with the reason customs gave."""

    code = "customs.reason_missing"


class NotAnEntryNumber(InputError):
    """A customs number has 18 digits: district, year, 1 for import, and a serial of nine."""

    code = "customs.not_an_entry_number"


class EntryNumberTaken(DomainError):
    """This customs number stands on another declaration."""

    code = "customs.entry_number_taken"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One order line with what of it is on board, and the product as it is catalogued.

    ``amount`` is the whole order line's; ``legal_unit`` is the tariff's first legal unit,
    empty where no tariff row is in force.
    """

    key: int
    sku: str
    hs_code: str
    name_zh: str
    origin: str
    declared_unit: str
    legal_unit: str
    unit_net: int
    unit_gross: int
    ordered: int
    shipped: int
    amount: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One goods line, ready to be written."""

    key: int
    position: int
    quantity: int
    legal_quantity: Decimal
    legal_unit: str
    unit_price: Decimal
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the form needs of the parties and the shipment."""

    importer_customs_code: str
    importer_uscc: str
    ledger_number: str
    customs_district: str
    entry_port: str
    bill_of_lading: str
    vessel: str
    packages: int
    incoterm: str
    freight: int
    insurance: int


@dataclass(frozen=True, slots=True)
class Missing:
    """Names of fields that are missing, for one product (its SKU), or ``""`` for the head."""

    subject: str
    fields: tuple[str, ...] = field(default=())


def missing(head: Head, lines: Sequence[Shipped]) -> list[Missing]:
    """What keeps the declaration from being drafted, the head first, then by product."""
    wanted = {
        "importer_customs_code": len(head.importer_customs_code) == 10,
        "importer_uscc": len(head.importer_uscc) == 18,
        "ledger_number": bool(head.ledger_number),
        "customs_district": len(head.customs_district) == 4,
        "entry_port": len(head.entry_port) == 6,
        "bill_of_lading": bool(head.bill_of_lading.strip()),
        "vessel": bool(head.vessel.strip()),
        "packages": head.packages > 0,
        # Customs value is CIF: what the terms leave out must be declared beside the price.
        "freight": head.incoterm not in {"FOB", "FCA", "FAS", "EXW"} or head.freight > 0,
    }
    found = [Missing("", tuple(name for name, there in wanted.items() if not there))]
    for line in lines:
        wanted = {
            "hs_code": bool(_HS_CODE.fullmatch(line.hs_code)),
            "name_zh": bool(line.name_zh.strip()),
            "origin": len(line.origin) == 3,
            "declared_unit": len(line.declared_unit) == 3,
            "net_weight": line.unit_net > 0,
            "gross_weight": line.unit_gross > 0,
            "tariff_rate": bool(line.legal_unit),
            "legal_unit": not line.legal_unit or _legal_quantity(line) is not None,
        }
        found.append(Missing(line.sku, tuple(name for name, there in wanted.items() if not there)))
    return [entry for entry in found if entry.fields]


def goods_lines(lines: Sequence[Shipped], *, gross_weight: int, currency: str) -> list[GoodsLine]:
    """The goods lines of a shipment that weighs ``gross_weight`` grams with all its packing.

    Net weight and legal quantity come from the catalogue; the gross weight is shared over
    the lines by largest remainder, so the lines sum exactly to the head.

    Raises NothingShipped or NetOverGross. Call :func:`missing` first.
    """
    if not lines or any(line.shipped <= 0 for line in lines):
        raise NothingShipped()
    nets = [line.unit_net * line.shipped for line in lines]
    if sum(nets) > gross_weight:
        raise NetOverGross(net_kg=kilograms(sum(nets)), gross_kg=kilograms(gross_weight))
    # What the packing adds is shared; so no line ends up lighter gross than net.
    packing = shared(
        gross_weight - sum(nets),
        [max(line.unit_gross - line.unit_net, 0) * line.shipped or 1 for line in lines],
    )
    made = []
    for position, (line, net, extra) in enumerate(zip(lines, nets, packing, strict=True), 1):
        legal = _legal_quantity(line)
        if legal is None:
            raise DataMissing(**{line.sku: "legal_unit"})
        total = _half_up(line.amount * line.shipped, line.ordered)
        made.append(
            GoodsLine(
                key=line.key,
                position=position,
                quantity=line.shipped,
                legal_quantity=legal,
                legal_unit=line.legal_unit,
                unit_price=unit_price(total, line.shipped, currency),
                total=total,
                net_weight=net,
                gross_weight=net + extra,
            )
        )
    return made


def unit_price(total: int, quantity: int, currency: str) -> Decimal:
    """Four decimals of the currency, half up: what the form's column 37 takes.

    The total is the truth; times the quantity, the printed price may differ from it by its
    own rounding, half of the fourth decimal a unit.
    """
    exact = Decimal(total).scaleb(-exponent(currency)) / quantity
    return exact.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _legal_quantity(line: Shipped) -> Decimal | None:
    """In the first legal unit with five decimals; None where it cannot be derived."""
    places = Decimal("0.00001")
    if line.legal_unit == KILOGRAM:
        return (Decimal(line.unit_net * line.shipped) / 1000).quantize(places)
    if line.legal_unit == GRAM:
        return Decimal(line.unit_net * line.shipped).quantize(places)
    if line.legal_unit and line.legal_unit == line.declared_unit:
        return Decimal(line.shipped).quantize(places)
    return None


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def kilograms(grams: int) -> str:
    """``54.5`` for 54,500 g: exact, with no more decimals than there are."""
    whole, rest = divmod(grams, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") if rest else str(whole)


def form_for(operator_customs_code: str) -> str:
    """Which paper: inside a special zone the record list, in a type-B centre the declaration.

    The company code of a type-B bonded logistics centre has a W in the fifth place.
    """
    return IMPORT_DECLARATION if operator_customs_code[4:5].upper() == "W" else RECORD_LIST


def entry_number(number: str, *, now: datetime) -> str:
    """The customs number without spaces. Raises NotAnEntryNumber, naming what is wrong."""
    clean = re.sub(r"\s", "", number)
    found = _ENTRY_NUMBER.fullmatch(clean) if clean.isascii() else None
    if found is None:
        raise NotAnEntryNumber(number=number, places=len(clean))
    if found["direction"] != "1":
        raise NotAnEntryNumber(number=number, ninth_place=found["direction"])
    # A declaration of December may be released in January, never two years apart.
    if not now.year - 1 <= int(found["year"]) <= now.year + 1:
        raise NotAnEntryNumber(number=number, year=found["year"])
    return clean


def stated(reason: str) -> str:
    """The reason of a rejection, trimmed. Raises ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()
