"""What a shipment costs each owner of a part of it, exact to the minor unit.

A charge is borne by the owners of one line (goods, duty of an HS code, an inspection: what can
be attributed is never pooled) or by all owners of the shipment, by a declared driver. Parts come
to the charge exactly: largest remainder, ties to the lower company id (of two owners it takes the
last minor unit in any case: remainders would tell of the other). A charge may be negative
(a credit note, a correction); it is split as its mirror image.

``chargeable`` is what a ship's line bills (W/M: a cubic metre counts like a tonne),
``chargeable_air`` what an airline bills (6,000 cm3 count like a kilogram), each for an owner's
goods as one consignment. ``size_class`` is the chargeable measure, told so coarsely that nobody
finds out another's by it: up to sixteen of the largest units there are one class, and each class
doubles the one before and bears twice as much. A driver that says nothing about anybody (no
volumes are known) gives way to units, and those to equal parts; the result names the driver
that was used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import InputError
from procurement.rules.sharing.splitting import Groups, Whole, by_keys, split, split_told

#: Of a charge that the whole shipment bears.
WHOLE_SHIPMENT: Final = -1

CHARGES: Final = ("charge_id", "shipment_id", "line_id", "amount_minor")
HOLDINGS: Final = (
    "shipment_id",
    "line_id",
    "owner_id",
    "units",
    "value_minor",
    "weight_g",
    "volume_cm3",
)
_MEASURES: Final = ("units", "value_minor", "weight_g", "volume_cm3", "lines")
#: The largest unit of a holding, in g or cm3; of several holdings that of the largest.
_UNIT: Final = "unit"
#: So many of the largest units are one size class, the first: rounding tells a bit of each bill,
#: and enough quantities must agree with all of them.
CLASS_UNITS: Final = 16
#: What a charge or a measure of one holding may be at most.
LARGEST_AMOUNT: Final = 10**15


class CostsNotUsable(InputError):
    """Costs are shared from whole numbers, over goods that somebody owns, by a known driver."""

    code = "procurement.costs_not_usable"


class Driver(StrEnum):
    """By what a charge is shared."""

    VALUE = "value"
    WEIGHT = "weight"
    VOLUME = "volume"
    UNITS = "units"
    LINES = "lines"
    EQUAL = "equal"
    CHARGEABLE = "chargeable"
    CHARGEABLE_AIR = "chargeable_air"
    SIZE_CLASS = "size_class"


NAMES: Final = np.array([str(driver) for driver in Driver], dtype=object)
#: Rows that are worked on at a time.
_ROWS: Final = 1_000_000


def spread(charges: pd.DataFrame, holdings: pd.DataFrame, *, told: bool = True) -> pd.DataFrame:
    """Each charge over the owners who bear it.

    ``charges``: charge_id (once), shipment_id, line_id (or WHOLE_SHIPMENT), driver,
    amount_minor. ``holdings``: shipment_id, line_id, owner_id (a line belongs to one shipment,
    an owner stands once in a line), units, value_minor, weight_g, volume_cm3: totals of the
    holding, not of one unit. The platform is an owner like others.

    Returns, sorted by charge and owner: charge_id, owner_id, driver (that was used), basis,
    pool_basis, amount_minor; and if ``told`` what makes a part recomputable by itself
    (:class:`~procurement.rules.sharing.splitting.Split`): remainder, cut, taken, place.

    Raises CostsNotUsable, also for a charge that nobody bears.
    """
    bills, bearers = bills_of(charges).sort_values("charge_id"), bearers_of(holdings)
    made: dict[str, list[npt.NDArray[Any]]] = {}
    for turn in turns_of(bearers, bills):
        groups, of = turn.groups, turn.groups.of
        columns: dict[str, npt.NDArray[Any]] = {
            "charge_id": turn.ids[of],
            "owner_id": bearers.owner[turn.rows],
            "driver": NAMES[turn.driver[of]],
            "basis": turn.basis,
            "pool_basis": groups.sums(turn.basis)[of],
        }
        if told:
            parts = split_told(groups, turn.amounts, turn.basis, pairs_in_turn=True)
            columns |= {
                "amount_minor": parts.parts,
                "remainder": parts.remainders,
                "cut": parts.cut[of],
                "taken": parts.taken[of],
                "place": parts.place,
            }
        else:
            columns["amount_minor"] = split(groups, turn.amounts, turn.basis, pairs_in_turn=True)
        for name, values in columns.items():
            made.setdefault(name, []).append(values)
    return pd.DataFrame({name: np.concatenate(values) for name, values in made.items()})


def owed(charges: pd.DataFrame, holdings: pd.DataFrame) -> pd.DataFrame:
    """What each owner bears of all charges, by kind: the sums of :func:`spread`, for a large round.

    ``charges`` as for ``spread``, with a column kind. Returns owner_id, sorted, and a column of
    minor units for each kind. The parts are added up as they are made: a million holdings under
    some thousand charges are several million parts. Raises CostsNotUsable.
    """
    bills, bearers = bills_of(charges), bearers_of(holdings)
    bills["kind"] = charges["kind"].astype(str)
    code, owners = pd.factorize(bearers.owner, sort=True)
    sums = {"owner_id": owners}
    for kind, mine in bills.groupby("kind", sort=True):
        total = np.zeros(len(owners), dtype=np.int64)
        for turn in turns_of(bearers, mine.sort_values(["line_id", "shipment_id", "charge_id"])):
            parts = split(turn.groups, turn.amounts, turn.basis, pairs_in_turn=True)
            np.add.at(total, code[turn.rows], parts)
        sums[str(kind)] = total
    return pd.DataFrame(sums)


def by_line(shares: pd.DataFrame, charges: pd.DataFrame, holdings: pd.DataFrame) -> pd.DataFrame:
    """Each owner's part of each charge over the lines it holds, by the driver that was used.

    ``shares`` as :func:`spread` made them of these charges and holdings. Returns charge_id,
    line_id, owner_id, amount_minor, sorted; what an owner bears comes to its share exactly,
    ties to the lower line.
    """
    bills = _checked(charges, CHARGES, signed=("line_id", "amount_minor"))
    goods = _checked(holdings, HOLDINGS).assign(lines=1)
    parts = shares[["charge_id", "owner_id", "driver", "amount_minor"]].merge(
        bills[["charge_id", "shipment_id", "line_id"]].rename(columns={"line_id": "only"}),
        on="charge_id",
    )
    rows = parts.merge(goods, on=["shipment_id", "owner_id"])
    rows = rows.loc[(rows["only"] == WHOLE_SHIPMENT) | (rows["only"] == rows["line_id"])]
    keys = ["charge_id", "owner_id"]
    rows = rows.sort_values([*keys, "line_id"], ignore_index=True)
    of = rows.groupby(keys, sort=True).ngroup().to_numpy(dtype=np.int64)
    groups = Groups.of_rows(of, int(of[-1]) + 1 if len(of) else 0)
    measures = {name: rows[name].to_numpy(np.int64) for name in _MEASURES}
    measures[_UNIT] = _units_of(measures)
    drivers = _codes(rows["driver"])[groups.begins[:-1]]
    basis, _ = _bases(groups, measures, drivers)
    totals = rows["amount_minor"].to_numpy(np.int64)[groups.begins[:-1]]
    rows = rows.assign(amount_minor=split(groups, totals, basis))
    turned = rows[["charge_id", "line_id", "owner_id", "amount_minor"]]
    return turned.sort_values(["charge_id", "line_id", "owner_id"], ignore_index=True)


def corrections(before: pd.DataFrame, after: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """What a later bill changes for each owner of each line, and what of it is on units gone.

    ``before`` and ``after``: line_id, owner_id, amount_minor (:func:`by_line`; several rows of
    a pair count together); ``held``: line_id, owner_id, units, sold (units of those that were
    sold already). Nothing that was stored is changed: this run is booked beside it.

    Returns line_id, owner_id, difference_minor, sold_minor, stock_minor, sorted, without rows
    where nothing differs. The last two come to the difference exactly; half a minor unit goes
    to what was sold. Raises CostsNotUsable.
    """
    keys = ["line_id", "owner_id"]
    was, now = (
        _checked(frame, (*keys, "amount_minor"), signed=("amount_minor",))
        .groupby(keys, sort=True)["amount_minor"]
        .sum()
        for frame in (before, after)
    )
    units = _checked(held, (*keys, "units", "sold")).set_index(keys)
    difference = now.sub(was, fill_value=0).astype("int64")
    difference = difference.loc[difference != 0]
    missing = difference.index.difference(units.index)
    if len(missing) or units.index.has_duplicates or bool((units["sold"] > units["units"]).any()):
        raise CostsNotUsable(reason="sold")
    there = units.reindex(difference.index)
    sold, rest = there["sold"].to_numpy(np.int64), there["units"].to_numpy(np.int64)
    rest = rest - sold
    # Who holds nothing has sold nothing of it: it is no correction of goods that were sold.
    rest = np.where(sold + rest == 0, 1, rest)
    weights: Whole = np.stack([sold, rest], axis=1).reshape(-1).astype(np.int64)
    groups = Groups.of_rows(np.repeat(np.arange(len(sold)), 2), len(sold))
    parts = split(groups, np.asarray(difference, dtype=np.int64), weights).reshape(-1, 2)
    told = difference.rename("difference_minor").reset_index()
    return told.assign(sold_minor=parts[:, 0], stock_minor=parts[:, 1])


@dataclass(frozen=True, slots=True)
class Bearers:
    """Who may bear charges: the owners of each line, then the owners of each shipment.

    ``lines`` and ``shipments`` are the ids, sorted; their rows begin at ``line_begins`` and
    ``shipment_begins``, whose last entries are the ends. Owners rise within each.
    """

    owner: Whole
    measures: dict[str, Whole]
    lines: Whole
    line_begins: Whole
    shipments: Whole
    shipment_begins: Whole


@dataclass(frozen=True, slots=True)
class Turn:
    """Some charges and the rows that bear them, each charge a group."""

    ids: Whole
    amounts: Whole
    driver: Whole
    rows: Whole
    groups: Groups
    basis: Whole


def bearers_of(holdings: pd.DataFrame, *further: str) -> Bearers:
    """Who may bear what; ``further`` columns of the holdings are added up like their measures."""
    goods = _checked(holdings, (*HOLDINGS, *further))
    column = {name: goods[name].to_numpy() for name in goods.columns}
    turn = by_keys(column["line_id"], column["owner_id"])
    column = {name: values[turn] for name, values in column.items()}
    line, owner = column["line_id"], column["owner_id"]
    if ((line[1:] == line[:-1]) & (owner[1:] == owner[:-1])).any():
        raise CostsNotUsable(reason="twice")
    column["lines"] = np.ones(len(line), dtype=np.int64)
    column[_UNIT] = _units_of(column)
    together = by_keys(column["shipment_id"], owner)
    shipment, who = column["shipment_id"][together], owner[together]
    is_new = np.ones(len(who), dtype=np.bool_)
    is_new[1:] = (shipment[1:] != shipment[:-1]) | (who[1:] != who[:-1])
    first = np.flatnonzero(is_new)
    pairs = Groups.of_rows(np.cumsum(is_new) - 1, len(first))
    measures = {
        name: np.concatenate([column[name], pairs.sums(column[name][together])])
        for name in (*_MEASURES, *further)
    }
    largest = np.maximum.reduceat(column[_UNIT][together], first) if len(first) else column[_UNIT]
    measures[_UNIT] = np.concatenate([column[_UNIT], largest])
    line_begins, ship_begins = _begins(line), _begins(shipment[first])
    return Bearers(
        np.concatenate([owner, who[first]]),
        measures,
        line[line_begins[:-1]],
        line_begins,
        shipment[first][ship_begins[:-1]],
        ship_begins + len(line),
    )


def _begins(keys: Whole) -> Whole:
    """Where each key of a sorted column begins, and the end."""
    found = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    return np.concatenate([[0] if len(keys) else [], found, [len(keys)]]).astype(np.int64)


def bills_of(charges: pd.DataFrame) -> pd.DataFrame:
    bills = _checked(charges, CHARGES, signed=("line_id", "amount_minor"))
    if bills["charge_id"].duplicated().any():
        raise CostsNotUsable(reason="twice")
    return bills.assign(driver=_codes(charges["driver"]))


def _codes(drivers: pd.Series[str]) -> Whole:
    """Drivers as places in ``NAMES``. Raises CostsNotUsable for one that is not known."""
    codes, names = pd.factorize(drivers.astype(str).to_numpy(dtype=object))
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        raise CostsNotUsable(driver=unknown[0])
    known = {name: place for place, name in enumerate(NAMES)}
    places: Whole = np.array([known[name] for name in names], dtype=np.int64)
    return places[codes] if len(codes) else np.zeros(0, dtype=np.int64)


def turns_of(bearers: Bearers, bills: pd.DataFrame) -> Iterator[Turn]:
    """The charges in their order, some at a time, so that memory does not grow with them."""
    column = {name: bills[name].to_numpy(np.int64) for name in (*CHARGES, "driver")}
    is_whole = column["line_id"] == WHOLE_SHIPMENT
    begin, end = (np.zeros(len(bills), dtype=np.int64) for _ in range(2))
    for mine, name, ids, begins in (
        (is_whole, "shipment_id", bearers.shipments, bearers.shipment_begins),
        (~is_whole, "line_id", bearers.lines, bearers.line_begins),
    ):
        asked = column[name][mine]
        at = np.searchsorted(ids, asked)
        there = np.append(ids, -2)[at] == asked
        if not there.all():
            raise CostsNotUsable(charges=column["charge_id"][mine][~there].tolist()[:10])
        begin[mine], end[mine] = begins[at], begins[np.minimum(at + 1, len(ids))]
    many = end - begin
    ends = np.cumsum(many)
    first = 0
    while first < len(bills) or not len(bills):
        last = int(np.searchsorted(ends, (ends[first - 1] if first else 0) + _ROWS, "right"))
        some = slice(first, max(last, first + 1))
        groups = Groups.of_rows(np.repeat(np.arange(len(many[some])), many[some]), len(many[some]))
        rows = (begin[some] - groups.begins[:-1])[groups.of] + np.arange(len(groups.of))
        measures = {name: values[rows] for name, values in bearers.measures.items()}
        basis, driver = _bases(groups, measures, column["driver"][some])
        yield Turn(
            column["charge_id"][some], column["amount_minor"][some], driver, rows, groups, basis
        )
        if not len(bills):
            return
        first = some.stop


def _bases(groups: Groups, measures: Mapping[str, Whole], drivers: Whole) -> tuple[Whole, Whole]:
    """The basis of each row by its charge's driver, or by the next that says something."""
    used = drivers.copy()
    basis = np.zeros(len(groups.of), dtype=np.int64)
    for one in np.unique(drivers).tolist():
        mine = slice(None) if len(basis) and (drivers == one).all() else (drivers == one)[groups.of]
        driver = Driver(NAMES[one])
        if driver is Driver.SIZE_CLASS:
            basis[mine] = _classes(groups, measures)[mine]
        else:
            basis[mine] = _basis(measures, driver)[mine]
    for next_one in (Driver.UNITS, Driver.EQUAL):
        silent = (groups.sums(basis) == 0) & (groups.sizes > 0)
        if silent.any():
            rows = silent[groups.of]
            basis[rows] = _basis(measures, next_one)[rows]
            used[silent] = list(Driver).index(next_one)
    return basis, used


