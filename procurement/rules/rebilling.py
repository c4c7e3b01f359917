"""What a round costs once something of it has changed, and what each owner bears of it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DomainError
from procurement.rules import billing, disclosing
from procurement.rules.billing import DRIVERS, Bills
from procurement.rules.order_bills import KINDS, SUPPLIER
from procurement.rules.sharing.apart import spread_told
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, by_line
from procurement.rules.sharing.splitting import Groups, split
from procurement.rules.solving.terms import BILLION, Problem


class BillingNotFailed(DomainError):
    """Only a round that the workers gave up on is billed again by hand: what waits is billed by
    itself."""

    code = "procurement.billing_not_failed"


CHARGE: Final = ("shipment_id", "line_id", "kind", "driver", "amount_minor")


def charges(
    lines: pd.DataFrame, expected: pd.DataFrame, billed: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The charges of a round as it stands, in fen, without empty ones.

    ``lines``: line_id, order_id, quantity and amount_minor that stand (in the order's currency),
    rate_ppb. ``expected``: the charges of the first run, ``billed``: what was really billed,
    both with the columns of :data:`CHARGE`. Goods cost what stands of them, at the plan's rate;
    what their supplier corrected stands beside them, shared as they are. Of the other kinds,
    what was billed takes the place of what was expected; what is expected falls away with the
    last unit of its line or order.
    """
    stand = lines.loc[lines["quantity"] > 0]
    alive = set(stand["line_id"].tolist())
    of_order = dict(zip(lines["line_id"].tolist(), lines["order_id"].tolist(), strict=True))
    alive_orders = {of_order[line] for line in alive}
    goods: dict[int, int] = {
        line: (2 * amount * rate + BILLION) // (2 * BILLION)
        for line, amount, rate in stand[["line_id", "amount_minor", "rate_ppb"]].to_numpy().tolist()
    }
    came: dict[tuple[int, int, str, str], int] = {}
    corrected: dict[int, int] = {}
    for order, line, kind, driver, amount in _rows(billed):
        if kind == SUPPLIER:
            corrected[line] = corrected.get(line, 0) + amount
        else:
            key = (order, line, kind, driver)
            came[key] = came.get(key, 0) + amount
    # A bill that was taken back leaves what was expected.
    came = {key: amount for key, amount in came.items() if amount}
    by = {line: driver for _, line, kind, driver, _ in _rows(expected) if kind == "goods"}
    # A credit beyond what the goods cost is the platform's gain, never a negative share.
    corrected = {line: max(-goods.get(line, 0), more) for line, more in corrected.items()}
    rows = [
        (of_order[line], line, kind, by.get(line, str(DRIVERS["goods"])), amount)
        for kind, amounts in (("goods", goods), (SUPPLIER, corrected))
        for line, amount in amounts.items()
    ]
    placed = {(order, line, _replaced(kind)) for order, line, kind, _driver in came}
    told = {(order, kind) for order, _line, kind in placed}
    for order, line, kind, driver, amount in _rows(expected):
        is_whole = line == WHOLE_SHIPMENT
        if kind == "goods" or (order not in alive_orders if is_whole else line not in alive):
            continue
        is_billed = (
            (order, kind) in told
            if is_whole
            else {(order, line, kind), (order, WHOLE_SHIPMENT, kind)} & placed
        )
        if not is_billed:
            rows.append((order, line, kind, driver, amount))
    rows += [(*key, amount) for key, amount in came.items()]
    rows.sort(key=lambda row: (row[0], row[1] == WHOLE_SHIPMENT, *row[1:]))
    found = pd.DataFrame(
        [(at, *row) for at, row in enumerate(row for row in rows if row[4])],
        columns=["charge_id", *CHARGE],
    )
    whole = ["charge_id", "shipment_id", "line_id", "amount_minor"]
    return found.astype(dict.fromkeys(whole, "int64") | {"kind": object, "driver": object})


