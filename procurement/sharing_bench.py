"""How long it takes to say who gets what and who pays what, beside the least it could take."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from procurement.rules.sharing.costs import WHOLE_SHIPMENT


def freight_groups(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The real shipments that share one freight bill: bills by value, and the lines that bear it.

    Every line is its own owner. Taken are groups of two lines and more with exactly one
    freight amount and one weight, as the data's own notes count them.
    """
    lines = pd.read_csv(path)
    by_head = lines.groupby("head_id")
    usable = (
        (by_head["id"].transform("size") > 1)
        & (by_head["freight_usd"].transform("count") == 1)
        & (by_head["weight_kg"].transform("count") == 1)
    )
    lines = lines.loc[usable]
    holdings = pd.DataFrame(
        {
            "shipment_id": lines["head_id"],
            "line_id": lines["id"],
            "owner_id": lines["id"],
            "units": lines["packs"] * lines["units_per_pack"],
            "value_minor": _cents(lines["value_usd"]),
            "weight_g": 0,
            "volume_cm3": 0,
        }
    ).reset_index(drop=True)
    bill = lines.loc[lines["freight_usd"].notna()]
    bills = pd.DataFrame(
        {
            "charge_id": bill["head_id"],
            "shipment_id": bill["head_id"],
            "line_id": WHOLE_SHIPMENT,
            "driver": "value",
            "amount_minor": _cents(bill["freight_usd"]),
        }
    ).reset_index(drop=True)
    return bills, holdings


def _cents(dollars: pd.Series[float]) -> pd.Series[int]:
    # Read from text with two decimals: rounding makes them whole, and is no loss.
    return (dollars * 100).round().astype("int64")
