"""Why a plan is what it is: for every line, order and product left out, in sentences with facts.

A message is an English msgid for its facts; the door translates it. Money is in fen, or in
the minor unit of the offer's currency where the fact ends in ``_minor``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from procurement.rules.solving.evaluating import Evaluation, Evaluator, Line, Order, Outcome
from procurement.rules.solving.freighting import Load, half_up, lcl_cost, room
from procurement.rules.solving.terms import Item, LaneKey, Offer
from procurement.rules.solving.trying import Change, Trial


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence about one line, order or product; ``message`` is a msgid for ``facts``."""

    rule: str
    message: str
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Reasons by offer ordered, by order, and by product of which nothing is ordered."""

    lines: Mapping[int, tuple[Reason, ...]]
    orders: Mapping[LaneKey, tuple[Reason, ...]]
    left_out: Mapping[int, tuple[Reason, ...]]


def explain(evaluator: Evaluator, found: Evaluation) -> Explanation:
    """Every reason of a plan that the evaluator counted."""
    trial = Trial(evaluator, found.plan.packs)
    outcomes = {one.product: one for one in found.outcomes}
    orders = {order.lane: order for order in found.orders}
    lines = {
        line.offer: tuple(_line(trial, line, outcomes[line.product], orders[line.lane]))
        for line in found.lines
    }
    return Explanation(lines, *explain_rest(evaluator, found, trial))


def explain_rest(
    evaluator: Evaluator, found: Evaluation, trial: Trial | None = None
) -> tuple[dict[LaneKey, tuple[Reason, ...]], dict[int, tuple[Reason, ...]]]:
    """The reasons of the orders, and of the products of which nothing is ordered."""
    trial = trial or Trial(evaluator, found.plan.packs)
    orders = {order.lane: tuple(_order(evaluator, order)) for order in found.orders}
    left_out = {
        one.product: tuple(_left_out(trial, one))
        for one in found.outcomes
        if not one.ordered and evaluator.items[one.product].wanted
    }
    return orders, left_out


def _line(trial: Trial, line: Line, one: Outcome, order: Order) -> Iterator[Reason]:
    offer, item = trial.evaluator.offers[line.offer], trial.evaluator.items[line.product]
    yield _quantity(offer, item, line, one, order)
    if one.missing and offer.capacity is not None and line.packs == offer.most_packs:
        yield Reason(
            "capacity",
            _("The supplier can deliver %(capacity)s units of the %(wanted)s wished for."),
            {"capacity": offer.capacity, "wanted": item.wanted},
        )
    elif one.unmet:
        yield _cut(item, one)
    if one.surplus:
        yield Reason(
            "surplus",
            _("%(surplus)s units that nobody wished for become the platform's."),
            {"surplus": one.surplus},
        )
    yield from _breaks(trial, offer, line)
    yield from _supplier(trial, offer, line)


def _quantity(offer: Offer, item: Item, line: Line, one: Outcome, order: Order) -> Reason:
    """Why so many packs and not fewer."""
    whole = offer.round_up(-(-item.wanted // offer.pack_quantity))
    needed = max(whole, offer.least_packs)
    told: dict[str, object] = {
        "wanted": item.wanted,
        "packs": line.packs,
        "pack": offer.pack_quantity,
        "units": line.units,
    }
    if line.packs > needed:
        reached = [b for b in offer.breaks if needed < b.from_packs <= line.packs]
        if reached:
            saved = offer.goods_minor(needed) - offer.goods_minor(line.packs)
            told |= {"more": line.packs - needed, "price_minor": line.price_minor}
            if saved > 0:
                return Reason(
                    "break_cheaper",
                    _("%(more)s packs more than needed reach a lower price and cost less in all."),
                    {**told, "saved_minor": saved},
                )
            return Reason(
                "break_reached",
                _("%(more)s packs more than needed reach a lower price."),
                told,
            )
        if one.extra:
            return Reason(
                "filled",
                _("%(extra)s units of tolerance fill %(more)s packs more at a good price."),
                {**told, "extra": one.extra, "more": line.packs - needed},
            )
        return Reason(
            "raised",
            _("Raised by %(more)s packs to reach the supplier's minimum for an order."),
            {**told, "more": line.packs - needed, "amount_minor": order.goods_minor},
        )
    if offer.least_packs > whole and line.packs == offer.least_packs:
        return Reason(
            "minimum",
            _("Raised to the supplier's minimum of %(packs)s packs."),
            told,
        )
    if line.units > item.wanted and one.extra:
        return Reason(
            "completed",
            _("Rounded up to %(packs)s packs of %(pack)s; tolerance takes %(extra)s units of it."),
            {**told, "extra": one.extra},
        )
    if line.units > item.wanted:
        return Reason("rounded_up", _("Rounded up to %(packs)s packs of %(pack)s."), told)
    if line.units == item.wanted:
        return Reason("exact", _("Exactly the %(wanted)s units wished for."), told)
    return Reason("part", _("%(packs)s packs of %(pack)s of the %(wanted)s wished for."), told)


def _cut(item: Item, one: Outcome) -> Reason:
    if one.missing:
        return Reason(
            "missing",
            _("%(missing)s firm units are left out: ordering them costs more than they are worth."),
            {"missing": one.missing, "unmet": one.unmet},
        )
    return Reason(
        "cut",
        _("%(unmet)s units within the tolerance are left out, to order a pack or a load less."),
        {"unmet": one.unmet, "tolerance": item.wanted - item.firm},
    )


def _breaks(trial: Trial, offer: Offer, line: Line) -> Iterator[Reason]:
    """The next price and whether it would be worth it."""
    following = next((b for b in offer.breaks if b.from_packs > line.packs), None)
    if following is None:
        return
    reach = offer.round_up(following.from_packs)
    told: dict[str, object] = {
        "more": reach - line.packs,
        "from_packs": reach,
        "price_minor": following.pack_price_minor,
    }
    if reach > offer.most_packs:
        yield Reason(
            "next_beyond",
            _("%(more)s packs more would reach the next price, but the supplier has not so many."),
            told,
        )
        return
    cost = round(trial.delta([(offer, reach)]))
    if _nobody_takes(trial, [(offer, reach)]):
        yield Reason(
            "next_nobodys",
            _("%(more)s packs more would reach the next price, but nobody may take so many."),
            told,
        )
    elif cost > 0:
        yield Reason(
            "next_break",
            _("%(more)s packs more reach the next price, but cost %(cost)s more than they bring."),
            {**told, "cost": cost},
        )


def _nobody_takes(trial: Trial, changes: list[Change]) -> bool:
    """Whether the changes leave more units of a product than anybody may take."""
    product = changes[0][0].product
    item, units = trial.evaluator.items[product], trial.ordered[product]
    for offer, packs in changes:
        units += (packs - trial.packs.get(offer.id, 0)) * offer.pack_quantity
    return units > item.most + trial.evaluator.problem.surplus_limit(item)


def _stays_short(trial: Trial, offer: Offer, packs: int) -> bool:
    """Whether an order with these packs in it stays below its supplier's minimum."""
    more = offer.goods_minor(packs) - offer.goods_minor(trial.packs.get(offer.id, 0))
    minimum = trial.evaluator.lanes[offer.lane].minimum_minor
    return trial.totals[offer.lane].minor + more < minimum


