"""What may be told of a total, so that nobody finds out what another single seller ordered. Pure.

A total is shown from three sellers on. Two more things follow from it. A bill that everybody
knows (a fee, the price of a container) and a part of it tell the whole basis, whether that is
shown or not: between few, such a bill is shared in a way that says nothing about anybody. And
totals that are shown must not tell one that is not, as what is left of them: an order's totals
stay away while too little of it is hidden (statisticians call it complementary suppression).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from procurement.rules.sharing.apart import COARSE, MEASURED, REST
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, Driver
from procurement.rules.sharing.splitting import Mask, Whole
from procurement.rules.solving.freighting import half_up
from procurement.rules.solving.terms import MILLION

FEWEST_SELLERS: Final = 3
#: An order tells up to three totals (value, measure, lines). So many unknown lines are hidden in
#: them at least: of fewer, whole numbers of packs could be found out.
FEWEST_LINES: Final = 4
#: Fees that everybody knows.
FEES: Final = ("wire", "declaration", "handling", "broker")


def open_orders(held: pd.DataFrame) -> set[int]:
    """The orders whose totals may be told. ``held``: line_id, order_id, owner_id, sellers only.

    At least three sellers are in them, and of the lines that fewer than three share there are
    none, or four at least that nobody knows alone, of four sellers.
    """
    sellers = held.groupby("order_id")["owner_id"].nunique()
    in_line = held.groupby("line_id")["owner_id"].transform("nunique")
    few = held.loc[in_line < FEWEST_SELLERS]
    lines = few.groupby("order_id")["line_id"].nunique().reindex(sellers.index, fill_value=0)
    who = few.groupby("order_id")["owner_id"].nunique().reindex(sellers.index, fill_value=0)
    # Who has a line alone knows it.
    alone = few.loc[in_line.loc[few.index] == 1].groupby(["order_id", "owner_id"]).size()
    known = alone.groupby("order_id").max().reindex(sellers.index, fill_value=0)
    is_hidden = (lines - known >= FEWEST_LINES) & (who > FEWEST_SELLERS)
    is_open = (sellers >= FEWEST_SELLERS) & ((lines == 0) | is_hidden)
    return {int(order) for order in sellers.index[is_open]}


def private(charges: pd.DataFrame, held: pd.DataFrame, prices: pd.DataFrame) -> pd.DataFrame:
    """The charges, each shared by what tells nobody what another ordered.

    In an order whose totals stay away, fees are shared in equal parts, and so is what a line of
    fewer than three sellers costs in fees. Its freight goes by size classes, unless the carrier
    bills its measure itself (a part load: the driver is a weight or a volume). Insurance is of
    goods and freight: the part for freight goes with the freight. Duty is of them too: what of
    it is on freight and insurance becomes a charge of the whole order. These charges and the
    goods of such lines ``is_private``: what each bears follows from its own units
    (:mod:`~.sharing.apart`). Done twice it is the same.

    ``held`` as for :func:`open_orders`, ``prices`` as :data:`~.sharing.apart.PRICES` says.
    """
    if "is_private" in charges:
        return charges
    shown = open_orders(held)
    in_line = held.groupby("line_id")["owner_id"].nunique()
    is_whole = (charges["line_id"] == WHOLE_SHIPMENT).to_numpy()
    is_hidden = (~charges["shipment_id"].isin(shown)).to_numpy()
    sellers = charges["line_id"].map(in_line).fillna(0)
    is_few = np.where(is_whole, is_hidden, sellers < FEWEST_SELLERS).astype(bool)
    if not is_few.any() and not is_hidden.any():
        return charges.assign(is_private=False)
    driver = charges["driver"].astype(object).to_numpy(copy=True)
    kind = charges["kind"].to_numpy()
    driver[is_few & charges["kind"].isin(FEES).to_numpy()] = str(Driver.EQUAL)
    moved = is_few & is_whole & (kind == "freight") & (driver == str(Driver.CHARGEABLE))
    driver[moved] = str(Driver.SIZE_CLASS)
    of_order = ((kind == "freight") & np.isin(driver, list(MEASURED))) | (kind == "insurance")
    of_line = np.isin(kind, ("goods", "duty"))
    apart = np.isin(driver, COARSE) | np.where(is_whole, of_order, of_line)
    told = charges.assign(driver=driver, is_private=is_few & apart)
    rests: list[tuple[int, int]] = []
    if moved.any():
        told["amount_minor"], rests = _with_insurance(told, moved, prices)
    if is_hidden.any() and prices["duty_ppm"].any():
        told = _duty_apart(told, charges, is_hidden, prices)
    borne = [(order, REST, str(Driver.LINES), rest) for order, rest in rests]
    told = _with_more(told, borne)
    return told.loc[told["amount_minor"] != 0]


def _with_more(told: pd.DataFrame, more: list[tuple[int, str, str, int]]) -> pd.DataFrame:
    """With further private charges of whole orders: order, kind, driver, amount."""
    if not more:
        return told
    rows = pd.DataFrame(more, columns=["shipment_id", "kind", "driver", "amount_minor"])
    first = int(told["charge_id"].max()) + 1
    rows = rows.assign(
        charge_id=first + np.arange(len(rows)), line_id=WHOLE_SHIPMENT, is_private=True
    )
    return pd.concat([told, rows[list(told.columns)]], ignore_index=True)


def told_freight(freight: int, *, box: int, step: int) -> int:
    """What of an order's freight few sellers share: whole containers, and of a part load beside
    them, counted down from the next container, whole steps. ``box`` is what the cheapest
    container costs, ``step`` a size class of units as part load. The platform bears the rest,
    less than a step: by the fen it would tell all that is in the load.
    """
    if not step or not box or freight <= box:
        return freight
    full = freight // box * box
    if freight == full:
        return freight
    return max(full, full + box - -(-(full + box - freight) // step) * step)


def _with_insurance(
    charges: pd.DataFrame, freights: Mask, prices: pd.DataFrame
) -> tuple[Whole, list[tuple[int, int]]]:
    """The amounts, the insurance of each of these freights moved to it; and what of a freight
    with its insurance is the platform's, by order."""
    known = prices.groupby("order_id")[["insurance_ppm", "box_minor", "step_minor"]].max()
    rests = []
    amounts = charges["amount_minor"].to_numpy(np.int64, copy=True)
    order = charges["shipment_id"].to_numpy(np.int64)
    kind = charges["kind"].to_numpy()
    whole = (charges["line_id"] == WHOLE_SHIPMENT).to_numpy()
    goods = charges.loc[kind == "goods"].groupby("shipment_id")["amount_minor"].sum()
    for at in np.flatnonzero(freights).tolist():
        insured = np.flatnonzero(whole & (order == order[at]) & (kind == "insurance")).tolist()
        freight, value = int(amounts[at]), int(goods.get(order[at], 0))
        rate, box, step = (int(one) for one in known.loc[order[at]])
        amounts[at] = told_freight(freight, box=box, step=step)
        rest = freight - int(amounts[at])
        if len(insured) == 1 and freight + value > 0:
            together, asked = freight + value, int(amounts[insured[0]])
            # As the terms say it is a price everybody knows; else its part of what was billed.
            part, told = freight * rate // MILLION, int(amounts[at]) * rate // MILLION
            if asked != half_up(together * rate, MILLION):
                part = told = half_up(asked * freight, together)
            amounts[insured[0]] -= part
            amounts[at] += told
            rest += part - told
        if rest:
            rests.append((int(order[at]), rest))
    return amounts, rests


