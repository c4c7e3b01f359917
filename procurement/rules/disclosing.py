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

from procurement.rules.sharing.costs import WHOLE_SHIPMENT, Driver
from procurement.rules.sharing.splitting import Mask, Whole

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


def private(charges: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """The charges, each shared by what tells nobody what another ordered.

    In an order whose totals stay away, fees are shared in equal parts, and so is what a line of
    fewer than three sellers costs in fees. Its freight goes by size classes, unless the carrier
    bills its measure itself (a part load: the driver is a weight or a volume). Insurance is of
    goods and freight: the part for freight goes with the freight. Done twice it is the same.
    ``held`` as for :func:`open_orders`.
    """
    shown = open_orders(held)
    in_line = held.groupby("line_id")["owner_id"].nunique()
    is_whole = (charges["line_id"] == WHOLE_SHIPMENT).to_numpy()
    sellers = charges["line_id"].map(in_line).fillna(0)
    is_few = np.where(
        is_whole, ~charges["shipment_id"].isin(shown), sellers < FEWEST_SELLERS
    ).astype(bool)
    driver = charges["driver"].astype(object).to_numpy(copy=True)
    driver[is_few & charges["kind"].isin(FEES).to_numpy()] = str(Driver.EQUAL)
    kind = charges["kind"].to_numpy()
    moved = is_few & is_whole & (kind == "freight") & (driver == str(Driver.CHARGEABLE))
    driver[moved] = str(Driver.SIZE_CLASS)
    told = charges.assign(driver=driver)
    if moved.any():
        told["amount_minor"] = _with_insurance(told, moved)
        told = told.loc[told["amount_minor"] != 0]
    return told


def _with_insurance(charges: pd.DataFrame, freights: Mask) -> Whole:
    """The amounts, the insurance of each of these freights moved to it."""
    amounts = charges["amount_minor"].to_numpy(np.int64, copy=True)
    order = charges["shipment_id"].to_numpy(np.int64)
    kind = charges["kind"].to_numpy()
    whole = (charges["line_id"] == WHOLE_SHIPMENT).to_numpy()
    goods = charges.loc[kind == "goods"].groupby("shipment_id")["amount_minor"].sum()
    for at in np.flatnonzero(freights).tolist():
        insured = np.flatnonzero(whole & (order == order[at]) & (kind == "insurance")).tolist()
        freight, value = int(amounts[at]), int(goods.get(order[at], 0))
        if len(insured) == 1 and freight + value > 0:
            together = freight + value
            part = (2 * int(amounts[insured[0]]) * freight + together) // (2 * together)
            amounts[insured[0]] -= part
            amounts[at] += part
    return amounts
