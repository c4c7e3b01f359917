"""How much is ordered of what, at which price, and whose how much of it is.

Pure functions of pandas frames whose numbers are whole numbers (``int64``) throughout.

The order of one product, decided in this order:

1. The wishes of all sellers are summed. The supplier's minimum counts for the sum, once.
2. The sum (or the minimum, if that is more) is rounded up to whole packs.
3. Price breaks are all-units prices per pack. Every larger break is tried too: when more
   packs cost less in all than the packs needed, the cheaper order is placed, for nobody
   should pay more for less. Of two orders that cost the same the smaller one is placed,
   because stock costs money too.

A seller gets exactly what it wished. What packs, minimum and breaks add is the platform's
and is never put on a seller. The cost of a line is shared by units, exact to the minor unit
by largest remainder, ties to the lower company id. Since prices never rise with quantity
(checked), nobody's share is above what the same units would have cost it alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.errors import DomainError, InputError

Whole = npt.NDArray[np.int64]

#: What the table's columns hold; products of two of them stay below 2**63.
LARGEST_QUANTITY: Final = 2**31 - 1
LARGEST_PACK_PRICE: Final = 1_000_000_000

DEMAND = ("product_id", "seller_id", "quantity")
OFFERS = (
    "product_id",
    "supplier_id",
    "currency",
    "incoterm",
    "pack_quantity",
    "minimum_quantity",
)
BREAKS = ("product_id", "from_packs", "pack_price_minor")
GROUP = ["supplier_id", "currency", "incoterm"]


class NotWhole(InputError):
    """Quantities and prices are pooled as whole numbers only, never as floats."""

    code = "procurement.not_whole"


class OfferMissing(DomainError):
    """A product was wished for that no supplier offers at the cut-off."""

    code = "procurement.offer_missing"


class OfferNotUsable(DomainError):
    """An offer needs a pack size, a price, and prices that never rise with quantity."""

    code = "procurement.offer_not_usable"


class PoolTooLarge(DomainError):
    """The pooled quantity or amount of a product is beyond what can be ordered."""

    code = "procurement.pool_too_large"


def check_terms(
    *,
    product: str,
    pack_quantity: int,
    minimum_quantity: int,
    breaks: Sequence[tuple[int, int]],
) -> None:
    """One offer's terms; ``breaks`` are (from packs, pack price). Raises OfferNotUsable."""
    steps = sorted(breaks)
    prices = [price for _, price in steps]
    numbers = [pack_quantity, minimum_quantity, *(number for step in steps for number in step)]
    if (
        any(type(number) is not int for number in numbers)
        or not steps
        or not 1 <= pack_quantity <= LARGEST_QUANTITY
        or not 0 <= minimum_quantity <= LARGEST_QUANTITY
        or not all(0 <= start <= LARGEST_QUANTITY for start, _ in steps)
        or not all(0 < price <= LARGEST_PACK_PRICE for price in prices)
        or len({start for start, _ in steps}) != len(steps)
        or prices != sorted(prices, reverse=True)
    ):
        raise OfferNotUsable(product=product)


@dataclass(frozen=True, slots=True)
class Pool:
    """What a round comes to.

    ``orders``: order (0, 1, …), supplier_id, currency, incoterm, amount_minor.
    ``lines``: order, position (from 1), product_id, wanted, packs, pack_quantity, quantity,
    pack_price_minor, base_pack_price_minor, amount_minor.
    ``shares``: product_id, owner_id, quantity, amount_minor, alone_minor.
    All sorted: by supplier, currency, incoterm; by product; by owner.
    """

    orders: pd.DataFrame
    lines: pd.DataFrame
    shares: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Terms:
    """Offers as arrays, one row a product, breaks as columns (the last one repeated)."""

    pack: Whole
    minimum: Whole
    starts: Whole
    prices: Whole


