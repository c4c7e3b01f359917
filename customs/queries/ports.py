"""Codes of customs' tables with their names: ports abroad, kinds of packing, customs offices.

Where a table was never loaded the product's own codes stand for it, as for files of reference data.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Q, Value

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


@dataclass(frozen=True, slots=True)
class EntryCodes:
    """Ports abroad and kinds of packing by code, and the one port that was asked for by name."""

    ports: Mapping[str, Coded]
    packings: Mapping[str, Coded]
    named: Coded | None = None


def entry_codes(
    day: date, *, ports: Collection[str], packings: Collection[str], named: str = ""
) -> EntryCodes:
    """Those of the codes that customs' tables have on a day, in one statement at most.

    ``named`` is the English name of a port, which the table has as ``Hamburg, Germany``; nothing
    is found of a name that no port has, or more than one.
    """
    name = " ".join(named.split())
    asked = {PORTS: set(ports) - {""}, PACKINGS: set(packings) - {""}}
    if not (name or any(asked.values())):
        return EntryCodes({}, {})
    wanted = Q(table=PORTS, code__in=asked[PORTS]) | Q(table=PACKINGS, code__in=asked[PACKINGS])
    if name:
        is_named = Q(name_en__iexact=name) | Q(name_en__istartswith=f"{name},")
        wanted |= Q(table=PORTS) & is_named
    tables = CustomsCode.objects.filter(table__in=asked).order_by()
    nothing = Value("", output_field=CharField())
    loaded = tables.values_list("table", nothing, nothing, nothing).distinct()
    rows = tables.filter(holding_on(day)).filter(wanted)
    found: dict[str, dict[str, Coded]] = {}
    for table, code, *names in rows.values_list("table", "code", "name_zh", "name_en").union(
        loaded
    ):
        kept = found.setdefault(table, {})
        if code:
            kept[code] = Coded(code, *names)
    for table in asked.keys() - found.keys():
        found[table] = {code: Coded(code, *names) for code, names in seed_of(table).items()}
    same = [one for one in found[PORTS].values() if name and _is_called(one, name)]
    return EntryCodes(
        ports={code: one for code, one in found[PORTS].items() if code in asked[PORTS]},
        packings={code: one for code, one in found[PACKINGS].items() if code in asked[PACKINGS]},
        named=same[0] if len(same) == 1 else None,
    )


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


def _is_called(port: Coded, name: str) -> bool:
    told, asked = port.name_en.casefold(), name.casefold()
    return told == asked or told.startswith(f"{asked},")


def _is_loaded(table: str) -> bool:
    return CustomsCode.objects.filter(table=table).exists()


def _coded(one: CustomsCode) -> Coded:
    return Coded(one.code, one.name_zh, one.name_en)
