"""The deterministic plan: built product by product, then improved order by order.

Choices of a product: its wish rounded up or down to packs within the tolerance, the minimum,
every break that more packs would reach, as much as its tolerance fills, what capacity leaves
split over two suppliers, or nothing at all. First every product takes the choice that costs
least in a well-filled order. Then, until nothing saves anything more (a few rounds at most):
orders below their minimum are raised; an order whose goods cost less from other suppliers is
left out; each product tries its choices again with the true freight; and each order tries to
leave out a container, or to fill the last one from tolerance.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from procurement.rules.solving.evaluating import Evaluation, Evaluator, Plan
from procurement.rules.solving.plain import packs_for_amount
from procurement.rules.solving.terms import Item, LaneKey, Offer
from procurement.rules.solving.trying import Change, Trial

ROUNDS: Final = 4
#: How many choices of a product are tried with the true freight.
TRIED: Final = 4
#: How often the plan is cut until the budget allows it.
PASSES: Final = 6


def greedy(evaluator: Evaluator, *, weight: float = 1.0) -> Plan:
    """The plan, without regard to the budget; ``weight`` multiplies every fen paid."""
    trial = Trial(evaluator, weight=weight)
    for item in evaluator.problem.items:
        if item.wanted:
            estimated, _, best = _ranked(trial, item)[0]
            if estimated < trial.value(item, 0):
                trial.apply(best)
    improve(trial)
    return Plan("greedy", dict(trial.packs))


def improve(trial: Trial, rounds: int = ROUNDS) -> None:
    """Better the plan in place."""
    for number in range(rounds):
        found = _orders(trial)
        found |= _products(trial)
        found |= _loads(trial)
        if not found and number:
            break


def choices(item: Item, offer: Offer, left: int | None = None) -> list[int]:
    """The numbers of packs worth looking at; ``left``: what another supplier left to order."""
    wanted = item.wanted if left is None else left
    down = max(wanted - (item.wanted - item.firm), 0)
    up = wanted + (item.most - item.wanted)
    pack, multiple = offer.pack_quantity, offer.multiple
    tried = {offer.packs_for(wanted), offer.packs_for(down), offer.least_packs}
    tried |= {wanted // pack // multiple * multiple, up // pack // multiple * multiple}
    tried |= {offer.round_up(step.from_packs) for step in offer.breaks}
    most = offer.most_packs
    return sorted({min(packs, most) for packs in tried if packs >= offer.least_packs} - {0})


def _ranked(trial: Trial, item: Item) -> list[tuple[float, int, list[Change]]]:
    """Every choice of a product, the cheapest first, by what it costs in a well-filled order."""
    known = trial.ranked.get(item.product)
    if known is not None:
        return known
    offers = trial.evaluator.by_product[item.product]
    found: list[tuple[float, int, list[Change]]] = []

    def add(chosen: dict[int, int]) -> None:
        changes = [(offer, chosen.get(offer.id, 0)) for offer in offers]
        units = sum(packs * offer.pack_quantity for offer, packs in changes)
        cost = sum(trial.linear(offer, packs) for offer, packs in changes)
        found.append((cost + trial.value(item, units), len(found), changes))

    add({})
    for offer in offers:
        for packs in choices(item, offer):
            add({offer.id: packs})
        held = offer.most_packs * offer.pack_quantity
        if 0 < held < item.wanted:
            for other in offers:
                if other is not offer:
                    for packs in choices(item, other, item.wanted - held):
                        add({offer.id: offer.most_packs, other.id: packs})
    found.sort(key=lambda one: one[:2])
    trial.ranked[item.product] = found
    return found


def _products(trial: Trial) -> bool:
    """Each product tries its choices in the orders as they are."""
    found = False
    for item in trial.evaluator.problem.items:
        if not item.wanted:
            continue
        best: tuple[float, list[Change]] = (-1.0, [])
        for _estimated, _rank, changes in _ranked(trial, item)[:TRIED]:
            delta = trial.delta(changes)
            if delta < best[0]:
                best = (delta, changes)
        if best[1]:
            trial.apply(best[1])
            found = True
    return found


def _orders(trial: Trial) -> bool:
    """Orders below their minimum are raised; orders that cost more than they are worth go."""
    found = False
    by_lane = _by_lane(trial)
    for key in sorted(by_lane, key=lambda k: (trial.totals[k].goods, k)):
        lane, there = trial.evaluator.lanes[key], by_lane[key]
        there = [offer for offer in there if offer.id in trial.packs]
        if not there:
            continue
        lacks = lane.minimum_minor - trial.totals[key].minor
        raised = _raised(trial, there, lacks) if lacks > 0 else []
        options = [raised, _left_out(trial, key, there)]
        fixed = lane.minimum_minor or lane.wire_fee or lane.declaration_fee or lane.pays_freight
        best = min(
            (option for option in options if option and fixed),
            key=trial.delta,
            default=[],
        )
        if best:
            found |= trial.try_(best)
    return found


def _by_lane(trial: Trial) -> dict[LaneKey, list[Offer]]:
    """What stands in each order, by id of the offer."""
    found: dict[LaneKey, list[Offer]] = {}
    for number in sorted(trial.packs):
        offer = trial.evaluator.offers[number]
        found.setdefault(offer.lane, []).append(offer)
    return found


def _raised(trial: Trial, there: list[Offer], lacks: int) -> list[Change]:
    """More packs until the order's minimum is reached: tolerance first, then the least dear."""
    changes: list[Change] = []
    items = trial.evaluator.items
    for offer in sorted(there, key=lambda o: (-(items[o.product].extra_credit), o.id)):
        room = items[offer.product].most - trial.ordered[offer.product]
        now = trial.packs[offer.id]
        more = room // offer.pack_quantity // offer.multiple * offer.multiple
        packs = min(now + max(more, 0), offer.most_packs)
        wanted = min(packs_for_amount(offer, now, offer.goods_minor(now) + max(lacks, 0)), packs)
        gained = offer.goods_minor(wanted) - offer.goods_minor(now)
        if lacks > 0 and gained > 0:
            changes.append((offer, wanted))
            lacks -= gained
    changed = {offer.id for offer, _ in changes}
    for offer in sorted(there, key=lambda o: (-trial.line(o, trial.packs[o.id]).minor, o.id)):
        if lacks > 0 and offer.id not in changed:
            now = trial.packs[offer.id]
            packs = packs_for_amount(offer, now, offer.goods_minor(now) + lacks)
            lacks -= offer.goods_minor(packs) - offer.goods_minor(now)
            changes.append((offer, packs))
    return changes if lacks <= 0 else []