def _basis(measures: Mapping[str, Whole], driver: Driver) -> Whole:
    column = {
        Driver.VALUE: "value_minor",
        Driver.WEIGHT: "weight_g",
        Driver.VOLUME: "volume_cm3",
        Driver.UNITS: "units",
        Driver.LINES: "lines",
    }
    if driver in column:
        return measures[column[driver]]
    grams, cubic = measures["weight_g"], measures["volume_cm3"]
    if driver is Driver.EQUAL:
        return np.ones(len(grams), dtype=np.int64)
    # A tonne is as many grams as a cubic metre has cubic centimetres; in the air a kilogram
    # stands for 6,000 of them.
    heavier: Whole = np.maximum(grams if driver is Driver.CHARGEABLE else 6 * grams, cubic)
    return heavier


def _units_of(measures: Mapping[str, Whole]) -> Whole:
    """The measure of one unit of each holding, rounded up."""
    chargeable = np.maximum(measures["weight_g"], measures["volume_cm3"])
    size: Whole = -(-chargeable // np.maximum(measures["units"], 1))
    return size


def _classes(groups: Groups, measures: Mapping[str, Whole]) -> Whole:
    """The size class of each row among those of its group, as what it bears: 1, 2, 4, ..."""
    largest = np.zeros(groups.count, dtype=np.int64)
    np.maximum.at(largest, groups.of, measures[_UNIT])
    classes: Whole = (measures["units"] > 0).astype(np.int64)
    sizes = np.maximum(measures["weight_g"], measures["volume_cm3"]) * classes
    first = np.maximum(CLASS_UNITS * largest, 1)[groups.of]
    while (above := classes * first < sizes).any():
        classes[above] *= 2
    return classes


def _checked(
    frame: pd.DataFrame, columns: tuple[str, ...], *, signed: Iterable[str] = ()
) -> pd.DataFrame:
    taken = frame.loc[:, list(columns)]
    for column in columns:
        values = taken[column]
        if not len(values):
            continue
        if not pd.api.types.is_integer_dtype(values.dtype) or values.hasnans:
            raise CostsNotUsable(column=column)
        lowest = -LARGEST_AMOUNT if column in signed else 0
        limit = 2**62 if column.endswith("_id") else LARGEST_AMOUNT
        if int(values.min()) < lowest or int(values.max()) > limit:
            raise CostsNotUsable(column=column, reason="size")
    return taken.astype("int64")
