"""A plan and the demand become order lines and whose how much of each, exactly.

Pure: frames and plans in, frames of whole numbers out. Who gets how many units of a product is
decided by :mod:`procurement.rules.sharing.quantities`; here the units of a product that is
bought in several lines are laid over them, and the money of each line over its units.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.errors import DomainError
from procurement.rules.disclosing import FEWEST_SELLERS
from procurement.rules.sharing.apart import classes_of
from procurement.rules.sharing.quantities import Policy, Shares, share_out
from procurement.rules.sharing.splitting import Groups, Mask, Whole, by_keys, divided, split
from procurement.rules.solving.evaluating import Evaluation
from procurement.rules.solving.tables import Tables, up
from procurement.rules.solving.terms import MOST_UNITS, Problem

#: What the tables' columns hold.
LARGEST_QUANTITY: Final = 2**31 - 1

LINES: Final = (
    "line",
    "offer_id",
    "product_id",
    "wanted",
    "packs",
    "pack_quantity",
    "quantity",
    "pack_price_minor",
    "base_pack_price_minor",
    "amount_minor",
    "goods",
    "cm3",
    "grams",
)
SHARES: Final = ("line", "owner_id", "quantity", "amount_minor", "alone_minor")


class PoolTooLarge(DomainError):
    """The pooled quantity or amount of a product is beyond what can be ordered."""

    code = "procurement.pool_too_large"


@dataclass(frozen=True, slots=True)
class Allotment:
    """``lines``: the columns of :data:`LINES`, in the plan's order; ``goods`` is in fen.

    ``shares``: the columns of :data:`SHARES`, by line and owner: units and money of a line come
    to it exactly. ``alone_minor`` is what the owner's units would cost ordered by themselves of
    the same offer; of the platform's surplus its own amount. ``given`` is who got how many units
    of a product in all, ``supply`` what there was of each.
    """

    lines: pd.DataFrame
    shares: pd.DataFrame
    given: Shares
    supply: pd.DataFrame


def allot(
    problem: Problem,
    plan: Evaluation,
    demand: pd.DataFrame,
    *,
    policy: Policy,
    platform_id: int,
) -> Allotment:
    """Lay a plan over the demand it was made for.

    ``demand`` as :func:`~procurement.rules.sharing.quantities.share_out` takes it. Raises
    PoolTooLarge, or what sharing refuses.
    """
    lines = _lines(problem, plan, demand)
    supply = lines.groupby("product_id", sort=True).agg(
        units=("quantity", "sum"), pack=("pack_quantity", "min")
    )
    there = supply.reset_index().astype("int64")
    given = share_out(demand, there, policy=policy, before=None)
    owned = _with_platform(given, platform_id)
    shares = _over_lines(lines, owned)
    return Allotment(lines, _priced(problem, lines, shares, platform_id), given, there)


def _lines(problem: Problem, plan: Evaluation, demand: pd.DataFrame) -> pd.DataFrame:
    offers = {offer.id: offer for offer in problem.offers}
    rows = [
        (
            at,
            line.offer,
            line.product,
            0,
            line.packs,
            offers[line.offer].pack_quantity,
            line.units,
            line.price_minor,
            offers[line.offer].breaks[0].pack_price_minor,
            line.goods_minor,
            line.goods,
            line.cm3,
            line.grams,
        )
        for at, line in enumerate(plan.lines)
    ]
    lines = pd.DataFrame(rows, columns=list(LINES), dtype="int64")
    if len(lines) and int(lines[["packs", "quantity"]].max().max()) > LARGEST_QUANTITY:
        over = lines.loc[lines["quantity"] > LARGEST_QUANTITY, "product_id"]
        raise PoolTooLarge(products=over.tolist()[:10])
    # What is wanted of a product is met line by line; the last line is asked for the rest.
    wanted = demand.groupby("product_id")["quantity"].sum()
    wished = lines["product_id"].map(wanted).fillna(0).astype("int64")
    before = lines.groupby("product_id")["quantity"].cumsum() - lines["quantity"]
    rest = (wished - before).clip(lower=0)
    is_last = ~lines["product_id"].duplicated(keep="last")
    lines["wanted"] = np.where(is_last, rest, np.minimum(rest, lines["quantity"]))
    return lines


def _with_platform(given: Shares, platform_id: int) -> pd.DataFrame:
    """Units by product and owner, the platform's surplus among them; nobody with nothing."""
    mine = given.given.rename(columns={"seller_id": "owner_id"})
    rest = given.platform[["product_id", "units"]].assign(owner_id=platform_id)
    both = pd.concat([mine, rest[["product_id", "owner_id", "units"]]], ignore_index=True)
    return both.loc[both["units"] > 0].astype("int64")