def pool(
    demand: pd.DataFrame, offers: pd.DataFrame, breaks: pd.DataFrame, *, platform_id: int
) -> Pool:
    """Pool the wishes of a round into combined orders and exact shares.

    ``demand``: product_id, seller_id, quantity (units >= 0; the same pair twice counts
    together). ``offers``: product_id (once), supplier_id, currency, incoterm,
    pack_quantity, minimum_quantity (units). ``breaks``: product_id, from_packs,
    pack_price_minor.

    The order of the rows does not matter. Raises NotWhole, OfferMissing, OfferNotUsable
    or PoolTooLarge.
    """
    wishes = _whole(demand, DEMAND)
    wishes = _summed(wishes.loc[wishes["quantity"] > 0], ["product_id", "seller_id"], "quantity")
    wanted = _summed(wishes, ["product_id"], "quantity")
    ids = wanted["product_id"].to_numpy()
    _check_size(ids, wanted["quantity"].to_numpy(), np.ones_like(ids))
    asked = offers.loc[offers["product_id"].isin(ids)].sort_values("product_id")
    terms = _terms(ids, asked, breaks)

    packs, price = _cheapest(terms, np.arange(len(ids)), wanted["quantity"].to_numpy())
    _check_size(ids, packs, terms.pack)
    lines = asked[["product_id", *GROUP]].reset_index(drop=True)
    lines["wanted"] = wanted["quantity"]
    lines["packs"] = packs
    lines["pack_quantity"] = terms.pack
    lines["quantity"] = packs * terms.pack
    lines["pack_price_minor"] = price
    lines["base_pack_price_minor"] = terms.prices[:, 0]
    lines["amount_minor"] = packs * price

    shares = _shares(wishes, lines, terms, platform_id)
    lines = lines.sort_values([*GROUP, "product_id"], ignore_index=True)
    lines["order"] = lines.groupby(GROUP, sort=True).ngroup().astype("int64")
    lines["position"] = lines.groupby("order").cumcount().astype("int64") + 1
    orders = _summed(lines, ["order", *GROUP], "amount_minor")
    _check_total(lines, orders)
    return Pool(orders=orders, lines=lines.drop(columns=GROUP), shares=shares)


def alone(
    wishes: pd.DataFrame, offers: pd.DataFrame, breaks: pd.DataFrame
) -> pd.Series[int]:  # the same engine, with a pool of one
    """What each row of ``wishes`` (product_id, quantity) would cost ordered by itself.

    Own packs, own minimum, own price break; minor units of the offer's currency, in the
    order of the rows. Raises NotWhole, OfferMissing or OfferNotUsable.
    """
    asking = _whole(wishes, ("product_id", "quantity"))
    ids = np.unique(asking["product_id"].to_numpy())
    asked = offers.loc[offers["product_id"].isin(ids)].sort_values("product_id")
    terms = _terms(ids, asked, breaks)
    units = asking["quantity"].to_numpy()
    _check_size(asking["product_id"].to_numpy(), units, np.ones_like(units))
    packs, price = _cheapest(terms, np.searchsorted(ids, asking["product_id"].to_numpy()), units)
    # Who wants nothing orders nothing, whatever the minimum is.
    return pd.Series(np.where(units > 0, packs * price, 0), index=wishes.index, dtype="int64")


def _terms(ids: Whole, asked: pd.DataFrame, breaks: pd.DataFrame) -> _Terms:
    sizes = _whole(asked, ("product_id", "pack_quantity", "minimum_quantity"))
    missing = np.setdiff1d(ids, sizes["product_id"].to_numpy())
    if len(missing):
        raise OfferMissing(products=missing.tolist())
    if sizes["product_id"].duplicated().any():
        raise OfferNotUsable(reason="two offers for one product")
    steps = _whole(breaks, BREAKS)
    steps = steps.loc[steps["product_id"].isin(ids)].sort_values(["product_id", "from_packs"])
    of = np.searchsorted(ids, steps["product_id"].to_numpy())
    count = np.bincount(of, minlength=len(ids))
    if (count == 0).any():
        raise OfferNotUsable(products=ids[count == 0].tolist())
    rank = steps.groupby("product_id").cumcount().to_numpy()
    width = int(count.max()) if len(ids) else 1
    # Where a product has fewer breaks than another, its last one stands again: trying an
    # order twice changes nothing.
    place = np.minimum(np.arange(width), count[:, None] - 1)
    starts = np.zeros((len(ids), width), dtype=np.int64)
    prices = np.zeros((len(ids), width), dtype=np.int64)
    starts[of, rank] = steps["from_packs"].to_numpy()
    prices[of, rank] = steps["pack_price_minor"].to_numpy()
    starts = np.take_along_axis(starts, place, axis=1)
    prices = np.take_along_axis(prices, place, axis=1)
    pack, minimum = sizes["pack_quantity"].to_numpy(), sizes["minimum_quantity"].to_numpy()
    bad = (
        (pack < 1)
        | (pack > LARGEST_QUANTITY)
        | (minimum > LARGEST_QUANTITY)
        | (prices <= 0).any(axis=1)
        | (prices > LARGEST_PACK_PRICE).any(axis=1)
        | (starts > LARGEST_QUANTITY).any(axis=1)
        | (np.diff(prices, axis=1) > 0).any(axis=1)
    )
    if bad.any():
        raise OfferNotUsable(products=ids[bad].tolist())
    return _Terms(pack, minimum, starts, prices)


