"""What a round's orders are expected to cost, and what each owner bears of it. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from procurement.rules import disclosing
from procurement.rules.disclosing import FEWEST_SELLERS
from procurement.rules.sharing.apart import REST, owed_told
from procurement.rules.sharing.capping import Capped, cap
from procurement.rules.sharing.costs import CLASS_UNITS, WHOLE_SHIPMENT, Driver, owed
from procurement.rules.sharing.splitting import divided
from procurement.rules.solving.alone import Alone, alone
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.tables import Whole
from procurement.rules.solving.terms import MILLION, Lane, Problem, Valuation

#: By what each kind of cost is shared. Goods and duty are their line's alone, by units; what an
#: order costs as a whole follows what causes it: room or weight, value, or the lines of it.
DRIVERS: Final = {
    "goods": Driver.UNITS,
    "duty": Driver.UNITS,
    "handling": Driver.UNITS,
    "freight": Driver.CHARGEABLE,
    "insurance": Driver.VALUE,
    "wire": Driver.VALUE,
    "declaration": Driver.LINES,
}
#: The column of a bill in which a kind of cost is added up.
COLUMNS: Final = {
    "goods": "goods_minor",
    "supplier": "goods_minor",
    "freight": "freight_minor",
    REST: "freight_minor",
    "insurance": "insurance_minor",
    "duty": "duty_minor",
    "wire": "fees_minor",
    "declaration": "fees_minor",
    "handling": "fees_minor",
    "broker": "fees_minor",
    "inspection": "fees_minor",
    "storage": "fees_minor",
    "fx": "fees_minor",
}
#: What is billed by what the goods are: who bought them alone would pay it too.
ALONE_TOO: Final = ("duty", "inspection")
#: Of a bill of a whole order that is so where it is shared by the goods themselves. In equal parts
#: it is not, and a small buyer's part may be more than all its goods would cost in duty.
BY_GOODS: Final = frozenset(
    str(one) for one in (Driver.VALUE, Driver.UNITS, Driver.WEIGHT, Driver.VOLUME)
)
PARTS: Final = ("goods_minor", "freight_minor", "insurance_minor", "duty_minor", "fees_minor")


@dataclass(frozen=True, slots=True)
class Bills:
    """``rows``: owner_id, units, the :data:`PARTS`, shared_minor, alone_minor, cut_minor,
    added_minor, paid_minor; sorted by owner. ``capped`` is in the order of ``sellers``.
    """

    rows: pd.DataFrame
    sellers: Whole
    capped: Capped


def expected(plan: Evaluation, lane_orders: pd.Series, lines: pd.DataFrame) -> pd.DataFrame:
    """The charges of a plan, in fen, without empty ones.

    ``lane_orders``: the key of the order of each of the plan's orders, by place; ``lines``:
    line_id, in the order of the plan's lines. Returns charge_id, shipment_id (the order),
    line_id (or WHOLE_SHIPMENT), kind, driver, amount_minor.
    """
    keys = {order.lane: int(key) for order, key in zip(plan.orders, lane_orders, strict=True)}
    many = Counter(line.lane for line in plan.lines)
    fees = {order.lane: order.cost.handling // many[order.lane] for order in plan.orders}
    rows: list[tuple[int, int, str, int]] = []
    for line, key in zip(plan.lines, lines["line_id"].tolist(), strict=True):
        order = keys[line.lane]
        rows += [
            (order, key, "goods", line.goods),
            (order, key, "duty", line.duty),
            (order, key, "handling", fees[line.lane]),
        ]
    for one in plan.orders:
        rows += [
            (keys[one.lane], WHOLE_SHIPMENT, kind, getattr(one.cost, kind))
            for kind in ("freight", "insurance", "wire", "declaration")
        ]
    found = pd.DataFrame(
        [(at, *row) for at, row in enumerate(row for row in rows if row[3])],
        columns=["charge_id", "shipment_id", "line_id", "kind", "amount_minor"],
    )
    whole = ["charge_id", "shipment_id", "line_id", "amount_minor"]
    found[whole] = found[whole].astype("int64")
    found = found.assign(driver=found["kind"].map(DRIVERS).astype(object))
    # Where packs have prices of their own, the money of a line lies over its units already.
    stepped = {
        key
        for line, key in zip(plan.lines, lines["line_id"].tolist(), strict=True)
        if line.goods_minor != line.packs * line.price_minor
    }
    by_money = (found["kind"] == "goods") & found["line_id"].isin(stepped)
    return found.assign(driver=found["driver"].where(~by_money, str(Driver.VALUE)))


def by_measure(
    problem: Problem, plan: Evaluation, lane_orders: pd.Series, charges: pd.DataFrame
) -> pd.DataFrame:
    """The charges, the freight of part loads by what the carrier bills: volume or weight.

    A part load costs its measure, so nobody's part of it depends on what others ship. Not where
    it costs the least that the carrier takes.
    """
    least = {lane.key: lane.lcl_minimum for lane in problem.lanes}
    measured = {
        int(key): Driver.VOLUME if order.cm3 >= order.grams else Driver.WEIGHT
        for order, key in zip(plan.orders, lane_orders, strict=True)
        if order.load.lcl and not order.load.count and order.cost.freight > least[order.lane]
    }
    is_measured = (charges["kind"] == "freight") & charges["shipment_id"].isin(measured)
    told = charges["shipment_id"].map({key: str(one) for key, one in measured.items()})
    return charges.assign(driver=charges["driver"].where(~is_measured, told))


def holdings(problem: Problem, shares: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """What each owner holds of each line, as costs are shared over it.

    ``shares``: line_id, order_id, owner_id, quantity, amount_minor; ``lines``: line_id,
    product_id. Values are those of the order's currency, weights and volumes gross.
    """
    sizes = pd.DataFrame(
        [(item.product, item.gross_weight_g, item.volume_cm3) for item in problem.items],
        columns=["product_id", "g", "cm3"],
    ).astype("int64")
    of = lines[["line_id", "product_id"]].merge(sizes, on="product_id").set_index("line_id")
    at = of.index.get_indexer(pd.Index(shares["line_id"]))
    units = shares["quantity"].to_numpy(np.int64)
    return pd.DataFrame(
        {
            "shipment_id": shares["order_id"].to_numpy(np.int64),
            "line_id": shares["line_id"].to_numpy(np.int64),
            "owner_id": shares["owner_id"].to_numpy(np.int64),
            "units": units,
            "value_minor": shares["amount_minor"].to_numpy(np.int64),
            "weight_g": units * of["g"].to_numpy(np.int64)[at],
            "volume_cm3": units * of["cm3"].to_numpy(np.int64)[at],
        }
    )


def prices_of(problem: Problem, lines: pd.DataFrame) -> pd.DataFrame:
    """What is known of each line: the columns of :data:`~.sharing.apart.PRICES`.

    ``lines``: line_id, order_id, product_id, lane (its place in the problem).
    """
    items = pd.DataFrame(
        [
            (one.product, one.duty_ppm, CLASS_UNITS * max(one.gross_weight_g, one.volume_cm3))
            for one in problem.items
        ],
        columns=["product_id", "duty_ppm", "sixteen"],
    ).set_index("product_id")
    lanes = pd.DataFrame(
        [(one.rate_ppb, one.lcl_price or 0, one.insurance_ppm, _box(one)) for one in problem.lanes],
        columns=["rate_ppb", "lcl_price", "insurance_ppm", "box_minor"],
    ).astype("int64")
    of = lanes.iloc[lines["lane"].to_numpy(np.int64)].reset_index(drop=True)
    told = lines[["line_id", "order_id"]].reset_index(drop=True)
    own = items.reindex(lines["product_id"].to_numpy()).fillna(0).astype("int64")
    sixteen, duty = (own[name].to_numpy(np.int64) for name in ("sixteen", "duty_ppm"))
    by = np.full(len(sixteen), MILLION, dtype=np.int64)
    step, _rest = divided(sixteen, of["lcl_price"].to_numpy(np.int64), by)
    step = np.where(of["box_minor"].to_numpy() > 0, step, 0)
    return pd.concat([told, of], axis=1).assign(duty_ppm=duty, step_minor=step)


def _box(lane: Lane) -> int:
    """The cheapest container where part loads go beside containers, else 0."""
    prices = [one.price for one in lane.containers]
    return min(prices, default=0) if lane.lcl_price and lane.pays_freight else 0


def bill(
    charges: pd.DataFrame,
    held: pd.DataFrame,
    going_alone: Alone,
    *,
    platform_id: int,
    prices: pd.DataFrame | None = None,
    alone_too: pd.Series[int] | None = None,
) -> Bills:
    """What each owner bears, nobody above its cost of going alone.

    ``charges`` as :func:`expected`, ``held`` as :func:`holdings`, ``prices`` (where some charge
    is private) as :func:`prices_of` made them; ``alone_too`` as :func:`paid_alone_too`. What no
    split can put on a seller is added to the platform's own row.
    """
    if prices is None:
        by_kind = owed(charges, held)
    else:
        by_kind = owed_told(charges, held, prices, platform_id=platform_id)
    owners = by_kind["owner_id"].to_numpy(np.int64)
    units = held.groupby("owner_id")["units"].sum().reindex(owners, fill_value=0)
    rows = pd.DataFrame({"owner_id": owners, "units": units.to_numpy(np.int64)})
    for part in PARTS:
        kinds = [kind for kind, column in COLUMNS.items() if column == part and kind in by_kind]
        rows[part] = by_kind[kinds].sum(axis=1).astype("int64")
    rows["shared_minor"] = rows[list(PARTS)].sum(axis=1).astype("int64")
    rows = _not_below_nothing(rows, platform_id)
    is_seller = (rows["owner_id"] != platform_id).to_numpy()
    sellers = rows.loc[is_seller, "owner_id"].to_numpy(np.int64)
    alone_of = pd.Series(going_alone.totals, index=going_alone.sellers)
    own = alone_of.reindex(sellers).fillna(0).to_numpy(np.int64)
    if alone_too is not None:
        own = own + alone_too.reindex(sellers).fillna(0).to_numpy(np.int64)
    capped = cap_of(sellers, rows.loc[is_seller, "shared_minor"].to_numpy(np.int64), own)
    shared = rows["shared_minor"].to_numpy(np.int64)
    # The platform's part of a bill is its surplus: nothing to compare it with.
    told = {"alone_minor": shared.copy(), "cut_minor": 0 * shared, "added_minor": 0 * shared}
    told["alone_minor"][is_seller] = own
    told["cut_minor"][is_seller], told["added_minor"][is_seller] = capped.cut, capped.added
    if capped.borne:
        if is_seller.all():
            rows.loc[len(rows)] = dict.fromkeys(rows.columns, 0) | {"owner_id": platform_id}
            told = {name: np.append(values, 0) for name, values in told.items()}
            is_seller = np.append(is_seller, False)
        told["added_minor"][~is_seller] = capped.borne
    rows = rows.assign(**told)
    rows["paid_minor"] = rows["shared_minor"] - rows["cut_minor"] + rows["added_minor"]
    rows = rows.astype("int64").sort_values("owner_id", ignore_index=True)
    return Bills(rows, sellers, capped)


def paid_alone_too(
    problem: Problem, charges: pd.DataFrame, lines: pd.DataFrame, held: pd.DataFrame
) -> pd.Series[int]:
    """By owner, its part of the duty and the inspection that its goods really cost, fen.

    They follow from what the goods are, so they would have come to the same alone, at the least:
    they belong to the cost of going alone as well, billed of a line or of a whole order. Duty
    that the terms expect is in it already: of those lines, and of an order for whoever has any
    such goods, nothing is added.
    """
    expects = {item.product for item in problem.items if item.duty_ppm}
    counted = set(lines.loc[lines["product_id"].isin(expects), "line_id"].tolist())
    is_duty, is_counted = charges["kind"] == "duty", charges["line_id"].isin(counted)
    is_whole = charges["line_id"] == WHOLE_SHIPMENT
    of_lines = charges["kind"].isin(ALONE_TOO) & ~is_whole & ~(is_duty & is_counted)
    of_orders = charges["kind"].isin(ALONE_TOO) & is_whole & charges["driver"].isin(BY_GOODS)
    has_counted = held.loc[held["line_id"].isin(counted) & (held["units"] > 0), "owner_id"]
    found: pd.Series[int] = pd.Series(dtype="int64")
    for which, without in ((of_lines, []), (of_orders, has_counted.unique())):
        if which.any():
            by_kind = owed(charges.loc[which], held).set_index("owner_id")
            summed = by_kind.loc[~by_kind.index.isin(without)].sum(axis=1)
            found = found.add(summed, fill_value=0).astype("int64")
    return found


def _not_below_nothing(rows: pd.DataFrame, platform_id: int) -> pd.DataFrame:
    """A credit that is shared by another driver than the goods may be more, for one who has next
    to nothing, than its goods cost: nobody is paid for buying, and the platform keeps the rest."""
    below = (rows["owner_id"] != platform_id) & (rows["shared_minor"] < 0)
    if not below.any():
        return rows
    lacks = rows["shared_minor"].where(below, 0)
    rows = rows.assign(
        fees_minor=rows["fees_minor"] - lacks, shared_minor=rows["shared_minor"] - lacks
    )
    if not (rows["owner_id"] == platform_id).any():
        rows.loc[len(rows)] = dict.fromkeys(rows.columns, 0) | {"owner_id": platform_id}
    is_platform = rows["owner_id"] == platform_id
    for name in ("fees_minor", "shared_minor"):
        rows.loc[is_platform, name] += int(lacks.sum())
    return rows.sort_values("owner_id", ignore_index=True)


def cap_of(sellers: Whole, shared: Whole, own: Whole) -> Capped:
    """The caps of a round. Between two what one is cut would tell the other: then the platform
    bears it."""
    return cap(sellers, shared, own, spreads=len(sellers) >= FEWEST_SELLERS)


def work_out(
    problem: Problem,
    plan: Evaluation,
    lines: pd.DataFrame,
    shares: pd.DataFrame,
    *,
    platform_id: int,
    own_orders: Alone | None = None,
) -> tuple[pd.DataFrame, Bills]:
    """The charges of a plan that orders something, and the bills; ``own_orders`` where it is
    known already what :func:`going_alone` comes to.

    ``lines``: line_id, order_id, product_id in the plan's order; ``shares``: line_id, order_id,
    product_id, owner_id, quantity, amount_minor.
    """
    orders = lines.drop_duplicates("order_id")["order_id"]
    places = problem.lane_places
    prices = prices_of(problem, lines.assign(lane=[places[line.lane] for line in plan.lines]))
    charges = by_measure(problem, plan, orders, expected(plan, orders, lines))
    held = holdings(problem, shares, lines)
    mine = shares.loc[shares["owner_id"] != platform_id]
    charges = disclosing.private(charges, mine, prices)
    if own_orders is None:
        given = mine.rename(columns={"owner_id": "seller_id", "quantity": "units"})
        own_orders = going_alone(problem, given)
    return charges, bill(charges, held, own_orders, platform_id=platform_id, prices=prices)


def going_alone(problem: Problem, given: pd.DataFrame) -> Alone:
    """What each seller's units would cost bought alone; ``given``: seller_id, product_id, units."""
    return alone(
        problem,
        sellers=given["seller_id"].to_numpy(np.int64),
        products=given["product_id"].to_numpy(np.int64),
        quantities=given["units"].to_numpy(np.int64),
    )


def valued(problem: Problem, plain: Evaluation, valuation: Valuation) -> Problem:
    """The same round, each unit beyond the wishes worth what its landed cost makes it worth.

    The landed unit cost is that of the plain plan: goods, duty, and the order's freight by
    volume, up to the next fen.
    """
    loads = {order.lane: (order.cost.freight, max(order.cm3, 1)) for order in plain.orders}
    cost: dict[int, int] = {}
    units: dict[int, int] = {}
    for line in plain.lines:
        freight, cm3 = loads[line.lane]
        landed = line.goods + line.duty + freight * line.cm3 // cm3
        cost[line.product] = cost.get(line.product, 0) + landed
        units[line.product] = units.get(line.product, 0) + line.units
    items = tuple(
        replace(item, **valuation.of(-(-cost[item.product] // units[item.product])))
        if item.product in units
        else item
        for item in problem.items
    )
    return replace(problem, items=items)
