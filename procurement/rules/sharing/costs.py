"""What a shipment costs each owner of a part of it, exact to the minor unit.

A charge is borne by the owners of one line (goods, duty of an HS code, an inspection: what can
be attributed is never pooled) or by all owners of the shipment, by a declared driver. Parts come
to the charge exactly: largest remainder, ties to the lower company id. A charge may be negative
(a credit note, a correction); it is split as its mirror image.

``chargeable`` is what a ship's line bills (W/M: a cubic metre counts like a tonne),
``chargeable_air`` what an airline bills (6,000 cm3 count like a kilogram), each for an owner's
goods as one consignment. A driver that says nothing about anybody (no volumes are known) gives
way to units, and those to equal parts; the result names the driver that was used.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from core.errors import InputError
from procurement.rules.sharing.splitting import Groups, Whole, split, split_told

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
    bills = _checked(charges, CHARGES, signed=("line_id", "amount_minor"))
    bills = bills.assign(driver=_drivers(charges["driver"])).sort_values("charge_id")
    goods = _checked(holdings, HOLDINGS).assign(lines=1)
    if bills["charge_id"].duplicated().any() or goods.duplicated(["line_id", "owner_id"]).any():
        raise CostsNotUsable(reason="twice")
    goods = goods.sort_values(["line_id", "owner_id"], ignore_index=True)
    owners = (
        goods.groupby(["shipment_id", "owner_id"], sort=True)[list(_MEASURES)].sum().reset_index()
    )
    whole = (bills["line_id"] == WHOLE_SHIPMENT).to_numpy()
    rows = pd.concat(
        [
            _joined(bills.loc[whole], owners, "shipment_id"),
            _joined(bills.loc[~whole], goods, "line_id"),
        ],
        ignore_index=True,
    )
    # Both parts are sorted by charge and owner; a stable sort by charge keeps the owners' order.
    rows = rows.sort_values("charge_id", kind="stable", ignore_index=True)
    ids, amounts = bills["charge_id"].to_numpy(), bills["amount_minor"].to_numpy()
    groups = Groups.of_rows(np.searchsorted(ids, rows["charge_id"].to_numpy()), len(ids))
    driver, basis = _bases(groups, rows)
    shares = rows[["charge_id", "owner_id"]].assign(
        driver=driver, basis=basis, pool_basis=groups.sums(basis)[groups.of]
    )
    if not told:
        return shares.assign(amount_minor=split(groups, amounts, basis))
    parts = split_told(groups, amounts, basis)
    return shares.assign(
        amount_minor=parts.parts,
        remainder=parts.remainders,
        cut=parts.cut[groups.of],
        taken=parts.taken[groups.of],
        place=parts.place,
    )


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
    _, basis = _bases(groups, rows)
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
    # Who holds nothing any more has sold it all.
    sold = np.where(sold + rest == 0, 1, sold)
    weights: Whole = np.stack([sold, rest], axis=1).reshape(-1).astype(np.int64)
    groups = Groups.of_rows(np.repeat(np.arange(len(sold)), 2), len(sold))
    parts = split(groups, np.asarray(difference, dtype=np.int64), weights).reshape(-1, 2)
    told = difference.rename("difference_minor").reset_index()
    return told.assign(sold_minor=parts[:, 0], stock_minor=parts[:, 1])


def _bases(groups: Groups, rows: pd.DataFrame) -> tuple[pd.Series[str], Whole]:
    """The basis of each row by its charge's driver, or by the next that says something."""
    driver = rows["driver"].astype(object)
    basis = np.zeros(len(rows), dtype=np.int64)
    for one in driver.unique():
        mine = (driver == one).to_numpy()
        basis[mine] = _basis(rows.loc[mine], Driver(one))
    for next_one in (Driver.UNITS, Driver.EQUAL):
        silent = (groups.sums(basis) == 0)[groups.of]
        if silent.any():
            basis[silent] = _basis(rows.loc[silent], next_one)
            driver = driver.where(~silent, str(next_one))
    return driver, basis


def _basis(rows: pd.DataFrame, driver: Driver) -> Whole:
    column = {
        Driver.VALUE: "value_minor",
        Driver.WEIGHT: "weight_g",
        Driver.VOLUME: "volume_cm3",
        Driver.UNITS: "units",
        Driver.LINES: "lines",
    }
    if driver in column:
        return rows[column[driver]].to_numpy(np.int64)
    if driver is Driver.EQUAL:
        return np.ones(len(rows), dtype=np.int64)
    grams, cubic = rows["weight_g"].to_numpy(np.int64), rows["volume_cm3"].to_numpy(np.int64)
    # A tonne is as many grams as a cubic metre has cubic centimetres; in the air a kilogram
    # stands for 6,000 of them.
    heavier: Whole = np.maximum(grams if driver is Driver.CHARGEABLE else 6 * grams, cubic)
    return heavier


def _joined(bills: pd.DataFrame, bearers: pd.DataFrame, scope: str) -> pd.DataFrame:
    """A row for each charge and each who bears it, sorted by both."""
    where = bearers[scope].to_numpy()
    asked = bills[scope].to_numpy()
    begins = np.searchsorted(where, asked)
    many = np.searchsorted(where, asked, side="right") - begins
    if not many.all():
        raise CostsNotUsable(charges=bills["charge_id"].to_numpy()[many == 0].tolist()[:10])
    first = np.repeat(begins - (np.cumsum(many) - many), many)
    rows = bearers.iloc[first + np.arange(len(first))].reset_index(drop=True)
    which = np.repeat(np.arange(len(bills)), many)
    return rows[["owner_id", *_MEASURES]].assign(
        charge_id=bills["charge_id"].to_numpy()[which], driver=bills["driver"].to_numpy()[which]
    )


def _drivers(told: pd.Series[str]) -> pd.Series[str]:
    unknown = set(told.unique()) - {str(driver) for driver in Driver}
    if unknown:
        raise CostsNotUsable(driver=sorted(map(str, unknown))[0])
    return told.astype(str).astype(object)


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
