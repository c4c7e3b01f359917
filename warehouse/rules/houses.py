"""What customs must know of a bonded warehouse."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from core.errors import DomainError, InputError

FIELDS = (
    *("code", "name_zh", "name_en", "customs_district", "entry_port", "ledger_number"),
    "gs1_prefix",
)
#: Percent of what was announced that may come on top of it, at most.
MOST_OVER = 20
_CODE = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,14}[A-Z0-9])?")
_DISTRICT = re.compile(r"[0-9]{4}")
_PORT = re.compile(r"[0-9]{6}")
_LEDGER = re.compile(r"[A-Z0-9]{12}")
#: GS1 General Specifications 1.4.2: with the serial reference of a pallet 16 digits.
_PREFIX = re.compile(r"[0-9]{6,12}")


class NoWarehouseOperator(DomainError):
    """Only a company that operates bonded warehouses has one. Make it one first."""

    code = "warehouse.no_warehouse_operator"


class WrongHouseCode(InputError):
    """A warehouse code has up to 16 capital letters and digits, with hyphens between them."""

    code = "warehouse.wrong_house_code"


class HouseCodeTaken(InputError):
    """Another warehouse has this code."""

    code = "warehouse.house_code_taken"


class HouseWithoutName(InputError):
    """A warehouse has a name in Chinese and one in English, of at most 200 characters each."""

    code = "warehouse.house_without_name"


class WrongDistrict(InputError):
    """A customs district has four digits."""

    code = "warehouse.wrong_district"


class WrongEntryPort(InputError):
    """A port of entry has six digits."""

    code = "warehouse.wrong_entry_port"


class WrongLedger(InputError):
    """A bonded account book has a number of twelve letters and digits."""

    code = "warehouse.wrong_ledger"


class WrongGs1Prefix(InputError):
    """A GS1 company prefix has six to twelve digits."""

    code = "warehouse.wrong_gs1_prefix"


class Gs1PrefixTaken(InputError):
    """This GS1 company prefix, or a longer or shorter form of it, is another company's."""

    code = "warehouse.gs1_prefix_taken"


class Gs1PrefixNested(InputError):
    """Warehouses of one company have the same GS1 company prefix, or none that begins with
    another's: their pallets would get the same numbers."""

    code = "warehouse.gs1_prefix_nested"


class WrongTolerance(InputError):
    """A warehouse may take at most 20 percent more than was announced."""

    code = "warehouse.wrong_tolerance"


def check_tolerance(percent: int) -> None:
    """Raises WrongTolerance."""
    if not 0 <= percent <= MOST_OVER:
        raise WrongTolerance(field="over_percent", percent=percent)


def check_house(said: Mapping[str, str], *, kinds: Collection[str]) -> None:
    """Raises NoWarehouseOperator, WrongHouseCode, HouseWithoutName, WrongDistrict, WrongEntryPort,
    WrongLedger or WrongGs1Prefix."""
    if "warehouse" not in {str(kind) for kind in kinds}:
        raise NoWarehouseOperator
    for field in ("name_zh", "name_en"):
        if not 0 < len(said[field]) <= 200:
            raise HouseWithoutName(field=field, characters=len(said[field]))
    for field, form, refusal in (
        ("code", _CODE, WrongHouseCode),
        ("customs_district", _DISTRICT, WrongDistrict),
        ("entry_port", _PORT, WrongEntryPort),
        ("ledger_number", _LEDGER, WrongLedger),
    ):
        if not form.fullmatch(said[field]):
            raise refusal(field=field, given=said[field][:40])
    prefix = said.get("gs1_prefix", "")
    if prefix and not _PREFIX.fullmatch(prefix):
        raise WrongGs1Prefix(field="gs1_prefix", given=prefix[:40])


def check_prefix(prefix: str, *, others: Collection[str], own: Collection[str] = ()) -> None:
    """Whether a house may have this GS1 company prefix beside those of other companies, of which
    none begins with another, and beside its company's ``own``, which may be the same.

    Raises Gs1PrefixTaken or Gs1PrefixNested.
    """
    if any(_overlap(prefix, one) for one in others):
        raise Gs1PrefixTaken(field="gs1_prefix", given=prefix)
    for one in sorted(own):
        if one != prefix and _overlap(prefix, one):
            raise Gs1PrefixNested(field="gs1_prefix", given=prefix, standing=one)


def _overlap(one: str, other: str) -> bool:
    return bool(one and other) and (one.startswith(other) or other.startswith(one))