def _cheapest(terms: _Terms, at: Whole, units: Whole) -> tuple[Whole, Whole]:
    """Packs and pack price of the cheapest order of at least ``units``, row by row.

    ``at`` says which product a row is. Prices never rise, so trying a break that is
    already passed is harmless: it costs at least as much for the same packs.
    """
    pack = terms.pack[at]
    needed = -(-np.maximum(units, terms.minimum[at]) // pack)
    packs = np.zeros(len(at), dtype=np.int64)
    price = np.zeros(len(at), dtype=np.int64)
    for step in range(terms.starts.shape[1]):
        tried = np.maximum(needed, terms.starts[at, step])
        asked = terms.prices[at, step]
        cost, best = tried * asked, packs * price
        better = (cost < best) | ((cost == best) & (tried < packs))
        if step == 0:
            better = np.ones(len(at), dtype=np.bool_)
        packs, price = np.where(better, tried, packs), np.where(better, asked, price)
    return packs, price


def _shares(
    wishes: pd.DataFrame, lines: pd.DataFrame, terms: _Terms, platform_id: int
) -> pd.DataFrame:
    """Split each line by units; ``lines`` and ``terms`` are in the order of product ids."""
    ids = lines["product_id"].to_numpy()
    of = np.searchsorted(ids, wishes["product_id"].to_numpy())
    packs, price = _cheapest(terms, of, wishes["quantity"].to_numpy())
    own = wishes.rename(columns={"seller_id": "owner_id"})
    own["alone_minor"] = packs * price
    rest = pd.DataFrame(
        {
            "product_id": ids,
            "owner_id": np.full(len(ids), platform_id, dtype=np.int64),
            "quantity": (lines["quantity"] - lines["wanted"]).to_numpy(),
            "alone_minor": np.zeros(len(ids), dtype=np.int64),
        }
    )
    shares = (
        pd.concat([own, rest.loc[rest["quantity"] > 0]], ignore_index=True)
        .groupby(["product_id", "owner_id"], sort=True)[["quantity", "alone_minor"]]
        .sum()
        .reset_index()
    )
    of = np.searchsorted(ids, shares["product_id"].to_numpy())
    # A unit costs price / pack exactly, whatever was ordered, so the exact share of q units
    # is q * price / pack: small enough for int64, and the same fraction as of the whole line.
    exact = shares["quantity"].to_numpy() * lines["pack_price_minor"].to_numpy()[of]
    pack = terms.pack[of]
    amount = exact // pack
    left = lines["amount_minor"].to_numpy() - _sums(of, amount, len(ids))
    # Largest remainder first; the sort is stable, so ties stay in the order of owners.
    turn = np.lexsort((-(exact % pack), of))
    place = np.empty(len(of), dtype=np.int64)
    begins = np.searchsorted(of[turn], np.arange(len(ids)))
    place[turn] = np.arange(len(of)) - begins[of[turn]]
    shares["amount_minor"] = amount + (place < left[of])
    # The surplus is nobody's wish: there is nothing to compare it with.
    is_surplus = shares["owner_id"].to_numpy() == platform_id
    shares.loc[is_surplus, "alone_minor"] = shares.loc[is_surplus, "amount_minor"]
    return shares[["product_id", "owner_id", "quantity", "amount_minor", "alone_minor"]]


def _summed(frame: pd.DataFrame, keys: list[str], column: str) -> pd.DataFrame:
    """One row a key, sorted by key, with the sum of a column of whole numbers."""
    return frame.groupby(keys, sort=True)[[column]].sum().reset_index()


def _sums(of: Whole, values: Whole, count: int) -> Whole:
    # np.bincount would sum weights as floats.
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, of, values)
    return sums


def _whole(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """The columns as int64. Raises NotWhole for floats, gaps and negative numbers."""
    taken = frame.loc[:, list(columns)]
    for column in columns:
        if not len(taken):
            continue
        if not pd.api.types.is_integer_dtype(taken[column].dtype) or taken[column].hasnans:
            raise NotWhole(column=column)
        if bool((taken[column] < 0).any()):
            raise NotWhole(column=column, reason="negative")
    return taken.astype("int64")


def _check_size(ids: Whole, packs: Whole, pack: Whole) -> None:
    """Raises PoolTooLarge when packs of ``pack`` units are more units than a column holds."""
    over = packs > LARGEST_QUANTITY // pack
    if over.any():
        raise PoolTooLarge(products=ids[over].tolist())


def _check_total(lines: pd.DataFrame, orders: pd.DataFrame) -> None:
    # Lines are below 2**61 each; their sum is checked with numbers that have no end.
    if sum(lines["amount_minor"].tolist()) != sum(orders["amount_minor"].tolist()):
        raise PoolTooLarge(lines=len(lines))
