"""What each bears of bills that few share, by its own units and by what everybody knows. Pure.

Shared in the ordinary way, the last minor unit of a part tells what others have, and so does
whether a surplus of the platform takes part at all. So of a charge that ``is_private`` each seller
bears what follows from its own holding alone, rounded down, and the platform takes the rest: a
minor unit or two, and what its surplus costs. Two ways there are.

*By a known price*: goods at the order's rate, a part load at the carrier's price, insurance and
duty at theirs. Only where the charge really is what its holdings cost by these prices; what was
billed otherwise has a total nobody knows, and is shared like any other.
*By what says little*: equal parts, or size classes, of the sellers. A surplus of the platform is
no part: with it the parts would tell whether there is one. Size classes are counted by line and
unit sizes, so that those of an order and those of a line's first packs change at the same units.

Duty on an order's freight and insurance stands in a charge of the order: each bears what its own
goods' duty makes of its own part of freight and insurance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from procurement.rules.sharing.costs import (
    CLASS_UNITS,
    NAMES,
    WHOLE_SHIPMENT,
    Bearers,
    Driver,
    bearers_of,
    bills_of,
    owed,
    spread,
    turns_of,
)
from procurement.rules.sharing.splitting import Groups, Mask, Whole, divided
from procurement.rules.solving.terms import BILLION, MILLION

#: Drivers that say nothing or little of who bears a charge.
COARSE: Final = (str(Driver.EQUAL), str(Driver.SIZE_CLASS))
#: Drivers of a part load's freight, and the column of each.
MEASURED: Final = {str(Driver.VOLUME): "volume_cm3", str(Driver.WEIGHT): "weight_g"}
#: What is known of each line: fen for 10**9 minor units, fen for 10**6 cm3 or g, millionths; the
#: cheapest container of its order, and what a size class of its units costs as a part load beside
#: containers, fen (0 where there are no such loads).
PRICES: Final = (
    *("line_id", "order_id", "rate_ppb", "lcl_price", "insurance_ppm", "duty_ppm"),
    *("box_minor", "step_minor"),
)
#: The kind of what the platform alone bears of an order's freight.
REST: Final = "other"
#: By how many minor units, besides one an owner, a total that was rounded differs from its parts.
_ROUNDED: Final = 2


def spread_told(
    charges: pd.DataFrame, holdings: pd.DataFrame, prices: pd.DataFrame, *, platform_id: int
) -> pd.DataFrame:
    """:func:`~.costs.spread` of all charges, those that are private as said above.

    ``charges`` with kind, and is_private where there are any; ``prices``: the columns of
    :data:`PRICES`, of the lines of private charges at least. The platform has a row of each
    private charge of which it bears something, whether it holds something or not.
    """
    own, rest = _own(charges, holdings, prices, platform_id)
    if own.empty:
        return spread(rest, holdings)
    # Nothing of a total is told, so nothing of how its last minor units went.
    own = own.assign(remainder=0, cut=0, taken=0, place=0)
    both = pd.concat([spread(rest, holdings), own], ignore_index=True) if len(rest) else own
    return both.sort_values(["charge_id", "owner_id"], ignore_index=True)


def owed_told(
    charges: pd.DataFrame, holdings: pd.DataFrame, prices: pd.DataFrame, *, platform_id: int
) -> pd.DataFrame:
    """:func:`~.costs.owed` of all charges: the sums of :func:`spread_told`, by owner and kind."""
    own, rest = _own(charges, holdings, prices, platform_id)
    if own.empty:
        return owed(rest, holdings)
    kind = charges.set_index("charge_id")["kind"].reindex(own["charge_id"]).to_numpy()
    mine = own.assign(kind=kind).groupby(["owner_id", "kind"])["amount_minor"].sum().unstack()
    both = owed(rest, holdings).set_index("owner_id").add(mine, fill_value=0).fillna(0)
    return both.astype("int64").rename_axis("owner_id").reset_index()


@dataclass(frozen=True, slots=True)
class _Bills:
    """Private charges and who bears them: a group of rows each, of ``bearers``' rows."""

    ids: Whole
    amounts: Whole
    kind: npt.NDArray[Any]
    driver: npt.NDArray[Any]
    is_whole: Mask
    #: What is known of the charge's order.
    lcl_price: Whole
    insurance_ppm: Whole
    groups: Groups
    rows: Whole
    basis: Whole
    bearers: Bearers

    def of(self, name: str) -> Whole:
        return self.bearers.measures[name][self.rows]