def _over_lines(lines: pd.DataFrame, owned: pd.DataFrame) -> pd.DataFrame:
    """``line``, owner_id, quantity: of each line each owner's part, in proportion."""
    is_many = lines["product_id"].duplicated(keep=False)
    single = lines.loc[~is_many, ["product_id", "line"]]
    parts = [owned.merge(single, on="product_id").rename(columns={"units": "quantity"})]
    many = lines.loc[is_many].assign(turn=lambda its: its.groupby("product_id").cumcount())
    split_up = owned.loc[owned["product_id"].isin(many["product_id"])]
    split_up = split_up.sort_values(["product_id", "owner_id"], ignore_index=True)
    products, of = np.unique(split_up["product_id"].to_numpy(np.int64), return_inverse=True)
    left = split_up["units"].to_numpy(np.int64)
    # The first lines of all these products at once, then their second ones …
    for _turn, its in many.groupby("turn", sort=True):
        at = np.searchsorted(products, its["product_id"].to_numpy(np.int64))
        totals, line = np.zeros((2, len(products)), dtype=np.int64)
        totals[at], line[at] = its["quantity"], its["line"]
        # A part of what is left in proportion is never more than what is left.
        part = split(Groups.of_rows(of, len(products)), totals, left)
        left = left - part
        parts.append(split_up[["owner_id"]].assign(line=line[of], quantity=part))
    rows = pd.concat(parts, ignore_index=True)[["line", "owner_id", "quantity"]]
    line, owner, quantity = (rows[name].to_numpy(np.int64) for name in rows.columns)
    turn = by_keys(line, owner)
    turn = turn[quantity[turn] > 0]
    return pd.DataFrame(
        {"line": line[turn], "owner_id": owner[turn], "quantity": quantity[turn]}, copy=False
    )


def _priced(
    problem: Problem, lines: pd.DataFrame, shares: pd.DataFrame, platform_id: int
) -> pd.DataFrame:
    groups = Groups.of_rows(shares["line"].to_numpy(np.int64), len(lines))
    units = shares["quantity"].to_numpy(np.int64)
    is_platform = shares["owner_id"].to_numpy() == platform_id
    amount = _money(lines, groups, units, ~is_platform)
    tables = Tables(problem)
    offer = _places(tables.offer, lines["offer_id"].to_numpy(np.int64))[groups.of]
    item = _places(tables.product, lines["product_id"].to_numpy(np.int64))[groups.of]
    packs = _alone_packs(tables, offer, units, item)
    alone = tables.minor(offer, packs)
    return shares.assign(amount_minor=amount, alone_minor=np.where(is_platform, amount, alone))