def _left_out(trial: Trial, key: LaneKey, there: list[Offer]) -> list[Change]:
    """The changes that empty an order: every product from elsewhere, or not at all."""
    changes: list[Change] = []
    for product in sorted({offer.product for offer in there}):
        item = trial.evaluator.items[product]
        for _estimated, _rank, option in _ranked(trial, item):
            if all(packs == 0 or offer.lane != key for offer, packs in option) and all(
                packs == 0 or trial.totals[offer.lane].lines for offer, packs in option
            ):
                changes += option
                break
    return changes


def _loads(trial: Trial) -> bool:
    """Each order that pays freight: leave out some goods' room, or fill what is left of it."""
    found = False
    for key, there in sorted(_by_lane(trial).items()):
        if not trial.evaluator.lanes[key].pays_freight:
            continue
        found |= _walk(trial, there, _one_less)
        found |= _walk(trial, there, _one_more)
    return found


def _one_less(trial: Trial, offer: Offer) -> int:
    item, packs = trial.evaluator.items[offer.product], trial.packs.get(offer.id, 0)
    fewer = packs - offer.multiple
    units = trial.ordered[offer.product] - offer.multiple * offer.pack_quantity
    return fewer if fewer >= offer.least_packs and units >= item.firm else packs


def _one_more(trial: Trial, offer: Offer) -> int:
    item, packs = trial.evaluator.items[offer.product], trial.packs.get(offer.id, 0)
    units = trial.ordered[offer.product] + offer.multiple * offer.pack_quantity
    more = packs + offer.multiple
    return more if units <= item.most and more <= offer.most_packs else packs