def _own(
    charges: pd.DataFrame, holdings: pd.DataFrame, prices: pd.DataFrame, platform_id: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The parts of the charges that are shared apart, and the charges that are not."""
    if "is_private" not in charges or not charges["is_private"].any():
        return pd.DataFrame(), charges
    bills = _gathered(charges.loc[charges["is_private"]], holdings, prices)
    of, is_platform = bills.groups.of, bills.bearers.owner[bills.rows] == platform_id
    parts, is_refused = _parts(bills, is_platform)
    # Of what the platform bears alone sellers are told nothing.
    taken = ~is_refused[of] & (is_platform | (bills.kind != REST)[of])
    basis = np.where(is_platform & np.isin(bills.driver, COARSE)[of], 0, bills.basis)
    paid = bills.groups.sums(np.where(is_platform, 0, parts))
    over = bills.amounts - paid
    has_platform = bills.groups.sums(is_platform.astype(np.int64)) > 0
    further = np.flatnonzero(~is_refused & ~has_platform & (over != 0))
    found = pd.DataFrame(
        {
            "charge_id": np.append(bills.ids[of][taken], bills.ids[further]),
            "owner_id": np.append(
                bills.bearers.owner[bills.rows][taken], np.full(len(further), platform_id)
            ),
            "driver": np.append(bills.driver[of][taken], bills.driver[further]),
            "basis": np.append(basis[taken], 0 * further),
            "pool_basis": np.append(
                bills.groups.sums(basis)[of][taken], bills.groups.sums(basis)[further]
            ),
            "amount_minor": np.append(np.where(is_platform, over[of], parts)[taken], over[further]),
        }
    )
    return found, charges.loc[~charges["charge_id"].isin(bills.ids[~is_refused])]


def _gathered(charges: pd.DataFrame, holdings: pd.DataFrame, prices: pd.DataFrame) -> _Bills:
    whole = charges["line_id"] == WHOLE_SHIPMENT
    # Of an order whose own charges are no such ones, only the lines that are asked for.
    there = holdings["line_id"].isin(charges.loc[~whole, "line_id"])
    held = holdings.loc[there | holdings["shipment_id"].isin(charges.loc[whole, "shipment_id"])]
    of_line = prices.drop_duplicates("line_id").set_index("line_id")
    known = of_line[["rate_ppb", "duty_ppm"]].reindex(held["line_id"]).fillna(0).astype("int64")
    goods = _times(held["value_minor"].to_numpy(), known["rate_ppb"].to_numpy(), BILLION)
    units = held["units"].to_numpy(np.int64)
    sizes = held[["weight_g", "volume_cm3"]].max(axis=1).to_numpy(np.int64)
    unit = -(-sizes // np.maximum(units, 1))
    told = {
        "own_goods": goods,
        "own_duty": _times(goods, known["duty_ppm"].to_numpy(), MILLION),
        "own_class": classes_of(units) * np.maximum(unit, 1),
    }
    bearers = bearers_of(held.assign(**told), *told)
    asked = bills_of(charges).sort_values("charge_id")
    turns = list(turns_of(bearers, asked))
    sizes = np.concatenate([turn.groups.sizes for turn in turns])
    rows = np.concatenate([turn.rows for turn in turns])
    groups = Groups.of_rows(np.repeat(np.arange(len(sizes)), sizes), len(sizes))
    driver = NAMES[np.concatenate([turn.driver for turn in turns])]
    basis = np.concatenate([turn.basis for turn in turns])
    by_class = (driver == str(Driver.SIZE_CLASS))[groups.of]
    orders = prices.drop_duplicates("order_id").set_index("order_id")
    of_order = orders[["lcl_price", "insurance_ppm"]].reindex(asked["shipment_id"]).fillna(0)
    kinds = charges.set_index("charge_id")["kind"].reindex(asked["charge_id"])
    return _Bills(
        ids=asked["charge_id"].to_numpy(np.int64),
        amounts=asked["amount_minor"].to_numpy(np.int64),
        kind=kinds.to_numpy(dtype=object),
        driver=driver,
        is_whole=(asked["line_id"] == WHOLE_SHIPMENT).to_numpy(),
        lcl_price=of_order["lcl_price"].to_numpy(np.int64),
        insurance_ppm=of_order["insurance_ppm"].to_numpy(np.int64),
        groups=groups,
        rows=rows,
        basis=np.where(by_class, bearers.measures["own_class"][rows], basis),
        bearers=bearers,
    )


def classes_of(units: Whole) -> Whole:
    """The size class of so many units, as what it bears: 1 up to sixteen, then 2, 4, …"""
    classes: Whole = (units > 0).astype(np.int64)
    while (above := classes * CLASS_UNITS < units).any():
        classes[above] *= 2
    return classes


def _times(numbers: Whole, times: Whole, by: int) -> Whole:
    return divided(numbers, times, np.full(len(numbers), by, dtype=np.int64))[0]


def _parts(bills: _Bills, is_platform: Mask) -> tuple[Whole, Mask]:
    """What each row bears, and which charges are not what their holdings cost."""
    of, goods = bills.groups.of, bills.of("own_goods")
    is_coarse = np.isin(bills.driver, COARSE)
    # Of what is borne of an order's freight and insurance, by bearer: what a known price is asked
    # for is insured, and all of it bears duty.
    freight, borne = np.zeros((2, len(bills.bearers.owner)), dtype=np.int64)
    parts = _coarse(bills, is_platform) * is_coarse[of]
    is_refused = np.zeros(len(bills.ids), dtype=np.bool_)
    _add(borne, bills, parts, is_coarse & (bills.kind == "freight"))
    on_freight = (bills.kind == "duty") & bills.is_whole
    for kind in ("goods", "freight", "insurance", "duty"):
        asked = (bills.kind == kind) & ~is_coarse & ~on_freight
        if not asked.any():
            continue
        if kind == "goods":
            own = goods
        elif kind == "duty":
            own = bills.of("own_duty")
        elif kind == "insurance":
            own = _times(goods + freight[bills.rows], bills.insurance_ppm[of], MILLION)
        else:
            own = np.zeros(len(of), dtype=np.int64)
            for driver, column in MEASURED.items():
                measured = _times(bills.of(column), bills.lcl_price[of], MILLION)
                own = np.where((bills.driver == driver)[of], measured, own)
        over = bills.amounts - bills.groups.sums(own)
        is_refused |= asked & ((over < 0) | (over > bills.groups.sizes + _ROUNDED))
        parts = np.where(asked[of], own, parts)
        if kind in ("freight", "insurance"):
            _add(borne, bills, parts, asked & ~is_refused)
        if kind == "freight":
            _add(freight, bills, parts, asked & ~is_refused)
    mine = (on_freight & ~is_coarse)[of]
    rate = divided(borne[bills.rows], bills.of("own_duty"), np.maximum(goods, 1))[0]
    return np.where(mine, rate, parts), is_refused


def _coarse(bills: _Bills, is_platform: Mask) -> Whole:
    """Each seller's part by its basis among the sellers."""
    basis = np.where(is_platform, 0, bills.basis)
    sums = np.maximum(bills.groups.sums(basis), 1)[bills.groups.of]
    amounts = bills.amounts[bills.groups.of]
    return divided(np.abs(amounts), basis, sums)[0] * np.sign(amounts)


def _add(total: Whole, bills: _Bills, parts: Whole, charges: Mask) -> None:
    """Add the parts of these charges of whole orders to what their bearers have already."""
    mine = (charges & bills.is_whole)[bills.groups.of]
    np.add.at(total, bills.rows[mine], parts[mine])
