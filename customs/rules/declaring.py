"""What a declaration needs before it is drafted, which form it has, and what may follow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.errors import DomainError, InputError
from customs.rules.charges import Kind, left_out
from customs.rules.goods import (
    Shipped,
    legal_quantity,
)
from customs.rules.import_set import IMPORT_DECLARATION, RECORD_LIST

#: Places of a customs number: 4 customs district, 4 year, 1 for import, 9 serial.
_ENTRY_NUMBER = re.compile(r"(?P<district>\d{4})(?P<year>\d{4})(?P<direction>\d)\d{9}")
_HS_CODE = re.compile(r"\d{10}")


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
    has_freight: bool
    has_insurance: bool


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
        "freight": Kind.FREIGHT not in left_out(head.incoterm) or head.has_freight,
        "insurance": Kind.INSURANCE not in left_out(head.incoterm) or head.has_insurance,
    }
    found = [Missing("", tuple(name for name, there in wanted.items() if not there))]
    found += [Missing(line.sku, lacking(line)) for line in lines]
    return [entry for entry in found if entry.fields]


def lacking(line: Shipped) -> tuple[str, ...]:
    """Names of what a product lacks before it can be declared."""
    first, second = line.legal_unit, line.second_unit
    wanted = {
        "hs_code": bool(_HS_CODE.fullmatch(line.hs_code)),
        "name_zh": bool(line.name_zh.strip()),
        "origin": len(line.origin) == 3,
        "declared_unit": len(line.declared_unit) == 3,
        "net_weight": line.unit_net > 0,
        "gross_weight": line.unit_gross > 0,
        "tariff_rate": bool(first),
        "legal_unit": not first or legal_quantity(line, first) is not None,
        "second_unit": not second or legal_quantity(line, second) is not None,
        "elements": line.has_elements,
        "permits": line.has_permits,
    }
    return tuple(name for name, there in wanted.items() if not there)


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
