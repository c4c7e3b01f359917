"""Codes of customs' tables with their names: ports abroad, kinds of packing, customs offices.

Where a table was never loaded the product's own codes stand for it, as for files of reference data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q

from core.walls import platform_wide
from customs.models import CustomsCode, HouseAtCustoms, holding_on
from customs.rules.import_set import UNTOLD, Coded
from customs.rules.reference.seed import seed_of

PORTS, PACKINGS, OFFICES = "port-foreign", "package", "customs-district"


def coded(table: str, codes: Collection[str], day: date) -> dict[str, Coded]:
    """Those of the codes that a table has on a day."""
    wanted = {code for code in codes if code}
    if not wanted:
        return {}
    rows = CustomsCode.objects.filter(holding_on(day), table=table, code__in=wanted)
    found = {one.code: _coded(one) for one in rows}
    if found or _is_loaded(table):
        return found
    seed = seed_of(table)
    return {code: Coded(code, *seed[code]) for code in wanted if code in seed}


def port_named(name: str, day: date) -> Coded | None:
    """The one port abroad of this English name; None where there is none, or more than one.

    The table has them as ``Hamburg, Germany``.
    """
    told = " ".join(name.split())
    if not told:
        return None
    if not _is_loaded(PORTS):
        found = [Coded(code, *names) for code, names in seed_of(PORTS).items() if _is(names, told)]
    else:
        named = Q(name_en__iexact=told) | Q(name_en__istartswith=f"{told},")
        rows = CustomsCode.objects.filter(holding_on(day), named, table=PORTS)
        found = [_coded(one) for one in rows[:2]]
    return found[0] if len(found) == 1 else None


def office_told(warehouse_id: int) -> str:
    """The code of the customs office of the port that a warehouse's goods enter by, as its keeper
    told it; empty until then."""
    # The house is its keeper's; where goods enter stands on the importer's papers.
    with platform_wide():
        told = HouseAtCustoms.objects.filter(warehouse=warehouse_id).values_list("port_code")
        return next((code for (code,) in told), "")


def office_named(code: str, day: date) -> Coded:
    """An office with its name on a day."""
    if not code:
        return UNTOLD
    return coded(OFFICES, [code], day).get(code) or Coded(code, code, code)


def choices_of(table: str, day: date) -> Mapping[str, Coded]:
    """A whole table on a day, by code: for one that people pick from."""
    if not _is_loaded(table):
        return {code: Coded(code, *names) for code, names in sorted(seed_of(table).items())}
    rows = CustomsCode.objects.filter(holding_on(day), table=table).order_by("code")
    return {one.code: _coded(one) for one in rows}


def _is(names: tuple[str, str], told: str) -> bool:
    return names[1].casefold() == told.casefold()


def _is_loaded(table: str) -> bool:
    return CustomsCode.objects.filter(table=table).exists()


def _coded(one: CustomsCode) -> Coded:
    return Coded(one.code, one.name_zh, one.name_en)
