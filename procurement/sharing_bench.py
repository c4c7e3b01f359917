"""How long it takes to say who gets what and who pays what, beside the least it could take."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from procurement.rules.sharing.costs import WHOLE_SHIPMENT, owed, spread
from procurement.rules.sharing.quantities import Policy, share_out
from procurement.rules.sharing.shortage import Shortage

#: The name of the real ones in the bench.
FREIGHT_BILLS = "freight bills"
LINE_KINDS = ("goods", "duty", "handling")
SHIPMENT_KINDS = (
    ("freight", "weight"),
    ("insurance", "value"),
    ("wire", "value"),
    ("storage", "units"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of sharing: seconds, the median of ``runs``; ``groups`` are bills or products."""

    name: str
    rows: int
    groups: int
    runs: int
    ours_s: float
    floor_s: float

    @property
    def ratio(self) -> float:
        """Ours against the floor."""
        return self.ours_s / self.floor_s


def measure_freight(path: Path, *, runs: int) -> Measured:
    """Every real freight bill, to the cent. The floor: the same product in floats, inexact."""
    bills, holdings = freight_groups(path)
    amounts = bills.set_index("shipment_id")["amount_minor"]

    def ours() -> object:
        return spread(bills, holdings)

    def floor() -> object:
        values = holdings["value_minor"]
        whole = values.groupby(holdings["shipment_id"]).transform("sum")
        return values / whole * holdings["shipment_id"].map(amounts)

    return _measured(FREIGHT_BILLS, ours, floor, runs, rows=len(holdings), groups=len(bills))


def measure_costs(
    lines: int, *, runs: int, sellers: int = 10_000, products: int = 2000
) -> Measured:
    """A large round's costs down to each owner, by kind. The floor: the same in floats, inexact."""
    charges, holdings = made_up_costs(lines, sellers=sellers, products=products)

    def floor() -> object:
        owners = []
        for (_kind, driver), bills in charges.groupby(["kind", "driver"]):
            scope = "line_id" if int(bills["line_id"].iloc[0]) >= 0 else "shipment_id"
            measure = {"units": "units", "weight": "weight_g", "value": "value_minor"}[str(driver)]
            basis = holdings[measure]
            whole = basis.groupby(holdings[scope]).transform("sum")
            amounts = holdings[scope].map(bills.set_index(scope)["amount_minor"])
            owners.append((basis / whole * amounts).groupby(holdings["owner_id"]).sum())
        return owners

    return _measured(
        "costs of a round",
        lambda: owed(charges, holdings),
        floor,
        runs,
        rows=lines,
        groups=len(charges),
    )


def made_up_costs(lines: int, *, sellers: int, products: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Always the same: goods, duty and handling of every line, four charges of every shipment."""
    chance = np.random.default_rng(20260701)
    shipments = max(1, products // 10)
    pairs = chance.choice(sellers * products, lines, replace=False)
    line, units = pairs % products, np.minimum(1 + 3 * chance.pareto(1.2, lines), 9999)
    units = units.astype(np.int64)
    holdings = pd.DataFrame(
        {
            "shipment_id": line % shipments,
            "line_id": line,
            "owner_id": pairs // products + 1,
            "units": units,
            "value_minor": units * (1000 + line),
            "weight_g": units * (100 + line % 700),
            "volume_cm3": units * (150 + line % 900),
        }
    )
    there = np.unique(line)
    of_lines = [
        (int(at % shipments), int(at), kind, "units") for at in there for kind in LINE_KINDS
    ]
    of_whole = [
        (int(at), WHOLE_SHIPMENT, kind, driver)
        for at in np.unique(there % shipments)
        for kind, driver in SHIPMENT_KINDS
    ]
    charges = pd.DataFrame(
        [*of_lines, *of_whole], columns=["shipment_id", "line_id", "kind", "driver"]
    )
    amounts = chance.integers(10**5, 10**9, len(charges))
    return charges.assign(charge_id=range(len(charges)), amount_minor=amounts), holdings


def measure_quantities(
    lines: int, *, runs: int, sellers: int = 10_000, products: int = 2000
) -> list[Measured]:
    """Units of made-up lines, each rule of shortage. The floor: one largest remainder in pandas."""
    demand, supply = made_up_demand(lines, sellers=sellers, products=products)

    def floor() -> object:
        units = demand["product_id"].map(supply.set_index("product_id")["units"])
        exact = demand["quantity"] * units
        whole = demand.groupby("product_id")["quantity"].transform("sum")
        parts = exact // whole
        left = units - parts.groupby(demand["product_id"]).transform("sum")
        ranks = (exact % whole).groupby(demand["product_id"]).rank("first", ascending=False)
        return parts + (ranks <= left)

    return [
        _measured(
            f"units, {rule}",
            lambda rule=rule: share_out(demand, supply, policy=Policy(rule)),  # type: ignore[misc]
            floor,
            runs,
            rows=lines,
            groups=len(supply),
        )
        for rule in Shortage
    ]


def made_up_demand(
    lines: int, *, sellers: int = 10_000, products: int = 2000
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Always the same; of a third of the products there is too little, of a third too much."""
    chance = np.random.default_rng(20260701)
    pairs = chance.choice(sellers * products, lines, replace=False)
    quantity = np.minimum(1 + 3 * chance.pareto(1.2, lines), 9999).astype(np.int64)
    seller = pairs // products + 1
    demand = pd.DataFrame(
        {
            "product_id": pairs % products + 1,
            "seller_id": seller,
            "quantity": quantity,
            "less": quantity * chance.integers(0, 40, lines) // 100,
            "more": quantity * chance.integers(0, 40, lines) // 100,
            "entitlement": quantity * chance.integers(40, 110, lines) // 100,
            "filed": 1_780_000_000_000_000 + seller * 7919 % 10_007,
        }
    )
    wanted = demand.groupby("product_id")["quantity"].sum()
    share = np.array([110, 90, 50])[np.arange(len(wanted)) % 3]
    supply = pd.DataFrame(
        {"product_id": wanted.index, "units": wanted.to_numpy() * share // 100, "pack": 12}
    )
    return demand, supply


def _measured(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    runs: int,
    *,
    rows: int,
    groups: int,
) -> Measured:
    seconds: dict[str, list[float]] = {"ours": [], "floor": []}
    # Once to warm up; in turns, so that a busy machine is busy for both.
    for run in range(runs + 1):
        for which, work in (("ours", ours), ("floor", floor)):
            began = time.perf_counter()
            work()
            if run:
                seconds[which].append(time.perf_counter() - began)
    middle = {which: statistics.median(values) for which, values in seconds.items()}
    return Measured(name, rows, groups, runs, middle["ours"], middle["floor"])


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
