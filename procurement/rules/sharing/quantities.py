"""Who gets how many units of a product, for a million lines at once.

There are three cases, and each product is in one of them:

``enough``  Everybody gets what it wanted. What is above goes to those who would take more,
            by how much more each would take, and then to the platform: never silently to a seller.
``flexed``  Less than all wanted, but at least the firm parts (wanted less what a seller would do
            without). What is left above the firm parts is shared by what each would do without.
            Under the uniform rule both are shared level, so that nobody gains by a larger wish.
``short``   Less than the firm parts. The round's policy decides; nobody gets above its firm part.

Units are whole: largest remainder, ties to the older filing, then to the lower company id.
What comes later is shared as an increment on what was given before (``before``): the shares of
the whole are computed, and the new units go to those who are below theirs. Nobody ever gets
less because more arrived, which largest remainder alone would not promise (the Alabama paradox).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd

from core.errors import InputError
from procurement.rules.sharing.shortage import Shortage
from procurement.rules.sharing.splitting import (
    Groups,
    Whole,
    by_keys,
    capped,
    divided,
    level,
    level_between,
    split,
)

DEMAND: Final = ("product_id", "seller_id", "quantity", "less", "more", "entitlement", "filed")
SUPPLY: Final = ("product_id", "units", "pack")
BEFORE: Final = ("product_id", "seller_id", "units")
#: What the table's columns hold. Sums of a million of them stay far below 2**63.
LARGEST_UNITS: Final = 2**31 - 1


class SharesNotUsable(InputError):
    """Units are shared from whole numbers: each seller once per product, doing without no more
    than it wants."""

    code = "procurement.shares_not_usable"


class Floor(StrEnum):
    """Up to where ``uniform_floor`` shares equally: one pack, or a part of the entitlement."""

    PACK = "pack"
    ENTITLEMENT = "entitlement"


class Case(StrEnum):
    """How much of a product there is, against what was wished."""

    ENOUGH = "enough"
    FLEXED = "flexed"
    SHORT = "short"


class Flexible(StrEnum):
    """How the uniform rule shares what tolerance leaves open: as level as the firm parts allow, or,
    in sharings stored before that, in proportion to what each would do without or take."""

    LEVEL = "level"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True, slots=True)
class Policy:
    """A round's rule for shortages."""

    shortage: Shortage = Shortage.UNIFORM_FLOOR
    floor: Floor = Floor.ENTITLEMENT
    floor_percent: int = 30
    flexible: Flexible = Flexible.LEVEL

    @property
    def is_level(self) -> bool:
        """Whether tolerance is shared so that nobody gains by wishing for more than it wants."""
        return self.shortage is Shortage.UNIFORM and self.flexible is Flexible.LEVEL


@dataclass(frozen=True, slots=True)
class Shares:
    """``given``: product_id, seller_id, units. ``platform``: product_id, units, case.

    Sorted by product, then seller. A product's units come to exactly what there was of it.
    """

    given: pd.DataFrame
    platform: pd.DataFrame


@dataclass(frozen=True, slots=True)
class _Lines:
    """The demand as arrays: products together, in each of them older filings first."""

    groups: Groups
    products: Whole
    seller: Whole
    quantity: Whole
    less: Whole
    more: Whole
    entitlement: Whole