def _supplier(trial: Trial, offer: Offer, line: Line) -> Iterator[Reason]:
    """The next best supplier of the same goods, and by how much this one is cheaper."""
    best: tuple[float, int, Offer] | None = None
    for other in trial.evaluator.by_product[line.product]:
        if other.id in trial.packs or not other.most_packs:
            continue
        packs = min(other.packs_for(line.units), other.most_packs)
        changes = [(offer, 0), (other, packs)]
        if _nobody_takes(trial, changes) or _stays_short(trial, other, packs):
            continue
        delta = trial.delta(changes)
        if best is None or (delta, other.id) < best[:2]:
            best = (delta, other.id, other)
    if best is not None and best[0] > 0:
        yield Reason(
            "supplier",
            _("Chosen over another supplier: the landed cost is %(saved)s lower."),
            {"saved": round(best[0]), "supplier": best[2].supplier, "offer": best[1]},
        )


def _order(evaluator: Evaluator, order: Order) -> Iterator[Reason]:
    lane = evaluator.lanes[order.lane]
    if lane.minimum_minor:
        yield Reason(
            "order_minimum",
            _("The order of %(amount_minor)s reaches the supplier's minimum of %(minimum_minor)s."),
            {"amount_minor": order.goods_minor, "minimum_minor": lane.minimum_minor},
        )
    if not lane.pays_freight:
        yield Reason("carried", _("The supplier carries the main freight."), {})
        return
    if order.load.count:
        cm3, grams = room(lane, Load(order.load.containers))
        held = {
            "containers": " + ".join(f"{n} x {code}" for code, n in order.load.containers),
            "volume_percent": half_up(min(order.cm3, cm3) * 100, max(cm3, 1)),
            "weight_percent": half_up(min(order.grams, grams) * 100, max(grams, 1)),
            "freight": order.cost.freight,
        }
        yield Reason(
            "containers",
            _("%(containers)s is the cheapest way; full to %(volume_percent)s%% by volume."),
            held,
        )
        if lane.lcl_price is not None:
            saved = lcl_cost(lane, max(order.cm3, order.grams)) - order.cost.freight
            if saved > 0:
                yield Reason(
                    "container_saves",
                    _("Containers cost %(saved)s less than sending all of it as part load."),
                    {"saved": saved},
                )
    if order.load.lcl:
        yield Reason(
            "lcl",
            _("%(measure)s m3 or t go as part load: another container would cost more."),
            {"measure": str(Decimal(half_up(order.load.lcl, 1000)).scaleb(-3))},
        )