def _duty_apart(
    told: pd.DataFrame, planned: pd.DataFrame, is_hidden: Mask, prices: pd.DataFrame
) -> pd.DataFrame:
    """The charges, duty on freight and insurance taken out of what the lines of an order bear.

    Duty of a line tells how much freight there is for its goods, and with that what all goods of
    the order cost. Left as it is where it is not what the terms and the order's other charges
    make of it: then nobody knows by what it came about. ``planned`` are the charges before
    anything was moved.
    """
    rates = prices.drop_duplicates("line_id").set_index("line_id")["duty_ppm"]
    amounts = planned["amount_minor"].to_numpy(np.int64)
    kind, line = planned["kind"].to_numpy(), planned["line_id"].to_numpy(np.int64)
    order = planned["shipment_id"].to_numpy(np.int64)
    whole = line == WHOLE_SHIPMENT
    further = []
    told = told.copy()
    for key in np.unique(order[is_hidden]).tolist():
        mine = order == key
        border = int(amounts[mine & whole & np.isin(kind, ("freight", "insurance"))].sum())
        goods = dict(
            zip(line[mine & (kind == "goods")], amounts[mine & (kind == "goods")], strict=True)
        )
        value = int(sum(goods.values()))
        rows = np.flatnonzero(mine & ~whole & (kind == "duty"))
        ppm = [int(rates.get(line[row], 0)) for row in rows]
        own = [int(goods.get(line[row], 0)) for row in rows]
        asked = [
            half_up(half_up(of * (value + border), max(value, 1)) * rate, MILLION)
            for of, rate in zip(own, ppm, strict=True)
        ]
        if not len(rows) or asked != amounts[rows].tolist():
            continue
        on_goods = np.array([half_up(o * r, MILLION) for o, r in zip(own, ppm, strict=True)])
        rest = int((amounts[rows] - on_goods).sum())
        told.loc[told.index[rows], "amount_minor"] = on_goods
        further.append((key, "duty", str(Driver.CHARGEABLE), rest))
    return _with_more(told, further)