def share_out(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    *,
    policy: Policy,
    before: pd.DataFrame | None = None,
    platform_before: pd.DataFrame | None = None,
) -> Shares:
    """Share what there is of each product among those who wished for it.

    ``demand``: product_id, seller_id, quantity, less (<= quantity), more, entitlement (units by
    the seller's credit), filed (any whole number that rises with the time of filing); a seller
    once per product. ``supply``: product_id (once), units (ALL there is now, what was given
    before included), pack (units in a pack). A product that is not in ``supply`` has no units;
    one that nobody wished for is the platform's.

    ``before``: product_id, seller_id, units still held from an earlier run; ``platform_before``:
    product_id, units. Then new units are increments. When somebody gives units back, leave them
    out of ``before`` and lower that seller's quantity to what it keeps: the others get them.
    When there is less than was given before, the platform's part goes first, then those above
    their share give, never below it. The order of rows does not matter.

    Raises SharesNotUsable.
    """
    lines = _lines(demand, supply, before, platform_before)
    at, there = _checked(supply, SUPPLY, ("product_id",)), lines.products
    if bool((at["pack"] < 1).any()):
        raise SharesNotUsable(column="pack", reason="size")
    place = np.searchsorted(there, at["product_id"].to_numpy())
    units, pack = np.zeros(len(there), dtype=np.int64), np.ones(len(there), dtype=np.int64)
    units[place], pack[place] = at["units"].to_numpy(), at["pack"].to_numpy()
    given, case = _target(lines, units, pack, policy)
    platform = units - lines.groups.sums(given)
    if before is not None or platform_before is not None:
        given, platform = _moved(lines, units, given, platform, before, platform_before)
    turn = by_keys(lines.groups.of, lines.seller)
    of, seller = lines.groups.of[turn], lines.seller[turn]
    return Shares(
        given=pd.DataFrame(
            {"product_id": there[of], "seller_id": seller, "units": given[turn]}, copy=False
        ),
        platform=pd.DataFrame({"product_id": there, "units": platform, "case": case}),
    )


def _target(
    lines: _Lines, units: Whole, pack: Whole, policy: Policy
) -> tuple[Whole, pd.Categorical[str]]:
    """What each line gets of ``units`` if nothing was given before."""
    groups = lines.groups
    firm = lines.quantity - lines.less
    wanted, needed, most = (groups.sums(v) for v in (lines.quantity, firm, lines.more))
    enough, short = units >= wanted, units < needed
    # By what is given and not by what is cut, so that the older filing has the tie.
    extra = np.where(enough, np.minimum(units - wanted, most), np.where(short, 0, units - needed))
    basis = np.where(enough[groups.of], lines.more, lines.less)
    base = np.where(enough[groups.of], lines.quantity, firm)
    if policy.is_level:
        # What is taken on top is taken alike; what is done without is taken from the largest.
        floors = np.where(enough[groups.of], 0, base)
        tops = floors + np.where(extra[groups.of] > 0, basis, 0)
        given = base - floors + level_between(groups, groups.sums(floors) + extra, floors, tops)
    else:
        given = base + split(groups, extra, np.where(extra[groups.of] > 0, basis, 0))
    rows = np.flatnonzero(short[groups.of])
    if len(rows):
        given[rows] = _short(lines, rows, firm[rows], units, pack, policy)
    codes = np.where(enough, 0, np.where(short, 2, 1)).astype(np.int64)
    return given, pd.Categorical.from_codes(codes, pd.Index([str(case) for case in Case]))


def _short(
    lines: _Lines, rows: Whole, claims: Whole, units: Whole, pack: Whole, policy: Policy
) -> Whole:
    groups = Groups.of_rows(lines.groups.of[rows], lines.groups.count)
    supply = np.where(groups.sizes > 0, units, 0)
    if policy.shortage is Shortage.PRO_RATA:
        return split(groups, supply, claims)
    if policy.shortage is Shortage.UNIFORM:
        return level(groups, supply, claims)
    entitlement = lines.entitlement[rows]
    if policy.floor is Floor.PACK:
        floors = np.minimum(claims, pack[groups.of])
    else:
        percent = np.full(len(rows), policy.floor_percent, dtype=np.int64)
        whole, part = divided(entitlement, percent, np.full(len(rows), 100, dtype=np.int64))
        # Begun units count: 30 % of one unit is one unit, or nobody small had a floor.
        floors = np.minimum(claims, whole + (part > 0))
    base = level(groups, supply, floors)
    rest = supply - groups.sums(base)
    return base + capped(groups, rest, entitlement, claims - base)