def work_out_again(
    problem: Problem,
    lines: pd.DataFrame,
    shares: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    platform_id: int,
    owners: pd.Series[int],
) -> tuple[pd.DataFrame, Bills]:
    """The charges with the drivers they are shared by, and everybody's bill.

    ``lines`` as for :func:`charges`, with product_id; ``shares``: line_id, order_id, product_id,
    owner_id, quantity, amount_minor; ``costs`` from :func:`charges`; ``owners`` are all who ever
    had a bill: who holds nothing any more has one of nothing. What is billed of goods that
    nobody holds any more is the platform's.
    """
    there = with_bearers(shares.loc[shares["quantity"] > 0], lines, costs, platform_id)
    held = billing.holdings(problem, there, lines)
    mine = there.loc[(there["owner_id"] != platform_id) & (there["quantity"] > 0)]
    prices = billing.prices_of(problem, lines)
    costs = _together(disclosing.private(costs, mine, prices))
    given = mine.rename(columns={"owner_id": "seller_id", "quantity": "units"})
    alone = billing.going_alone(problem, given)
    too = billing.paid_alone_too(problem, costs, lines, held)
    found = billing.bill(costs, held, alone, platform_id=platform_id, prices=prices, alone_too=too)
    gone = sorted(set(owners.tolist()) - set(found.rows["owner_id"].tolist()))
    if gone:
        nothing = pd.DataFrame(0, index=range(len(gone)), columns=found.rows.columns)
        rows = pd.concat([found.rows, nothing.assign(owner_id=gone)], ignore_index=True)
        rows = rows.astype("int64").sort_values("owner_id", ignore_index=True)
        found = Bills(rows, found.sellers, found.capped)
    return costs, found


def _together(costs: pd.DataFrame) -> pd.DataFrame:
    """One charge of a kind, place and driver: two bills may come to the same driver."""
    keys = ["shipment_id", "line_id", "kind", "driver", "is_private"]
    if not costs.duplicated(keys[:-1]).any():
        return costs
    summed = costs.groupby(keys, sort=False)["amount_minor"].sum().reset_index()
    summed = summed.loc[summed["amount_minor"] != 0].reset_index(drop=True)
    return summed.assign(charge_id=np.arange(len(summed)))[["charge_id", *CHARGE, "is_private"]]


def paid_by_line(
    problem: Problem,
    lines: pd.DataFrame,
    shares: pd.DataFrame,
    costs: pd.DataFrame,
    bills: pd.DataFrame,
    *,
    platform_id: int,
    owners: Collection[int],
) -> pd.DataFrame:
    """What some owners pay in a run, by line: line_id, owner_id, amount_minor, sorted.

    ``bills``: owner_id, shared_minor, paid_minor of that run. What the cap took off or put on
    follows what the lines bear.
    """
    there = with_bearers(shares.loc[shares["quantity"] > 0], lines, costs, platform_id)
    held = billing.holdings(problem, there, lines)
    prices = billing.prices_of(problem, lines)
    parts = spread_told(costs, held, prices, platform_id=platform_id)
    mine = by_line(parts.loc[parts["owner_id"].isin(list(owners))], costs, held)
    keys = ["owner_id", "line_id"]
    found: pd.DataFrame = mine.groupby(keys, sort=True)[["amount_minor"]].sum().reset_index()
    of, names = pd.factorize(found["owner_id"].to_numpy(np.int64), sort=True)
    groups = Groups.of_rows(of.astype(np.int64), len(names))
    by_owner = bills.set_index("owner_id").reindex(names)
    moved = (by_owner["paid_minor"] - by_owner["shared_minor"]).to_numpy(np.int64)
    basis = found["amount_minor"].to_numpy(np.int64)
    basis = np.where(groups.sums(basis)[groups.of] > 0, basis, 1)
    found["amount_minor"] += split(groups, moved, basis)
    return found[["line_id", "owner_id", "amount_minor"]]


