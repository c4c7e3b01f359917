"""What keeps a plan from meeting every firm wish, and what would make it possible.

A plan always exists, for ordering nothing breaks no rule; but firm units may be missing from
it. Each obstacle names the rule that is in the way and the number that would remove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from procurement.rules.solving.evaluating import Evaluation, Evaluator, Outcome
from procurement.rules.solving.greedy import greedy
from procurement.rules.solving.terms import MOST_UNITS, Item, LaneKey, Offer


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What is in the way; ``needed`` is the number that would be enough, as the message says.

    ``message`` is an English msgid for ``facts``; product or supplier may be None.
    """

    rule: str
    product: int | None
    supplier: int | None
    needed: int
    message: str
    facts: Mapping[str, object]


def obstacles(
    evaluator: Evaluator, found: Evaluation, *, free: Evaluation | None = None
) -> tuple[Obstacle, ...]:
    """Everything that keeps firm units out of a plan; empty when none is missing.

    ``free`` is a plan without regard to the budget, if one is known; else it is made.
    """
    missing = [one for one in found.outcomes if one.missing]
    if not missing:
        return ()
    most = _most_amounts(evaluator)
    told = [obstacle for one in missing for obstacle in _of_product(evaluator, one, most)]
    budget = evaluator.problem.budget
    if budget is not None:
        whole = free or evaluator.evaluate(greedy(evaluator))
        if whole.landed > budget:
            told.append(
                Obstacle(
                    "budget",
                    None,
                    None,
                    whole.landed,
                    _("The budget must be at least %(needed)s, which is %(lacks)s more."),
                    {"needed": whole.landed, "lacks": whole.landed - budget},
                )
            )
    # One supplier's minimum may stand in the way of many products.
    return tuple({(o.rule, o.product, o.supplier, o.needed): o for o in told}.values())


def _of_product(
    evaluator: Evaluator, one: Outcome, most: Mapping[LaneKey, int]
) -> Iterator[Obstacle]:
    item = evaluator.items[one.product]
    offers = evaluator.by_product[one.product]
    if not offers:
        yield Obstacle(
            "not_offered", item.product, None, item.firm,
            _("No supplier offers the %(needed)s units wished for."), {"needed": item.firm},
        )  # fmt: skip
        return
    capacity = sum(offer.most_packs * offer.pack_quantity for offer in offers)
    if capacity < item.firm:
        yield Obstacle(
            "capacity", item.product, None, item.firm - capacity,
            _("The suppliers can deliver %(capacity)s units; %(needed)s more are needed."),
            {"capacity": capacity, "needed": item.firm - capacity},
        )  # fmt: skip
    for offer in offers:
        yield from _of_offer(evaluator, item, offer, most[offer.lane])


def _of_offer(evaluator: Evaluator, item: Item, offer: Offer, most: int) -> Iterator[Obstacle]:
    lane = evaluator.lanes[offer.lane]
    taken = item.most + evaluator.problem.surplus_limit(item)
    least = offer.least_packs * offer.pack_quantity
    if least > taken:
        yield Obstacle(
            "minimum", item.product, offer.supplier, least - taken,
            _("The smallest order is %(least)s units: %(needed)s units more must be wished for."),
            {"least": least, "needed": least - taken, "packs": offer.least_packs},
        )  # fmt: skip
    else:
        units = offer.packs_for(item.firm) * offer.pack_quantity
        if units > taken:
            yield Obstacle(
                "pack", item.product, offer.supplier, units - taken,
                _("A tolerance of %(needed)s units more would fill the last pack."),
                {"needed": units - taken, "pack": offer.pack_quantity},
            )  # fmt: skip
    lacks = lane.minimum_minor - most
    if lacks > 0:
        packs = offer.round_up(-(-lacks // offer.breaks[-1].pack_price_minor))
        yield Obstacle(
            "order_minimum", None, offer.supplier, lacks,
            _("All wishes together stay %(needed_minor)s below the supplier's minimum order."),
            {"needed_minor": lacks, "packs": packs, "offer": offer.id},
        )  # fmt: skip


def _most_amounts(evaluator: Evaluator) -> dict[LaneKey, int]:
    """The most that wishes, tolerances and allowed surplus can bring each order to."""
    totals = dict.fromkeys(evaluator.lanes, 0)
    for offer in evaluator.problem.offers:
        item = evaluator.items[offer.product]
        taken = item.most + evaluator.problem.surplus_limit(item) if item.wanted else 0
        packs = min(taken, MOST_UNITS) // offer.pack_quantity // offer.multiple * offer.multiple
        packs = min(packs, offer.most_packs)
        if packs >= offer.least_packs:
            totals[offer.lane] += offer.goods_minor(packs)
    return totals