def _moved(
    lines: _Lines,
    units: Whole,
    target: Whole,
    platform_target: Whole,
    before: pd.DataFrame | None,
    platform_before: pd.DataFrame | None,
) -> tuple[Whole, Whole]:
    """What was given before, moved towards the target by exactly the units that came or went."""
    groups, there = lines.groups, lines.products
    held = np.zeros(len(target), dtype=np.int64)
    if before is not None and len(before):
        # Each pair of `before` has a line: `_lines` made one where there was no wish.
        wide = int(lines.seller.max()) + 1
        keys = groups.of * wide + lines.seller
        turn = np.argsort(keys)
        asked = np.searchsorted(there, before["product_id"].to_numpy()) * wide
        place = np.searchsorted(keys[turn], asked + before["seller_id"].to_numpy())
        held[turn[place]] = before["units"].to_numpy()
    kept = np.zeros(len(there), dtype=np.int64)
    if platform_before is not None and len(platform_before):
        place = np.searchsorted(there, platform_before["product_id"].to_numpy())
        kept[place] = platform_before["units"].to_numpy()
    new = units - groups.sums(held) - kept
    room = np.maximum(target - held, 0)
    coming = np.minimum(np.maximum(new, 0), groups.sums(room))
    over = np.maximum(held - target, 0)
    from_platform = np.minimum(np.maximum(-new, 0), np.maximum(kept - platform_target, 0))
    going = np.minimum(np.maximum(-new, 0) - from_platform, groups.sums(over))
    given = (
        held
        + split(groups, coming, np.where(coming[groups.of] > 0, room, 0))
        - split(groups, going, np.where(going[groups.of] > 0, over, 0))
    )
    return given, units - groups.sums(given)


def _lines(
    demand: pd.DataFrame,
    supply: pd.DataFrame,
    before: pd.DataFrame | None,
    platform_before: pd.DataFrame | None,
) -> _Lines:
    wishes = _checked(demand, DEMAND, ("product_id", "seller_id"))
    if bool((wishes["less"] > wishes["quantity"]).any()):
        raise SharesNotUsable(reason="less")
    ids = [wishes["product_id"].to_numpy(), supply["product_id"].to_numpy()]
    if platform_before is not None:
        _checked(platform_before, ("product_id", "units"), ("product_id",))
        ids.append(platform_before["product_id"].to_numpy())
    if before is not None:
        held = _checked(before, BEFORE, BEFORE[:2])
        ids.append(held["product_id"].to_numpy())
        wishes = _with_holders(wishes, held)
    there = np.sort(pd.unique(np.concatenate(ids))).astype(np.int64)
    of = np.searchsorted(there, wishes["product_id"].to_numpy())
    turn = by_keys(of, wishes["filed"].to_numpy(), wishes["seller_id"].to_numpy())
    of = of[turn]
    column = {name: wishes[name].to_numpy()[turn] for name in DEMAND[1:6]}
    return _Lines(
        Groups.of_rows(of, len(there)),
        there,
        column["seller_id"],
        column["quantity"],
        column["less"],
        column["more"],
        column["entitlement"],
    )


def _with_holders(wishes: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Who holds units of a product without wishing for any has a line of nothing."""
    pairs = ["product_id", "seller_id"]
    joined = held[pairs].merge(wishes[pairs], how="left", on=pairs, indicator=True)
    without = held.loc[(joined["_merge"] == "left_only").to_numpy(), pairs]
    if without.empty:
        return wishes
    last = int(wishes["filed"].max()) + 1 if len(wishes) else 0
    rows = without.assign(quantity=0, less=0, more=0, entitlement=0, filed=last)
    return pd.concat([wishes, rows[list(DEMAND)]], ignore_index=True).astype("int64")


def _checked(frame: pd.DataFrame, columns: tuple[str, ...], key: tuple[str, ...]) -> pd.DataFrame:
    """The columns as int64. Raises SharesNotUsable for anything else than usable whole numbers."""
    taken = frame.loc[:, list(columns)]
    for column in columns:
        values = taken[column]
        if not len(values):
            continue
        if not pd.api.types.is_integer_dtype(values.dtype) or values.hasnans:
            raise SharesNotUsable(column=column)
        limit = 2**62 if column.endswith("_id") or column == "filed" else LARGEST_UNITS
        if int(values.min()) < 0 or int(values.max()) > limit:
            raise SharesNotUsable(column=column, reason="size")
    if taken.duplicated(list(key)).any():
        raise SharesNotUsable(reason="twice")
    return taken.astype("int64")