def _left_out(trial: Trial, one: Outcome) -> Iterator[Reason]:
    item = trial.evaluator.items[one.product]
    offers = trial.evaluator.by_product[one.product]
    usable = [offer for offer in offers if offer.most_packs]
    if not offers:
        yield Reason("not_offered", _("No supplier offers it."), {})
        return
    if not usable:
        yield Reason(
            "capacity_below_minimum",
            _("No supplier can deliver as much as its own minimum."),
            {"capacity": max(offer.capacity or 0 for offer in offers)},
        )
        return
    options = [
        (trial.delta([(offer, packs)]), offer.id, packs, offer)
        for offer in usable
        for packs in (min(offer.packs_for(item.wanted), offer.most_packs),)
    ]
    cost, _id, packs, offer = min(options, key=lambda option: option[:2])
    told: dict[str, object] = {"packs": packs, "units": packs * offer.pack_quantity}
    if _nobody_takes(trial, [(offer, packs)]):
        yield Reason(
            "dropped_minimum",
            _("The smallest order is %(units)s units and %(most)s are wished for at most."),
            {**told, "most": item.most},
        )
    elif _stays_short(trial, offer, packs):
        yield Reason(
            "dropped_order",
            _("The order would stay below the supplier's minimum of %(minimum_minor)s."),
            {
                **told,
                "minimum_minor": trial.evaluator.lanes[offer.lane].minimum_minor,
                "currency": offer.currency,
            },
        )
    elif cost > 0:
        yield Reason(
            "dropped",
            _("Ordering %(packs)s packs would cost %(cost)s more than the goods are worth."),
            {**told, "cost": round(cost)},
        )
    else:
        yield Reason("dropped_budget", _("The budget does not reach for it."), told)


@dataclass(frozen=True, slots=True)
class NextPrice:
    """What a unit likely costs at today's pool, and what it would from the next price on.

    Landed fen a unit in a well-filled order, without the order's own fees.
    """

    offer: int
    packs: int
    unit_cost: int
    pack_price_minor: int
    more_packs: int | None = None
    more_units: int | None = None
    next_unit_cost: int | None = None
    next_pack_price_minor: int | None = None


def next_prices(evaluator: Evaluator, pooled: Mapping[int, int]) -> dict[int, NextPrice]:
    """For the units pooled of each product; without those that no supplier offers.

    ``more_units``: how many units more the pool needs for the next lower price.
    """
    trial = Trial(evaluator)
    told = {product: _next_price(trial, product, units) for product, units in pooled.items()}
    return {product: found for product, found in told.items() if found is not None}


def next_price(evaluator: Evaluator, product: int, units: int) -> NextPrice | None:
    """For ``units`` pooled of one product; None when no supplier offers it."""
    return _next_price(Trial(evaluator), product, units)


def _next_price(trial: Trial, product: int, units: int) -> NextPrice | None:
    known = trial.evaluator.by_product.get(product, ())
    offers = [offer for offer in known if offer.most_packs]
    if not offers:
        return None

    def unit_cost(offer: Offer, packs: int) -> int:
        return half_up(round(trial.linear(offer, packs)), packs * offer.pack_quantity)

    def packs_of(offer: Offer) -> int:
        return min(offer.packs_for(max(units, 1)), offer.most_packs)

    offer = min(offers, key=lambda o: (unit_cost(o, packs_of(o)), o.id))
    packs = packs_of(offer)
    now = NextPrice(offer.id, packs, unit_cost(offer, packs), offer.price_at(packs))
    following = next((b for b in offer.breaks if b.from_packs > packs), None)
    if following is None or (reach := offer.round_up(following.from_packs)) > offer.most_packs:
        return now
    return NextPrice(
        offer=now.offer,
        packs=packs,
        unit_cost=now.unit_cost,
        pack_price_minor=now.pack_price_minor,
        more_packs=reach - packs,
        # The wish that would be rounded up to the break.
        more_units=max((reach - offer.multiple) * offer.pack_quantity + 1 - units, 1),
        next_unit_cost=unit_cost(offer, reach),
        next_pack_price_minor=following.pack_price_minor,
    )
