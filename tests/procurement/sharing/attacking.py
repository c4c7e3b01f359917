"""A seller who knows all terms and rules, and tries every quantity another may have ordered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

import numpy as np
import pandas as pd

from procurement.rules import billing, disclosing
from procurement.rules.allotting import allot
from procurement.rules.sharing.apart import spread_told
from procurement.rules.sharing.parts import (
    Bills,
    ProductPart,
    RoundTold,
    SellerTold,
    Terms,
    cap_part,
)
from procurement.rules.sharing.quantities import Policy
from procurement.rules.sharing.statements import build_statement, canonical
from procurement.rules.sharing.verifying import read_statement, recompute
from procurement.rules.solving.alone import Alone
from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan
from procurement.rules.solving.greedy import greedy
from procurement.rules.solving.plain import plain
from procurement.rules.solving.terms import (
    Break,
    Container,
    Item,
    Lane,
    Offer,
    Pricing,
    Problem,
    Valuation,
)

PLATFORM = 99
ME, OTHER = 1, 2
#: So many quantities of the other seller must agree with everything one sees.
ENOUGH = 3
#: As many on either side are tried at once before all are.
NEAREST = 5
#: What one seller may order of a product in the rounds that are made up.
MOST = 400
Wishes = Mapping[tuple[int, int], int]
SIZES = {1: (120, 900), 2: (900, 310), 3: (50, 2_000), 4: (400, 450)}

LANE = Lane(
    supplier=7,
    currency="EUR",
    incoterm="FOB",
    rate_ppb=7_812_345_678,
    lcl_price=90_000,
    lcl_minimum=0,
    wire_fee=20_000,
    declaration_fee=60_000,
    line_fee=1_500,
    insurance_ppm=3_300,
    pays_freight=True,
)
#: Only whole containers go, and one is enough for all that is tried here.
BY_CONTAINER = replace(
    LANE,
    lcl_price=None,
    containers=(Container("20GP", 1_500_000, 28_000_000, 21_000_000),),
)
#: A few boxes, and what does not fill another goes beside them as part load.
BY_BOXES = replace(LANE, containers=(Container("BOX", 9_000, 150_000, 150_000),))


@dataclass(frozen=True)
class World:
    """What everybody knows: prices, packs, freight, fees, sizes, duty."""

    pack: int = 12
    pricing: Pricing = Pricing.ALL_UNITS
    breaks: tuple[Break, ...] = (Break(1, 6000), Break(40, 5400))
    lane: Lane = LANE
    multiple: int = 1
    minimum: int = 0
    duty_ppm: tuple[int, ...] = (0, 0, 0, 0)
    #: Whether more is ordered where that costs less, or just what is wished in whole packs.
    is_best: bool = False

    def problem(self, wanted: Mapping[int, int]) -> Problem:
        items = tuple(
            Item(key, units, units, units, *SIZES[key], self.duty_ppm[key - 1])
            for key, units in wanted.items()
        )
        offers = tuple(
            Offer(
                id=10 + key,
                product=key,
                supplier=7,
                currency="EUR",
                incoterm="FOB",
                pack_quantity=self.pack,
                pricing=self.pricing,
                breaks=self.breaks,
                multiple=self.multiple,
                minimum_quantity=self.minimum,
            )
            for key in wanted
        )
        return Problem(items, offers, (self.lane,))

    def plan(self, problem: Problem) -> Evaluation:
        evaluator = Evaluator(problem)
        by_packs = {o.id: o.packs_for(evaluator.items[o.product].wanted) for o in problem.offers}
        made = evaluator.evaluate(Plan("plain", by_packs))
        if not self.is_best:
            return made
        worth = Evaluator(billing.valued(problem, made, Valuation()))
        return min(
            (worth.evaluate(way(worth)) for way in (plain, greedy)), key=lambda one: one.adjusted
        )


#: A round, who looks, and which quantity of the other it is after.
Made = tuple[World, Wishes, int, tuple[int, int]]


@cache
def _alone(world: World, mine: tuple[tuple[int, int], ...]) -> tuple[Problem, Alone]:
    problem = world.problem(dict(mine))
    given = pd.DataFrame(mine, columns=["product_id", "units"]).assign(seller_id=1)
    return problem, billing.going_alone(problem, given.astype("int64"))


def _going_alone(world: World, shares: pd.DataFrame) -> Alone:
    """As the rules count it, each seller once: what one pays alone hangs on nobody else."""
    found = {}
    for seller, its in shares.groupby("owner_id"):
        mine = its.sort_values("product_id")[["product_id", "quantity"]].to_numpy().tolist()
        found[seller] = _alone(world, tuple(map(tuple, mine)))[1]
    first = next(iter(found.values()))
    costs = np.concatenate([one.costs for one in found.values()])
    return replace(first, sellers=np.array(list(found), dtype=np.int64), costs=costs)


def seen(
    world: World, wishes: Wishes, seller: int = ME, *, checked: bool = False
) -> tuple[str, list[list[int]]]:
    """Everything a seller sees of a round: its statement, and its parts of the orders.

    ``checked``: the statement is recomputed as a stranger does it, and the sums must be exact.
    """
    wishes = {key: units for key, units in wishes.items() if units}
    demand = pd.DataFrame(
        [(product, who, units, 0, 0, units, who) for (who, product), units in wishes.items()],
        columns=["product_id", "seller_id", "quantity", "less", "more", "entitlement", "filed"],
    ).astype("int64")
    wanted: dict[int, int] = {}
    for (_who, product), units in wishes.items():
        wanted[product] = wanted.get(product, 0) + units
    problem = world.problem(wanted)
    plan = world.plan(problem)
    made = allot(problem, plan, demand, policy=Policy(), platform_id=PLATFORM)
    lines = made.lines[["line", "product_id"]].assign(line_id=made.lines["line"], order_id=5)
    shares = made.shares.merge(lines, on="line")
    sellers = shares.loc[shares["owner_id"] != PLATFORM]
    charges, bills = billing.work_out(
        problem,
        plan,
        lines,
        shares,
        platform_id=PLATFORM,
        own_orders=_going_alone(world, sellers),
    )
    held = billing.holdings(problem, shares, lines)
    prices = billing.prices_of(problem, lines.assign(lane=0))
    parts = spread_told(charges, held, prices, platform_id=PLATFORM)
    names = {line: f"P{key}" for line, key in lines[["line_id", "product_id"]].to_numpy().tolist()}
    told = Bills(
        charges.assign(of=[names.get(line, "PO-1") for line in charges["line_id"]]),
        parts,
        platform_id=PLATFORM,
        shown=disclosing.open_orders(sellers),
    )
    mine = sellers.loc[sellers["owner_id"] == seller].sort_values("product_id")
    got = dict(zip(mine["product_id"].tolist(), mine["quantity"].tolist(), strict=True))
    row = bills.rows.set_index("owner_id").loc[bills.sellers]
    own = row["alone_minor"].to_numpy(np.int64)
    terms, alone = _alone(world, tuple(got.items()))
    statement = build_statement(
        round=RoundTold("2026-Q3", "2026-Q3", "", "2026-06-01T00:00:00+00:00", "uniform"),
        seller=SellerTold("S", "卖家", "Seller"),
        sellers_in_round=len(bills.sellers),
        products=[
            ProductPart(product, f"P{product}", "品", "P", units, units, 0, 0, units, units)
            for product, units in got.items()
        ],
        costs=told.of(seller),
        cap=cap_part(bills.capped, own, int(np.searchsorted(bills.sellers, seller))),
        terms=Terms(terms),
        alone=alone.of(1),
    )
    text = canonical(statement)
    if checked:
        assert [one for one in recompute(read_statement(text)) if not one.ok] == []
        assert int(bills.rows["paid_minor"].sum()) == plan.landed
        by_charge = parts.groupby("charge_id")["amount_minor"].sum()
        assert by_charge.to_dict() == charges.set_index("charge_id")["amount_minor"].to_dict()
        owed = parts.groupby("owner_id")["amount_minor"].sum()
        assert row["shared_minor"].tolist() == owed.reindex(bills.sellers).tolist()
        assert (row["paid_minor"] <= row["alone_minor"]).all()
        assert (made.shares["amount_minor"] >= 0).all()
        by_line = made.shares.groupby("line")["amount_minor"].sum()
        assert by_line.tolist() == made.lines["amount_minor"].tolist()
    return text, mine[["product_id", "quantity", "amount_minor", "alone_minor"]].to_numpy().tolist()


def seen_at_once(rounds: Sequence[tuple[World, Wishes, int]]) -> list[list[list[object]]]:
    """Of each round what a seller sees of it, but for the cost of going alone and its cap, which
    hang on its own units: all rounds as orders of one, so that many are tried quickly."""
    items: list[Item] = []
    offers: list[Offer] = []
    lanes, rows, packs = [], [], dict[int, int]()
    for at, (world, wishes, _seller) in enumerate(rounds, start=1):
        wanted: dict[int, int] = {}
        for (who, product), units in wishes.items():
            wanted[product] = wanted.get(product, 0) + units
            rows.append((10 * at + product, 10 * at + who, units, 0, 0, units, who))
        alike = world.problem(wanted)
        of = {offer.id: 10 * at + offer.product for offer in alike.offers}
        items += [replace(item, product=10 * at + item.product) for item in alike.items]
        offers += [
            replace(offer, id=of[offer.id], product=of[offer.id], supplier=at)
            for offer in alike.offers
        ]
        lanes.append(replace(world.lane, supplier=at))
        packs |= {of[offer]: many for offer, many in world.plan(alike).plan.packs.items()}
    problem = Problem(tuple(items), tuple(offers), tuple(lanes))
    plan = Evaluator(problem).evaluate(Plan("plain", packs))
    demand = pd.DataFrame(
        rows,
        columns=["product_id", "seller_id", "quantity", "less", "more", "entitlement", "filed"],
    ).astype("int64")
    platform = 10 * len(rounds) + 10
    made = allot(problem, plan, demand, policy=Policy(), platform_id=platform)
    lines = made.lines[["line", "product_id"]].assign(
        line_id=made.lines["line"], order_id=made.lines["product_id"] // 10
    )
    shares = made.shares.merge(lines, on="line")
    sellers = shares.loc[shares["owner_id"] != platform]
    nobody = replace(
        _alone(rounds[0][0], ((1, 1),))[1],
        sellers=np.zeros(0, dtype=np.int64),
        costs=np.zeros((0, 7), dtype=np.int64),
    )
    charges, _bills = billing.work_out(
        problem, plan, lines, shares, platform_id=platform, own_orders=nobody
    )
    held = billing.holdings(problem, shares, lines)
    prices = billing.prices_of(problem, lines.assign(lane=lines["order_id"] - 1))
    parts = spread_told(charges, held, prices, platform_id=platform)
    told = Bills(
        charges.assign(of=[f"{line % 10}" for line in charges["line_id"]]),
        parts,
        platform_id=platform,
        shown=disclosing.open_orders(sellers),
    )
    pages: dict[int, list[list[object]]] = {}
    for owner, product, units, money in (
        sellers[["owner_id", "product_id", "quantity", "amount_minor"]].to_numpy().tolist()
    ):
        pages.setdefault(owner, []).append([product % 10, units, money])
    found = []
    for at, (_world, _wishes, seller) in enumerate(rounds, start=1):
        mine = [
            [one.kind, one.is_attributed, one.driver, one.own_basis, one.share_minor]
            for one in told.of(10 * at + seller)
        ]
        assert all(one.sellers < ENOUGH for one in told.of(10 * at + seller))
        found.append([*sorted(pages.get(10 * at + seller, [])), *sorted(mine)])
    return found


def found_out(made: Sequence[Made]) -> dict[int, list[int]]:
    """By place the rounds in which fewer than three quantities of the other look like the real
    one, and these: the nearest are tried of all rounds at once, and of what is left all."""
    near = _alike([(one, around(one[1][one[3]], NEAREST)) for one in made])
    left = [at for at, alike in enumerate(near) if len(alike) < ENOUGH]
    found = {}
    for at in left:
        world, wishes, seller, key = made[at]
        units = wishes[key]
        all_of_them = [units, *(one for one in range(1, MOST + 3) if one != units)]
        (alike,) = _alike([((world, wishes, seller, key), all_of_them)])
        if len(alike) < ENOUGH:
            found[at] = sorted(alike)
    return found


def _alike(asked: Sequence[tuple[Made, list[int]]]) -> list[list[int]]:
    """Of each round the quantities that look like the first of those that are tried."""
    rounds = [
        (world, {**wishes, key: units}, seller)
        for (world, wishes, seller, key), tried in asked
        for units in tried
    ]
    told = iter(seen_at_once(rounds))
    found = []
    for _round, tried in asked:
        shown = [next(told) for _units in tried]
        found.append([units for units, one in zip(tried, shown, strict=True) if one == shown[0]])
    return found


def agreeing(
    world: World,
    wishes: Wishes,
    key: tuple[int, int],
    tried: Iterable[int],
    *,
    seller: int = ME,
) -> list[int]:
    """The quantities of another that show one just the same; as many as are enough."""
    told = seen(world, wishes, seller, checked=True)
    found = []
    for units in tried:
        if seen(world, {**wishes, key: units}, seller) == told:
            found.append(units)
        if len(found) == ENOUGH:
            break
    return found


def around(units: int, far: int = MOST) -> list[int]:
    """Quantities to try, the nearest first."""
    near = (units + step * side for step in range(far) for side in (1, -1))
    return list(dict.fromkeys(one for one in near if one > 0))


def made_up(rng: Random) -> Made:
    """A round of two sellers, who of them looks, and which quantity of the other it is after."""
    pack = rng.choice([1, 1, 2, 3, 5, 6, 10, 12, 24])
    first = rng.randint(50, 9_000) if pack == 1 else rng.randint(300, 90_000)
    breaks, start, price = [Break(1, first)], 1, first
    for _step in range(rng.randint(0, 3)):
        start += rng.randint(8, 400) if pack == 1 else rng.randint(2, 60)
        price -= rng.randint(1, max(1, price // 8))
        breaks.append(Break(start, max(price, 1)))
    lane = replace(
        rng.choice([LANE, BY_CONTAINER, BY_BOXES]),
        rate_ppb=rng.randint(6_000_000_000, 9_000_000_000),
        wire_fee=rng.choice([0, 1_500, 20_000, 60_001]),
        declaration_fee=rng.choice([0, 60_000, 60_001]),
        line_fee=rng.choice([0, 1_500, 1_501]),
        insurance_ppm=rng.choice([0, 3_300, 11_000]),
        pays_freight=rng.random() < 0.9,
    )
    if lane.lcl_price is not None:
        least = rng.choice([0, 0, 5_000, 45_000])
        lane = replace(lane, lcl_price=rng.randint(30_000, 150_000), lcl_minimum=least)
    duty = rng.choice([(0, 0), (65_000, 65_000), (0, 100_000), (130_000, 65_000)])
    world = World(
        pack=pack,
        pricing=rng.choice(list(Pricing)),
        breaks=tuple(breaks),
        lane=lane,
        multiple=rng.choice([1, 1, 1, 2]),
        minimum=rng.choice([0, 0, 0, 60, 240]),
        duty_ppm=(*duty, 0, 0),
        is_best=rng.random() < 0.5,
    )
    products = rng.choice([(1,), (1,), (1, 2)])
    wishes = {
        (seller, product): round(MOST ** rng.uniform(0.0, 1.0))
        for seller in (ME, OTHER)
        for product in products
    }
    if len(products) == 2 and rng.random() < 0.5:
        # Not both have all of it.
        del wishes[rng.choice([(ME, 1), (ME, 2), (OTHER, 2)])]
    looks = rng.choice([ME, OTHER])
    keys = [key for key in wishes if key[0] != looks]
    return world, wishes, looks, rng.choice(keys)