def sold_of(
    shares: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    sold: Mapping[tuple[int, int], int],
) -> pd.DataFrame:
    """line_id, owner_id, units held and how many of them were sold, of all in two runs."""
    keys = ["line_id", "owner_id"]
    pairs = pd.concat([before[keys], after[keys]]).drop_duplicates()
    held = pairs.merge(shares[[*keys, "quantity"]], on=keys, how="left")
    units = held["quantity"].fillna(0).to_numpy(np.int64)
    gone = [sold.get(pair, 0) for pair in held[keys].itertuples(index=False, name=None)]
    found = held[keys].assign(units=units, sold=np.minimum(np.array(gone, dtype=np.int64), units))
    return found.sort_values(keys, ignore_index=True)


def with_bearers(
    shares: pd.DataFrame, lines: pd.DataFrame, costs: pd.DataFrame, platform_id: int
) -> pd.DataFrame:
    """The shares, and the platform with nothing of it wherever a charge has nobody to bear it."""
    is_whole = (costs["line_id"] == WHOLE_SHIPMENT).to_numpy()
    bare_lines = set(costs.loc[~is_whole, "line_id"]) - set(shares["line_id"])
    bare_orders = set(costs.loc[is_whole, "shipment_id"]) - set(shares["order_id"])
    first = lines.drop_duplicates("order_id").set_index("order_id")["line_id"]
    asked = bare_lines | {int(first[order]) for order in bare_orders}
    if not asked:
        return shares
    more = lines.loc[lines["line_id"].isin(asked), ["line_id", "order_id", "product_id"]]
    more = more.assign(owner_id=platform_id, quantity=0, amount_minor=0)
    return pd.concat([shares, more[list(shares.columns)]], ignore_index=True).astype("int64")


def arrived(shares: pd.DataFrame, missing: pd.DataFrame, platform_id: int) -> pd.DataFrame:
    """Who holds what of lines of which units did not arrive.

    ``missing``: line_id, owner_id, quantity. What an owner misses is the platform's from then
    on, with its part of the money: the owner pays for nothing that never came.
    """
    if missing.empty:
        return shares
    keys = ["line_id", "owner_id"]
    lost = missing.groupby(keys, sort=True)["quantity"].sum().rename("lost").reset_index()
    told = shares.merge(lost, on=keys, how="left")
    gone = np.minimum(told["lost"].fillna(0).to_numpy(np.int64), told["quantity"].to_numpy())
    paid = told["amount_minor"].to_numpy(np.int64)
    units = np.maximum(told["quantity"].to_numpy(np.int64), 1)
    # By whole numbers, up to the next minor unit for the platform.
    left = paid - np.array(
        [
            -(-one * many // of)
            for one, many, of in zip(paid.tolist(), gone.tolist(), units.tolist(), strict=True)
        ],
        dtype=np.int64,
    )
    kept = told.drop(columns="lost").assign(quantity=told["quantity"] - gone, amount_minor=left)
    moved = told.drop(columns="lost").assign(
        quantity=gone, amount_minor=paid - left, owner_id=platform_id
    )
    both = pd.concat([kept, moved.loc[moved["quantity"] > 0]], ignore_index=True)
    by = [name for name in both.columns if name not in ("quantity", "amount_minor")]
    summed: pd.DataFrame = both.groupby(by, sort=True)[["quantity", "amount_minor"]].sum()
    return summed.reset_index()[list(shares.columns)]


def digest(costs: pd.DataFrame, bills: Bills) -> str:
    """SHA-256 of the charges and of what each bears of them."""
    told = [
        sorted(costs[list(CHARGE)].astype(object).to_numpy().tolist()),
        list(bills.rows.columns),
        bills.rows.to_numpy().tolist(),
    ]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


def _replaced(kind: str) -> str:
    """The expected kind whose place a bill takes."""
    known = KINDS.get(kind)
    return known.replaces or kind if known else kind


def _rows(frame: pd.DataFrame | None) -> list[tuple[int, int, str, str, int]]:
    if frame is None or frame.empty:
        return []
    return [tuple(row) for row in frame[list(CHARGE)].astype(object).to_numpy().tolist()]