def laid_on(shares: pd.DataFrame, lines: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """The shares with the order lines they are of and the forecast lines they meet, 0 for none.

    They stay by line and owner, the order of their unique key: lines got rising keys, and an
    index that grows at its end is the cheapest.
    """
    line = shares["line"].to_numpy(np.int64)
    of = {name: lines[name].to_numpy(np.int64)[line] for name in ("line_id", "order_id")}
    product = lines["product_id"].to_numpy(np.int64)[line]
    owner = shares["owner_id"].to_numpy(np.int64)
    return pd.DataFrame(
        {
            **of,
            "product_id": product,
            "owner_id": owner,
            **{name: shares[name] for name in ("quantity", "amount_minor", "alone_minor")},
            "demand_id": _met(product, owner, demand),
        },
        copy=False,
    )


def _met(product: Whole, owner: Whole, demand: pd.DataFrame) -> Whole:
    """The key of the forecast line in which each owner wished for the product; 0 for none."""
    if demand.empty:
        return np.zeros(len(product), dtype=np.int64)
    products = np.unique(demand["product_id"].to_numpy(np.int64))
    sellers = np.unique(demand["seller_id"].to_numpy(np.int64))

    def key(product: Whole, seller: Whole) -> Whole:
        places = np.searchsorted(products, product) * (len(sellers) + 1)
        found: Whole = places + np.searchsorted(sellers, seller)
        return found

    keys = key(demand["product_id"].to_numpy(np.int64), demand["seller_id"].to_numpy(np.int64))
    turn = np.argsort(keys, kind="stable")
    keys = keys[turn]
    asked = key(product, owner)
    place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    wishes = demand["line_id"].to_numpy(np.int64)[turn[place]]
    is_met = (keys[place] == asked) & np.isin(owner, sellers)
    return np.where(is_met, wishes, 0)


def goods_alone(problem: Problem, *, offers: Whole, products: Whole, units: Whole) -> Whole:
    """What units would cost ordered by themselves, each of its offer; minor units of it."""
    tables = Tables(problem)
    offer, item = _places(tables.offer, offers), _places(tables.product, products)
    found: Whole = tables.minor(offer, _alone_packs(tables, offer, units, item))
    return np.where(units > 0, found, 0)


def _money(lines: pd.DataFrame, groups: Groups, units: Whole, is_seller: Mask) -> Whole:
    """The money of each line over its units.

    Of a line that fewer than three sellers share each pays what follows from its own units alone.
    Where the first packs are dearer, the price of a unit would tell how many there are: there
    everybody pays the last pack's price, and what the first cost more is shared by size classes:
    up to 16 units, up to 32, up to 64.
    """
    amounts = lines["amount_minor"].to_numpy(np.int64)
    few = groups.sums(is_seller.astype(np.int64)) < FEWEST_SELLERS
    hidden = few[groups.of]
    if not hidden.any():
        return split(groups, amounts, units)
    many = groups.only(~hidden)
    money = np.zeros(len(units), dtype=np.int64)
    money[~hidden] = split(many, np.where(few, 0, amounts), units[~hidden])
    inner = groups.only(hidden)
    money[hidden] = _apart(lines, inner, units[hidden], is_seller[hidden])
    return money


def _apart(lines: pd.DataFrame, groups: Groups, units: Whole, is_seller: Mask) -> Whole:
    """The money of lines of one seller or two: of the first by company number rounded up, of the
    other down, and what is left is the platform's. Without it there is nothing left: then their
    parts of a price come to whole minor units."""
    amounts = lines["amount_minor"].to_numpy(np.int64)
    price = lines["pack_price_minor"].to_numpy(np.int64)
    first_more = amounts - lines["packs"].to_numpy(np.int64) * price
    classes = classes_of(units * is_seller)
    sellers = groups.running(is_seller.astype(np.int64))
    up_to = is_seller & (sellers == 0)
    pack = lines["pack_quantity"].to_numpy(np.int64)
    asked = (
        (price[groups.of], units, pack[groups.of]),
        (first_more[groups.of], classes, np.maximum(groups.sums(classes), 1)[groups.of]),
    )
    money = np.zeros(len(units), dtype=np.int64)
    for numbers, times, by in asked:
        floor, rest = divided(numbers, times, by)
        money += (floor + (up_to & (rest > 0))) * is_seller
    present = np.where(groups.sizes > 0, amounts, 0)
    return np.where(is_seller, money, (present - groups.sums(money))[groups.of])


def _alone_packs(tables: Tables, offer: Whole, units: Whole, item: Whole) -> Whole:
    """The packs by which the goods alone cost least, a higher break included."""
    in_packs = -(-units // tables.pack[offer])
    needed = np.maximum(up(in_packs, tables.multiple[offer]), tables.least[offer])
    packs, cost = needed, tables.minor(offer, needed)
    for step in range(1, tables.starts.shape[1]):
        tried = np.maximum(needed, up(tables.starts[offer, step], tables.multiple[offer]))
        asked = tables.minor(offer, tried)
        better = (asked < cost) & (tried <= MOST_UNITS)
        packs, cost = np.where(better, tried, packs), np.where(better, asked, cost)
    return packs


def _places(sorted_or_not: Whole, asked: Whole) -> Whole:
    turn = np.argsort(sorted_or_not)
    places: Whole = turn[np.searchsorted(sorted_or_not, asked, sorter=turn)]
    return places