def _walk(trial: Trial, there: list[Offer], step: Callable[[Trial, Offer], int]) -> bool:
    """Take steps in the order of what they cost; keep those up to the best sum on the way."""
    ranked = []
    for offer in there:
        packs = trial.packs.get(offer.id, 0)
        to = step(trial, offer)
        if to != packs:
            row = trial.line(offer, packs).plus(trial.line(offer, to), -1)
            size = max(abs(row.cm3), abs(row.grams), 1)
            change = (trial.linear(offer, to) - trial.linear(offer, packs)) + (
                trial.value(item := trial.evaluator.items[offer.product],
                            trial.ordered[offer.product] + (to - packs) * offer.pack_quantity)
                - trial.value(item, trial.ordered[offer.product])
            )  # fmt: skip
            ranked.append((change / size, offer.id, offer, to))
    ranked.sort(key=lambda one: one[:2])
    before = dict(trial.packs)
    at = best = 0.0
    kept: list[Change] = []
    taken: list[Change] = []
    seen: set[int] = set()
    for _rate, _id, offer, to in ranked:
        # A product that two suppliers bring takes one step at a time.
        if offer.product in seen:
            continue
        seen.add(offer.product)
        at += trial.step([(offer, to)])
        taken.append((offer, to))
        if at < best - 1.0:
            best, kept = at, list(taken)
    undone = {offer.id for offer, _ in taken} - {offer.id for offer, _ in kept}
    trial.apply([(trial.evaluator.offers[n], before.get(n, 0)) for n in sorted(undone)])
    return bool(kept)


def within_budget(evaluator: Evaluator, found: Evaluation) -> Evaluation:
    """A plan that the budget allows: what is worth least for its money goes first.

    Then what is left of the budget is spent again. Ordering nothing always fits.
    """
    budget = evaluator.problem.budget
    if budget is None or found.landed <= budget:
        return found
    trial = Trial(evaluator, found.plan.packs)
    for _pass in range(PASSES):
        over = trial.landed() - budget
        if over <= 0:
            break
        ranked = []
        for item in evaluator.problem.items:
            if trial.ordered[item.product]:
                for rank, changes in enumerate(_cuts(trial, item)):
                    delta, paid = trial.weighed(changes)
                    if paid < -1.0:
                        ranked.append((delta / -paid, item.product, rank, changes))
        changed: set[int] = set()
        for _ratio, product, _rank, changes in sorted(ranked, key=lambda one: one[:3]):
            if over > -1.0 and product not in changed and (paid := trial.paid(changes)) < -1.0:
                trial.apply(changes)
                changed.add(product)
                over += paid
        for key, there in sorted(_by_lane(trial).items()):
            if trial.totals[key].minor < evaluator.lanes[key].minimum_minor:
                trial.apply([(offer, 0) for offer in there])
    cut = evaluator.evaluate(Plan("greedy", dict(trial.packs)))
    if not cut.is_feasible:
        cut = evaluator.evaluate(Plan("greedy", {}))
    return filled(evaluator, cut)


def _cuts(trial: Trial, item: Item) -> list[list[Change]]:
    """The best choices of a product, and none of it."""
    ranked = _ranked(trial, item)
    none = [changes for _estimated, rank, changes in ranked if rank == 0]
    return [*(changes for _estimated, rank, changes in ranked[:TRIED] if rank), *none]


def filled(evaluator: Evaluator, found: Evaluation) -> Evaluation:
    """What the rest of the budget still buys: the best value for its money first."""
    budget = evaluator.problem.budget
    if budget is None or found.landed > budget:
        return found
    trial = Trial(evaluator, found.plan.packs)
    left = float(budget - found.landed)
    options = []
    for item in evaluator.problem.items:
        if item.wanted:
            for _estimated, rank, changes in _ranked(trial, item)[:TRIED]:
                delta, paid = trial.weighed(changes)
                if delta < -1.0:
                    options.append((delta / max(paid, 1.0), item.product, rank, changes))
    for _ratio, _product, _rank, changes in sorted(options, key=lambda one: one[:3]):
        paid = trial.paid(changes)
        if paid <= left - 50 and trial.try_(changes):
            left -= paid
    better = evaluator.evaluate(Plan(found.plan.kind, dict(trial.packs)))
    return better if better.is_feasible and better.adjusted < found.adjusted else found
